/** What is wrong with a block or a view, and where. */

export interface Problem {
  /** JSON pointer to the offending value, as Slack gives it: `/blocks/0/text/text`. */
  readonly at: string
  readonly says: string
}

/** One line of `response_metadata.messages`, in Slack's own form. */
export function slackLine(problem: Problem): string {
  return `[ERROR] ${problem.says} [json-pointer:${problem.at}]`
}
