/** What stands in the way to Slack, in words. */

import { en } from './en.ts'

/** What every language has. */
export type SlackApiText = typeof en

/** In the one language that there is. */
export const text: SlackApiText = en
