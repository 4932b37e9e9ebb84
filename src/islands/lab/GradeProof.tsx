import { useState } from 'react'
import { en } from '../../strings/en.ts'
import type { Grade } from '../../worker/protocol.ts'

const SHOWN = 'sha256:'.length + 8

/** What makes the grade checkable: its seed and the hash of its traces, and the whole of it for the clipboard. */
export function GradeProof({ grade }: { readonly grade: Grade }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => {
    navigator.clipboard?.writeText(`${JSON.stringify(grade, null, 2)}\n`).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <p className="proof">
      {en.result.seed(grade.seed)} <code title={grade.traceHash}>{grade.traceHash.slice(0, SHOWN)}</code>{' '}
      <button type="button" className="line-link" onClick={copy}>
        {en.result.copy}
      </button>
      {isCopied && <span role="status"> {en.result.copied}</span>}
    </p>
  )
}
