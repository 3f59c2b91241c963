/** Makes docs/ledger.md from the schemas of src/audit/entries: `npm run docs:ledger`. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { aftermathEntries } from '../../../src/audit/entries/aftermath.ts'
import { channelEntries } from '../../../src/audit/entries/channels.ts'
import { effectEntries } from '../../../src/audit/entries/effects.ts'
import { requestEntries } from '../../../src/audit/entries/requests.ts'
import { serviceEntries } from '../../../src/audit/entries/service.ts'
import { type EntryType, entrySchemas } from '../../../src/audit/entry-data.ts'
import { isAlarming, isPublic } from '../../../src/audit/visibility.ts'

export const ledgerPage = join(import.meta.dirname, '../../../docs/ledger.md')

type Schema = z.core.JSONSchema.BaseSchema

/** What stands under `$defs`: the words that a choice is made from. */
type Words = ReadonlyMap<string, Schema>

const chapters = [
  ['Rekey itself, and the door', serviceEntries],
  ['Requests and decisions', requestEntries],
  ['Calls to Cognito', effectEntries],
  ['What follows a recovery', aftermathEntries],
  ['Slack’s channels', channelEntries],
] as const

const before = `# The ledger

<!-- Made by \`npm run docs:ledger\` from src/audit/entries: change that, not this page. -->

For whoever reads or checks a ledger, with Rekey or without it. \`npm run audit -- export\` writes every entry out, and
\`npm run audit -- verify\` checks them.

## An entry

| key | value | what it says |
|---|---|---|
| \`v\` | \`1\` | the format |
| \`seq\` | whole number | its place: 1 for the first entry, no gaps |
| \`time\` | time | when it was committed: UTC, ISO 8601 with milliseconds, as all times here |
| \`type\` | text | what happened: one of the types below |
| \`actor\` | \`{ "kind": "person", "id": … }\` or \`{ "kind": "rekey" }\` | who did it: a person, by their id in Slack, or Rekey, since time had passed or Cognito had answered |
| \`request\` | text or null | the request that it is about, \`REQ-…\` |
| \`version\` | whole number or null | the version of that request which the entry made; for a refusal, which it met |
| \`target\` | \`{ "userPoolId": …, "sub": … }\` or null | the account that it is about: the user pool’s id at AWS, and the \`sub\` |
| \`policy\` | text | SHA-256 of the policy that was in force, in hex |
| \`data\` | object | what else there is to say; its keys are those of the type |
| \`prev\` | text | the hash of the entry before, in hex; 64 zeros in the first entry |

There is never a password, a code, a token or a whole e-mail address in it. What people wrote (a reason, a ticket) stands there
as they wrote it, but for addresses.

## How entries are chained

An entry’s hash is SHA-256 over the line \`rekey-ledger/v1\`, a line feed, and the entry as canonical JSON (RFC 8785: keys in
order, no spaces, numbers and escapes in one spelling only), in UTF-8; it is written in hex. An export has each entry beside its
hash. The next entry has that hash as its \`prev\`, so that a change anywhere changes every hash after it. Posts in the audit
channel repeat place and hash. Checkpoints sign how many entries there are and the root of the Merkle tree (RFC 6962) whose
leaves are their hashes, as C2SP’s tlog-checkpoint has it: any verifier of transparency logs can read them.

## What entries say

An entry has every key of its type but for those that are optional, and no others; where a type has several tables, those of
one of them. Every entry about a request has \`account\` besides: the owner’s name as Cognito has it, or the masked address or
username where it has none. Entries of an older Rekey may lack keys that came later.
`

/** The whole page, as it has to stand in docs/. */
export function makeLedgerPage(): string {
  const words = new Map<string, Schema>()
  const types = chapters.flatMap(([title, entries]) => [
    `## ${title}\n`,
    ...Object.keys(entries).map((type) => section(type as EntryType, words)),
  ])
  const lists = [...words.values()]
    .toSorted((one, other) => String(one.title).localeCompare(String(other.title), 'en'))
    .map(({ title, description, enum: all }) => {
      const listed = all?.map((word) => `\`${word}\``).join(', ')
      return `### ${title}\n\nEach is ${description}: ${listed}.\n`
    })
  return [before, ...types, '## Words\n', ...lists].join('\n')
}

function section(type: EntryType, words: Map<string, Schema>): string {
  const { means, variants } = entrySchemas[type]
  const tables = variants.map((keys) => table(z.toJSONSchema(keys), words))
  return [`### \`${type}\`\n`, `${means} ${heardOf(type)}\n`, tables.join('\nor\n\n')].join('\n')
}

/** Who hears of it besides whoever reads the ledger. */
function heardOf(type: EntryType): string {
  if (!isPublic({ type, data: {} })) return '*Not posted.*'
  return isAlarming({ type, data: {} }) ? '*Posted, and security is called.*' : '*Posted.*'
}

function table(keys: z.core.JSONSchema.JSONSchema, words: Map<string, Schema>): string {
  for (const [id, list] of Object.entries(keys.$defs ?? {})) words.set(id, list)
  const isRequired = (key: string) => keys.required?.includes(key) === true
  const own = Object.entries(keys.properties ?? {}).filter(
    ([key]) => key !== 'account' || !isRequired(key),
  )
  const rows = own.map(([key, property]) => {
    if (typeof property === 'boolean') throw new Error(`${key} may be anything`)
    const optional = isRequired(key) ? '' : ', optional'
    return `| \`${key}\` | ${valueIn(property, words)}${optional} | ${property.description} |`
  })
  if (rows.length === 0) return 'It has no keys of its own.\n'
  return ['| key | value | what it says |', '|---|---|---|', ...rows, ''].join('\n')
}

function valueIn(property: Schema, words: Words): string {
  const { $ref, anyOf, const: only, enum: some, type, format } = property
  if (anyOf !== undefined) return anyOf.map((each) => valueIn(each as Schema, words)).join(' or ')
  if ($ref !== undefined) {
    const title = String(words.get($ref.replace('#/$defs/', ''))?.title)
    return `one of the [${title.toLowerCase()}](#${title.toLowerCase().replaceAll(' ', '-')})`
  }
  if (only !== undefined) return `\`${only}\``
  if (some !== undefined) return some.map((word) => `\`${word}\``).join(' or ')
  if (format === 'date-time') return 'time'
  const name = kinds.get(String(type))
  if (name === undefined) throw new Error(`nothing is said about ${JSON.stringify(property)}`)
  return name
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['integer', 'whole number'],
  ['boolean', '`true` or `false`'],
  ['array', 'list of texts'],
  ['null', 'null'],
])

if (import.meta.main) writeFileSync(ledgerPage, makeLedgerPage())
