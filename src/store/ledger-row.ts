/** A ledger entry as a row: its hash, and the canonical JSON that was hashed. */

import canonicalize from 'canonicalize'
import { z } from 'zod'
import type { ChainedEntry, Entry } from '../audit/entry.ts'
import { entryTypes } from '../audit/entry-data.ts'
import { text } from '../audit/text/text.ts'
import { UnreadableEntry } from '../audit/verify.ts'
import { personField, requestField, subField } from './fields.ts'
import type { LedgerTable } from './tables.ts'

export function ledgerRow({ entry, hash }: ChainedEntry): LedgerTable {
  return { seq: entry.seq, hash, entry_json: String(canonicalize(entry)) }
}

/** Says what stands in the row. Whether it is what was written, only `verify` can say. */
export function readLedgerRow({ seq, hash, entry_json }: LedgerTable): ChainedEntry {
  const entry = parsed(seq, entry_json)
  if (entry.seq !== seq) throw new UnreadableEntry(seq, text.otherPlace(entry.seq))
  // The same meaning can be spelled in other ways, with a key twice for one: then it is not what was hashed.
  if (canonicalize(entry) !== entry_json) {
    throw new UnreadableEntry(seq, text.otherSpelling)
  }
  return { entry, hash }
}

function parsed(seq: number, json: string): Entry {
  try {
    return entryForm.parse(JSON.parse(json))
  } catch (error) {
    throw new UnreadableEntry(seq, text.unreadable, error)
  }
}

// Strict, because a key that was added by hand and left out here would go unnoticed by `verify`.
const entryForm = z.strictObject({
  v: z.literal(1),
  seq: z.int(),
  time: z.string(),
  type: z.enum(entryTypes),
  actor: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('person'), id: personField }),
    z.strictObject({ kind: z.literal('rekey') }),
  ]),
  request: requestField.nullable(),
  version: z.int().nullable(),
  target: z.strictObject({ userPoolId: z.string(), sub: subField }).nullable(),
  policy: z.string(),
  data: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
  ),
  prev: z.string(),
}) satisfies z.ZodType<Entry>
