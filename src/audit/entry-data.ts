/**
 * What each ledger entry says besides who, when and about whom: the keys of its `data`, for every type.
 * Rules are compiled against it, docs/ledger.md is made from it. Stored entries are never rewritten, so a
 * key or a word that has been in use keeps its spelling.
 */

import type { z } from 'zod'
import { aftermathEntries } from './entries/aftermath.ts'
import { channelEntries } from './entries/channels.ts'
import { effectEntries } from './entries/effects.ts'
import { requestEntries } from './entries/requests.ts'
import { serviceEntries } from './entries/service.ts'

/** Everything that can be written in the ledger. An event that is not here cannot happen. */
export const entrySchemas = {
  ...serviceEntries,
  ...requestEntries,
  ...effectEntries,
  ...aftermathEntries,
  ...channelEntries,
}

export type EntryType = keyof typeof entrySchemas

export const entryTypes = Object.keys(entrySchemas) as readonly EntryType[]

/** What an entry of each type holds, as today's rules write it. */
export type EntryData = {
  readonly [Type in EntryType]: Readonly<z.output<(typeof entrySchemas)[Type]['variants'][number]>>
}
