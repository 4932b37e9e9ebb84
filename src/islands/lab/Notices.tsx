import { en } from '../../strings/en.ts'
import type { SubmittedFile } from '../../worker/protocol.ts'
import type { DraftKeeper } from './use-draft.ts'

export interface NoticesProps {
  readonly draft: DraftKeeper
  readonly beforeReset: readonly SubmittedFile[] | undefined
  readonly onBringBack: () => void
  readonly onDismissReset: () => void
}

/** Short news at the lower edge: a reset that can be taken back, a draft that came back or cannot be kept. */
export function Notices({ draft, beforeReset, onBringBack, onDismissReset }: NoticesProps) {
  return (
    <div className="notices" role="status">
      {beforeReset !== undefined && (
        <p className="notice">
          {en.bench.resetDone}{' '}
          <button type="button" className="line-link" onClick={onBringBack}>
            {en.bench.undo}
          </button>
          <Dismiss onClick={onDismissReset} />
        </p>
      )}
      {draft.notice !== undefined && (
        <p className="notice">
          {en.drafts[draft.notice]}
          {draft.notice === 'elsewhere' && (
            <>
              {' '}
              <button type="button" className="line-link" onClick={draft.takeOver}>
                {en.drafts.takeOver}
              </button>
            </>
          )}
          <Dismiss onClick={draft.dismiss} />
        </p>
      )}
    </div>
  )
}

function Dismiss({ onClick }: { readonly onClick: () => void }) {
  return (
    <button type="button" className="dismiss" aria-label={en.bench.dismiss} title={en.bench.dismiss} onClick={onClick}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
      </svg>
    </button>
  )
}
