import { useEffect, useRef } from 'react'
import { en } from '../../strings/en.ts'

export interface ResetDialogProps {
  readonly isOpen: boolean
  readonly onReset: () => void
  readonly onClose: () => void
}

/** Asks before the starter text replaces what was typed. Escape and the first button keep the text. */
export function ResetDialog({ isOpen, onReset, onClose }: ResetDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} className="dialog" onClose={onClose} aria-labelledby="reset-title">
      <h2 id="reset-title">{en.bench.resetAsk}</h2>
      <p>{en.bench.resetExplain}</p>
      <p className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {en.bench.resetNo}
        </button>
        <button type="button" className="button primary" onClick={onReset}>
          {en.bench.resetYes}
        </button>
      </p>
    </dialog>
  )
}
