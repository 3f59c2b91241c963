/** What operators read of Rekey by HTTP. */

import { en } from './en.ts'

/** What every language has. */
export type WebText = typeof en

/** In the one language that there is. */
export const text: WebText = en
