import { createGraderClient, type GraderClient } from './client.ts'

let shared: GraderClient | undefined

/** The page's grader: one worker for every island on it, started when the first one asks. */
export function pageGrader(): GraderClient {
  shared ??= createGraderClient({
    spawn: () => new Worker(new URL('./grader.worker.ts', import.meta.url), { type: 'module', name: 'grader' }),
  })
  return shared
}
