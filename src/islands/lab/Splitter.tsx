import { type KeyboardEvent, type PointerEvent, useEffect, useState } from 'react'
import { type BenchLayout, DEFAULT_LAYOUT, readLayout, saveLayout, withinLimits } from '../../progress/layout.ts'

export interface BenchLayoutState {
  readonly value: BenchLayout
  readonly change: (side: keyof BenchLayout, percent: number) => void
}

/** The panes' widths, remembered in this browser. */
export function useBenchLayout(): BenchLayoutState {
  const [value, setValue] = useState(DEFAULT_LAYOUT)
  useEffect(() => setValue(readLayout()), [])
  return {
    value,
    change: (side, percent) => {
      const next = withinLimits({ ...value, [side]: percent })
      setValue(next)
      saveLayout(next)
    },
  }
}

export interface SplitterProps {
  readonly side: keyof BenchLayout
  readonly layout: BenchLayoutState
  readonly label: string
}

const KEY_STEP = 2

/** The line between two panes: drag it, or move it with the arrow keys. */
export function Splitter({ side, layout, label }: SplitterProps) {
  const grows = side === 'task' ? 1 : -1
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key]
    if (step === undefined) return
    event.preventDefault()
    layout.change(side, layout.value[side] + step * grows)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const percent = (event.clientX / window.innerWidth) * 100
    layout.change(side, side === 'task' ? percent : 100 - percent)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; a focusable separator can.
    <div
      className={`splitter ${side}-splitter`}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={Math.round(layout.value[side])}
      aria-valuemin={0}
      aria-valuemax={100}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  )
}
