import { useEffect, useRef } from 'react'
import { en } from '../../strings/en.ts'

/** The hints asked for so far, in order. Their text is ours, rendered when the site was built. */
export function Hints({ hints, shown }: { readonly hints: readonly string[]; readonly shown: number }) {
  const last = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (shown > 0) last.current?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  return (
    <ol className="hints" aria-live="polite">
      {hints.slice(0, shown).map((hint, i) => (
        <li key={hint} ref={i === shown - 1 ? last : null}>
          <p className="hint-title">{en.hints.title(i + 1, hints.length)}</p>
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the lab's own hints, rendered at build time. */}
          <div dangerouslySetInnerHTML={{ __html: hint }} />
        </li>
      ))}
    </ol>
  )
}
