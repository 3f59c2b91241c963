/** Slack's way of saying no: HTTP 200, `ok: false` and a name. */
import { type Problem, slackLine } from '../block-kit/problem.ts'
import type { Fields } from '../json.ts'

/** Thrown by a method and turned into the answer in one place. It never leaves `answerCall`. */
export class Refusal extends Error {
  /** The body as the app gets it: `data` of the error that `@slack/web-api` throws, without trying again. */
  readonly answer: Fields

  constructor(error: string, more: Fields = {}) {
    super(error)
    this.answer = { ok: false, error, ...more }
  }
}

/** Ends the method with this error; `more` stands beside it in the answer. */
export function refuse(error: string, more: Fields = {}): never {
  throw new Refusal(error, more)
}

/** Refuses with the reasons Slack gives under `response_metadata`; nothing happens if there are none. */
export function refuseProblems(error: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return
  refuse(error, { response_metadata: { messages: problems.map(slackLine) } })
}
