/** What is wrong with a policy, in words. */

import { en } from './en.ts'

/** What every language has. */
export type PolicyText = typeof en

/** In the one language that there is. */
export const text: PolicyText = en
