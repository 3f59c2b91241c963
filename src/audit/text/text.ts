/** What is wrong with a ledger, in words. */

import { en } from './en.ts'

/** What every language has. */
export type AuditText = typeof en

/** In the one language that there is. */
export const text: AuditText = en
