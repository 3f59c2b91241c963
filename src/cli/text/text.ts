/** What operators and auditors read in a terminal. */

import { en } from './en.ts'

/** What every language has. */
export type CliText = typeof en

/** In the one language that there is. */
export const text: CliText = en
