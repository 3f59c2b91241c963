/**
 * Every sentence in Slack: functions from typed facts to text. What takes people's words, or
 * Cognito's, escapes them itself; what goes where plain text is wanted says so.
 */

import { en } from './en/en.ts'

/** What every language has. */
export type SlackText = typeof en

/** In the one language that there is. Views read it from here alone. */
export const text: SlackText = en
