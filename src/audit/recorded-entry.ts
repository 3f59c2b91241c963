/**
 * Reading what the ledger has. An older Rekey may have known fewer keys and other words, and somebody may
 * have changed the database: nothing in an entry's data is relied on.
 */

import { z } from 'zod'
import type { Entry, EntryBody, EntryValue } from './entry.ts'
import { type EntryData, type EntryType, entrySchemas, entryTypes } from './entry-data.ts'

/** A word that stands where today's Rekey has others to choose from. */
export interface UnknownWord {
  readonly unknown: string
}

/** What an entry of this type says, as far as it says it in a way that can be read. */
export type RecordedData<Type extends EntryType = EntryType> = {
  [Each in Type]: {
    readonly [Key in AnyKey<EntryData[Each]>]?: Recorded<ValueOf<EntryData[Each], Key>>
  }
}[Type]

/** An entry to be read, rather than hashed: what today's Rekey does not know of its data is left out. */
export type RecordedEntry<Type extends EntryType = EntryType> = {
  [Each in Type]: Omit<Entry, 'type' | 'data'> & {
    readonly type: Each
    readonly data: RecordedData<Each>
  }
}[Type]

type AnyKey<Data> = Data extends unknown ? keyof Data : never

type ValueOf<Data, Key> = Data extends unknown
  ? Key extends keyof Data
    ? Exclude<Data[Key], null | undefined>
    : never
  : never

/** Of a choice of words, any other may stand there as well. */
type Recorded<Value> = [Value] extends [boolean]
  ? boolean
  : [Value] extends [string]
    ? string extends Value
      ? string
      : Value | UnknownWord
    : Value

export function readEntry(entry: Entry): RecordedEntry {
  // That the data belong to the type is `readData`'s word.
  return { ...entry, data: readData(entry) } as RecordedEntry
}

/** What an entry's data say; keys that are missing, unknown or of another kind are left out. */
export function readData<Type extends EntryType>({
  type,
  data,
}: Pick<EntryBody, 'data'> & { readonly type: Type }): RecordedData<Type> {
  const read = Object.entries(data).flatMap(([key, value]) => {
    const fields = fieldsOf.get(type)?.get(key) ?? []
    const known = recorded(value, fields)
    return known === undefined ? [] : [[key, known] as const]
  })
  // Each value was read by the fields that the type itself is inferred from.
  return Object.fromEntries(read) as RecordedData<Type>
}

/** The fields of each key, one for each kind of entry that has it. */
const fieldsOf: ReadonlyMap<EntryType, ReadonlyMap<string, readonly z.core.$ZodType[]>> = new Map(
  entryTypes.map((type) => [type, fieldsByKey(entrySchemas[type].variants)]),
)

function fieldsByKey(variants: readonly z.ZodObject[]): ReadonlyMap<string, z.core.$ZodType[]> {
  const byKey = Map.groupBy(
    variants.flatMap(({ shape }) => Object.entries(shape)),
    ([key]) => key,
  )
  return new Map([...byKey].map(([key, all]) => [key, all.map(([, field]) => bare(field))]))
}

/** Without what says whether it has to be there. */
function bare(field: z.core.$ZodType): z.core.$ZodType {
  const wraps =
    field instanceof z.ZodExactOptional ||
    field instanceof z.ZodNullable ||
    field instanceof z.ZodReadonly
  return wraps ? bare(field.unwrap()) : field
}

function recorded(
  value: EntryValue,
  fields: readonly z.core.$ZodType[],
): EntryValue | UnknownWord | undefined {
  if (fields.some((field) => z.safeParse(field, value).success)) return value
  if (typeof value === 'string' && fields.some(isChoice)) return { unknown: value }
  // In another form than today's: a moment that is spelled otherwise, a number out of range.
  return fields.some((field) => field._zod.def.type === typeof value) ? value : undefined
}

function isChoice(field: z.core.$ZodType): boolean {
  const isWord = field instanceof z.ZodLiteral && typeof field.value === 'string'
  return isWord || field instanceof z.ZodEnum
}
