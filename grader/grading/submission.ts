/** What a learner hands in: files as typed, kubectl lines in order, and the nodes a prediction names. */
export interface Submission {
  readonly files: readonly SubmittedFile[]
  readonly commands?: readonly string[]
  readonly predictions?: readonly string[]
}

export interface SubmittedFile {
  readonly name: string
  readonly text: string
}
