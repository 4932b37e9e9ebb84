import { useState } from 'react'
import { en } from '../../strings/en.ts'
import type { Fault, SubmittedFile } from '../../worker/protocol.ts'

export interface FaultNoteProps {
  readonly fault: Fault
  readonly lab: string
  readonly files: readonly SubmittedFile[]
  readonly onRetry: () => void
}

/** A fault of ours: it says so, costs nothing, and offers a report that stays on this machine until it is sent. */
export function FaultNote({ fault, lab, files, onRetry }: FaultNoteProps) {
  const [isCopied, setCopied] = useState(false)
  const report = () => {
    const text = JSON.stringify({ lab, fault, files, browser: navigator.userAgent }, null, 2)
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <div className="fault" role="alert">
      <h2>{en.fault.title}</h2>
      <p>{faultText(fault)}</p>
      <p className="fault-actions">
        <button type="button" className="button" onClick={onRetry}>
          {en.fault.retry}
        </button>
        <button type="button" className="button quiet" onClick={report}>
          {en.fault.report}
        </button>
        {isCopied && <span role="status">{en.fault.reported}</span>}
      </p>
    </div>
  )
}

function faultText(fault: Fault): string {
  switch (fault.type) {
    case 'crashed':
      return en.fault.crashed
    case 'hung':
      return en.fault.hung(fault.seconds)
    case 'unavailable':
      return en.fault.unavailable
  }
}
