import { en } from '../../strings/en.ts'
import type { SubmittedFile } from '../../worker/protocol.ts'
import { Editor } from '../editor/Editor.tsx'
import { Problems } from './Problems.tsx'
import type { BenchText } from './use-bench.ts'

export interface EditorPaneProps {
  readonly text: BenchText
  readonly files: readonly SubmittedFile[]
  readonly isSaved: boolean
}

/** The files as tabs, the editor, and what is wrong with the text. */
export function EditorPane({ text, files, isSaved }: EditorPaneProps) {
  const { file } = text
  if (file === undefined) return null
  return (
    <section className="pane editor-pane" aria-label={en.bench.yaml}>
      <div className="file-tabs">
        {files.map((candidate, i) => (
          <button
            key={candidate.name}
            type="button"
            aria-current={i === text.openFile}
            onClick={() => text.setOpenFile(i)}
          >
            {candidate.name}
          </button>
        ))}
        {isSaved && <span className="saved">{en.drafts.saved}</span>}
      </div>
      <Editor
        ref={text.editor}
        file={file.name}
        text={file.text}
        label={en.editor.label(file.name)}
        diagnostics={text.fileDiagnostics}
        notes={text.notes}
        onChange={text.change}
      />
      <Problems diagnostics={text.diagnostics} onShowLine={text.showLine} />
    </section>
  )
}
