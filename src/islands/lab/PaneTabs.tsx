import { en } from '../../strings/en.ts'

export type PaneName = 'task' | 'yaml' | 'cluster' | 'result'

const PANES: readonly (readonly [PaneName, string])[] = [
  ['task', en.bench.task],
  ['yaml', en.bench.yaml],
  ['cluster', en.bench.cluster],
  ['result', en.bench.result],
]

/** On narrow screens: which pane is shown. Hidden where all of them fit. */
export function PaneTabs({ pane, onPane }: { readonly pane: PaneName; readonly onPane: (pane: PaneName) => void }) {
  return (
    <nav className="pane-tabs" aria-label={en.bench.panes}>
      {PANES.map(([name, text]) => (
        <button key={name} type="button" aria-current={name === pane} onClick={() => onPane(name)}>
          {text}
        </button>
      ))}
    </nav>
  )
}
