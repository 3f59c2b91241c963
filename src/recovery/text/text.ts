/** The reasons that Rekey itself gives. */

import { en } from './en.ts'

/** What every language has. */
export type ReasonText = typeof en

/** In the one language that there is. */
export const text: ReasonText = en
