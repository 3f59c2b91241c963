/** Why AWS can't be called, in words. */

import { en } from './en.ts'

/** What every language has. */
export type CognitoText = typeof en

/** In the one language that there is. */
export const text: CognitoText = en
