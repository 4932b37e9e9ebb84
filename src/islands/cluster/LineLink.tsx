import { en } from '../../strings/en.ts'
import type { Because } from '../../worker/protocol.ts'

/** A place in the learner's text. */
export type TextPlace = Pick<Because, 'file' | 'line' | 'column'>

export interface LineLinkProps {
  readonly place: TextPlace
  readonly onShowLine: (place: TextPlace) => void
}

/** `line 17`, which shows that line in the editor. Nothing when the reason does not stand in the text. */
export function LineLink({ place, onShowLine }: LineLinkProps) {
  if (place.line === undefined) return null
  return (
    <button
      type="button"
      className="line-link"
      onClick={() => onShowLine(place)}
      title={en.editor.showLine(place.line)}
    >
      {en.editor.line(place.line)}
    </button>
  )
}
