/** Why a database can't be opened, in words. */

import { en } from './en.ts'

/** What every language has. */
export type StoreText = typeof en

/** In the one language that there is. */
export const text: StoreText = en
