import type { ReactNode } from 'react'
import { en } from '../../strings/en.ts'
import type { BoardNode } from './board-model.ts'

type Mark = BoardNode['verdict']

/** One shape per verdict, so that the board reads without colour too. Drawn in 14 × 14. */
const SHAPES: Readonly<Record<Mark, ReactNode>> = {
  Running: <circle cx="7" cy="7" r="5.2" fill="currentColor" />,
  NotReady: (
    <>
      <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 2.4a4.6 4.6 0 0 0 0 9.2z" fill="currentColor" />
    </>
  ),
  Pending: (
    <circle cx="7" cy="7" r="4.7" fill="none" stroke="currentColor" strokeWidth="1.7" strokeDasharray="2.1 1.6" />
  ),
  Refused: <path d="M3 3l8 8M11 3l-8 8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  NotEligible: <path d="M2.5 7h9" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  Misscheduled: <path d="M7 1.2L12.8 7 7 12.8 1.2 7z" fill="currentColor" />,
  Terminating: (
    <path d="M1.5 9.5l3-5 3 5 3-5 2 3.3" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />
  ),
  unknown: <circle cx="7" cy="7" r="4.7" fill="none" stroke="currentColor" strokeWidth="1" />,
}

/** The verdict's shape in its colour; the word is beside it or in the accessible name of whatever holds it. */
export function VerdictShape({ verdict }: { readonly verdict: Mark }) {
  return (
    <svg className={`verdict-shape v-${verdict}`} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      {SHAPES[verdict]}
    </svg>
  )
}

/** Shape and word together. */
export function VerdictMark({ verdict }: { readonly verdict: Mark }) {
  return (
    <span className={`verdict v-${verdict}`}>
      <VerdictShape verdict={verdict} />
      {en.verdicts[verdict]}
    </span>
  )
}
