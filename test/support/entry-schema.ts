/** Whether the ledger holds what docs/ledger.md says that it does. */

import type { EntryBody } from '../../src/audit/entry.ts'
import { entrySchemas } from '../../src/audit/entry-data.ts'

/** A sentence if the entry's data are not, key by key, what its type has; otherwise nothing. */
export function unlikeItsSchema({ type, data }: Pick<EntryBody, 'type' | 'data'>): string[] {
  const isOfSome = entrySchemas[type].variants.some((keys) => keys.safeParse(data).success)
  return isOfSome ? [] : [`an entry of type ${type} holds ${JSON.stringify(data)}`]
}
