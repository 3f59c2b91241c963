/** What is wrong with a block or a view, and where. One value may have several problems; all are reported. */

export interface Problem {
  /** JSON pointer to the offending value, as Slack gives it: `/blocks/0/text/text`. */
  readonly at: string
  /** In Slack's words where they are known, such as `must be less than 3001 characters`. */
  readonly says: string
}

/** One line of `response_metadata.messages` in Slack's own form, which `@slack/web-api` logs as an error. */
export function slackLine(problem: Problem): string {
  return `[ERROR] ${problem.says} [json-pointer:${problem.at}]`
}
