import { useCallback, useEffect, useRef, useState } from 'react'
import { type Draft, draftKey, readDraft, removeDraft, saveDraft } from '../../progress/drafts.ts'
import type { SubmittedFile } from '../../worker/protocol.ts'

const SAVE_PAUSE_MS = 300

export type DraftNotice = 'restored' | 'corrupt' | 'blocked' | 'full' | 'tooLarge' | 'elsewhere'

export interface DraftKeeper {
  readonly notice: DraftNotice | undefined
  readonly isSaved: boolean
  readonly dismiss: () => void
  /** Takes over the draft that another tab saved later. */
  readonly takeOver: () => void
}

interface DraftOptions {
  readonly lab: string
  readonly starter: readonly SubmittedFile[]
  readonly files: readonly SubmittedFile[]
  readonly restore: (files: readonly SubmittedFile[]) => void
}

/** Keeps what is typed across reloads: reads once, saves after each pause and when the page is left. */
export function useDraft({ lab, starter, files, restore }: DraftOptions): DraftKeeper {
  const [notice, setNotice] = useState<DraftNotice>()
  const [isSaved, setSaved] = useState(false)
  const [tab] = useState(() => Math.random().toString(36).slice(2))
  const touched = useRef(false)
  const latest = useRef(files)
  latest.current = files

  // Only once per lab: what was stored replaces the starter text, unless the learner typed before the page was alive.
  useEffect(() => {
    const read = readDraft(lab)
    if (read.type === 'corrupt' || read.type === 'blocked') setNotice(read.type)
    if (read.type !== 'found' || touched.current || sameFiles(read.value.files, starter)) return
    restore(read.value.files)
    setNotice('restored')
    setSaved(true)
  }, [lab, starter, restore])

  const save = useCallback(() => {
    if (!touched.current) return
    if (sameFiles(latest.current, starter)) {
      removeDraft(lab)
      setSaved(false)
      return
    }
    const saved = saveDraft(lab, { files: latest.current, savedAt: Date.now(), tab })
    setSaved(saved.ok)
    setNotice((old) => (saved.ok ? (old === 'elsewhere' || old === 'restored' ? old : undefined) : saved.why))
  }, [lab, starter, tab])

  useEffect(() => {
    if (sameFiles(files, starter) && !touched.current) return
    touched.current = true
    const timer = setTimeout(save, SAVE_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [files, starter, save])

  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === draftKey(lab) && event.newValue !== null) setNotice('elsewhere')
    }
    addEventListener('pagehide', save)
    addEventListener('storage', onStorage)
    return () => {
      removeEventListener('pagehide', save)
      removeEventListener('storage', onStorage)
    }
  }, [lab, save])

  const takeOver = () => {
    const read = readDraft(lab)
    if (read.type === 'found') restore((read.value satisfies Draft).files)
    setNotice(undefined)
  }
  return { notice, isSaved, dismiss: () => setNotice(undefined), takeOver }
}

function sameFiles(a: readonly SubmittedFile[], b: readonly SubmittedFile[]): boolean {
  return a.length === b.length && a.every((file, i) => file.name === b[i]?.name && file.text === b[i]?.text)
}
