/** The trace of every recorded case as one hash each: the same in every runtime, or something depends on the runtime. */
import { digestTrace, hashDigests } from '../../grader/grading/trace-hash.ts'
import { playCaseIn } from './play.ts'

/** Case name → hash of its trace and of what kubectl printed. */
export function hashCases(cases: Readonly<Record<string, string>>): Record<string, string> {
  const hashes: Record<string, string> = {}
  for (const [name, text] of Object.entries(cases)) {
    const { record, cluster } = playCaseIn(text)
    hashes[name] = hashDigests([digestTrace(cluster.trace.entries()), JSON.stringify(record)])
  }
  return hashes
}
