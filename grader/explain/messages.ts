// Every sentence for learners about what the cluster decided, found by code. Codes are stable and never reused; what
// Kubernetes itself says travels beside them, word for word. House style: what happened · where · which rule · next step.
import type { Reason } from '../cluster/trace.ts'
import { DECISION_MESSAGES } from './decision-messages.ts'
import { NODE_MESSAGES } from './node-messages.ts'
import { TEXT_LESSONS } from './text-messages.ts'

/** What a sentence may use besides the reason itself. */
export interface MessageContext {
  readonly daemonSet: string
  readonly node: string
  /** 1-based line of the reason's place, where there is one. */
  readonly line?: number
}

/** A parameter of the reason as text; empty if it has none of that name. */
export type Params = (name: string) => string

export interface Message {
  readonly sentence: (p: Params, context: MessageContext, reason: Reason) => string
  /** Slug of the lesson that goes deeper. */
  readonly lesson: string
}

const MESSAGES: Readonly<Record<string, Message>> = { ...NODE_MESSAGES, ...DECISION_MESSAGES }

/** Codes of what happens in the cluster, sorted: tests and docs read them. */
export const MESSAGE_CODES: readonly string[] = Object.keys(MESSAGES).sort()

/** The lesson that explains a code, or undefined for a code that has no sentence. */
export function lessonOf(code: string): string | undefined {
  return MESSAGES[code]?.lesson ?? TEXT_LESSONS[code]
}

/** The sentence for a reason. A code without one is our fault; it then shows Kubernetes' text or the code itself. */
export function formatReason(reason: Reason, context: MessageContext): string {
  const message = MESSAGES[reason.code]
  if (message === undefined) return reason.kubernetes ?? reason.code
  const params: Params = (name) => String(reason.params?.[name] ?? '')
  return message.sentence(params, context, reason)
}
