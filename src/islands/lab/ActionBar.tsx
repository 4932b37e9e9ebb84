import { useEffect, useState } from 'react'
import { en } from '../../strings/en.ts'

export interface ActionBarProps {
  readonly isGrading: boolean
  readonly hintsLeft: number
  readonly onCheck: () => void
  readonly onHint: () => void
  readonly onReset: () => void
}

/** Check, Hint, Reset. The check button stays a button while grading, so that focus is never lost. */
export function ActionBar({ isGrading, hintsLeft, onCheck, onHint, onReset }: ActionBarProps) {
  const [keys, setKeys] = useState<string>(en.bench.checkKeys.other)
  useEffect(() => {
    if (/Mac|iPhone|iPad/.test(navigator.userAgent)) setKeys(en.bench.checkKeys.mac)
  }, [])
  return (
    <div className="actions">
      <button
        type="button"
        className="button primary check"
        aria-disabled={isGrading}
        onClick={isGrading ? undefined : onCheck}
      >
        {isGrading ? en.bench.checking : en.bench.check} <span className="keys">{keys}</span>
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={hintsLeft === 0}
        onClick={hintsLeft === 0 ? undefined : onHint}
      >
        {en.hints.ask}
      </button>
      <button type="button" className="button quiet" onClick={onReset}>
        {en.bench.reset}
      </button>
    </div>
  )
}
