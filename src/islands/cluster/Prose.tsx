import { Fragment } from 'react'

/** A sentence whose `backticked` parts are set in the code face. Nothing else is markup. */
export function Prose({ text }: { readonly text: string }) {
  const parts = text.split('`')
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never change their order.
  return parts.map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : <Fragment key={i}>{part}</Fragment>))
}

/** A taint or label, allowed to break after its signs rather than inside a word. */
export function Breakable({ text }: { readonly text: string }) {
  const parts = text.split(/(?<=[/=:])/)
  return parts.map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one name never change their order.
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
