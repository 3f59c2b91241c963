/** What is missing or wrong in what the operator has set, in words. */

import { en } from './en.ts'

/** What every language has. */
export type ConfigText = typeof en

/** In the one language that there is. */
export const text: ConfigText = en
