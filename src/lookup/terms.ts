/** What people write, in a search or in a message, as whom to look for. */

import emailAddresses from 'email-addresses'
import { addressesIn, type Found, isUnspaced } from './addresses.ts'
import { e164Of, isNumber, phoneNumbersIn } from './phone-numbers.ts'
import { plainPunctuation, readable } from './spelling.ts'

/** One account that somebody named. Each is as it was written, but for what stood round it. */
export type SearchTerm =
  | { readonly kind: 'email'; readonly address: string }
  /** A number by the rules of each pool's country (`e164Of`); perhaps a username of digits. */
  | { readonly kind: 'phone'; readonly number: string }
  | { readonly kind: 'sub'; readonly sub: string }
  /** A username, or the beginning of one, or of a name or an address. */
  | {
      readonly kind: 'name'
      /** With everything that stood round it, since a username may have any sign in it. */
      readonly written: string
      readonly name: string
      readonly words: readonly [string, ...string[]]
    }

/** What a pool's accounts are read by. */
export interface PoolRules {
  /** By whose rules numbers without a country are read: `JP` (ISO 3166-1 alpha-2). */
  readonly defaultCountry?: string
}

/** What a term was written as. */
export function termText(term: SearchTerm): string {
  switch (term.kind) {
    case 'email':
      return term.address
    case 'phone':
      return term.number
    case 'sub':
      return term.sub
    case 'name':
      return term.name
    default:
      return term satisfies never
  }
}

/**
 * Whom somebody named in a search: every address, number and account id in it; where there is none, a name. Empty
 * for what no account could match.
 */
export function termsTyped(typed: string, pools: readonly PoolRules[]): readonly SearchTerm[] {
  const text = readable(typed).trim()
  if (text.length > longest || /\p{Cc}/u.test(text)) return []
  const named = termsNamed(text, pools)
  // Words of such a script may be the beginning of the name itself: both are asked for, and neither opens by itself.
  if (named.length > 0) return isCutFromWords(text) ? [...named, ...nameTerm(text)] : named
  if (isNumber(text)) return [{ kind: 'phone', number: text.replace(/^tel:\s*/i, '') }]
  return nameTerm(text)
}

/** Whom a message names by an address, a number or an account id: names alone are too many people's. */
export function termsNamed(message: string, pools: readonly PoolRules[]): readonly SearchTerm[] {
  const text = readable(message)
  const found = addressesIn(text)
  const addresses = meantBy(text, found)
  const rest = without(found, text)
  const subs = [...rest.matchAll(uuid)].map(([sub]): SearchTerm => ({ kind: 'sub', sub }))
  const countries = new Set(pools.flatMap(({ defaultCountry }) => defaultCountry ?? []))
  const numbers = phoneNumbersIn(rest.replaceAll(uuid, ' '), [...countries])
  return distinct([
    ...addresses.map((address): SearchTerm => ({ kind: 'email', address })),
    ...subs,
    ...numbers.map(({ written }): SearchTerm => ({ kind: 'phone', number: written })),
  ])
}

/**
 * What somebody typed as the name that they sign in with: the address or the number in it, where it is one, and
 * otherwise all of it. There is no second try with another spelling: that would tell which one somebody has.
 */
export function signInName(typed: string, pool: PoolRules): string {
  const text = readable(typed).trim()
  const [only, ...others] = termsTyped(text, [pool])
  if (only === undefined || others.length > 0) return text
  if (only.kind === 'email')
    return isAlone(only.address, text) ? plainPunctuation(only.address) : text
  // Digits alone may be a username; what is written as a number is one.
  const isWritten = isNumber(text) && /^(?:tel:)?\s*[+0(]|\d\D+\d/i.test(text)
  return (only.kind === 'phone' && isWritten && e164Of(only.number, pool.defaultCountry)) || text
}

/** Whether an address is all that was typed, but for quotes, brackets and a name in front of `<…>`. */
function isAlone(address: string, text: string): boolean {
  const bare = unwrapped(text)
  return [address, `mailto:${address}`].includes(bare) || bare.endsWith(`<${address}>`)
}

/** Whether some pool has nothing to read a number by, which lacks its country. */
export function needsCountry(terms: readonly SearchTerm[], pools: readonly PoolRules[]): boolean {
  return terms.some(
    (term) =>
      term.kind === 'phone' &&
      !term.number.startsWith('+') &&
      pools.some(({ defaultCountry }) => e164Of(term.number, defaultCountry) === undefined),
  )
}

// Longer than an address or a name gets; what does not fit into Cognito's filter is not asked for anyway.
const longest = 256

const uuid = /(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/gi

/** `"jane@elsewhere.example" <jane@example.com>` means the second: a name may look like anything. */
function meantBy(text: string, found: readonly Found[]): readonly string[] {
  let end = -1
  return text.split('\n').flatMap((line) => {
    const start = end + 1
    end = start + line.length
    const inLine = found.filter(({ from }) => from >= start && from < end)
    return mailboxesIn(line) ?? inLine.map(({ written }) => written)
  })
}

/** The addresses of a line that is a list of mailboxes as RFC 5322 has it, with a name for one of them, and nothing else. */
function mailboxesIn(line: string): readonly string[] | undefined {
  if (line.length > longest || !line.includes('<')) return undefined
  // Of a mail's head, or of anything like it, what stands behind the name of the field.
  const input = line.replace(/^[^"<@:]*:/, '').trim()
  const list = emailAddresses.parseAddressList({ input, rfc6532: true }) ?? undefined
  const addresses = list?.map((each) => (each.type === 'mailbox' ? each.address : ''))
  // A quoted address loses its quotes on the way, and would be taken for its last word; a group has none.
  return addresses?.every((address) => isWhole(address)) ? addresses : undefined
}

function isWhole(address: string): boolean {
  const [only] = addressesIn(address)
  return only?.written === address
}

function without(found: readonly Found[], text: string): string {
  const ends = [0, ...found.map(({ to }) => to)]
  const starts = [...found.map(({ from }) => from), text.length]
  return ends.map((end, place) => text.slice(end, starts[place])).join(' ')
}

function isCutFromWords(text: string): boolean {
  return addressesIn(text).some(({ from }) => from > 0 && isUnspaced(text[from - 1] ?? ''))
}

function distinct(terms: readonly SearchTerm[]): readonly SearchTerm[] {
  return [...new Map(terms.map((term) => [`${term.kind} ${termText(term)}`, term])).values()]
}

const partners = [
  '""',
  "''",
  '``',
  '**',
  '__',
  '~~',
  '“”',
  '‘’',
  '„“',
  '«»',
  '‹›',
  '「」',
  '『』',
  '()',
  '[]',
  '{}',
  '<>',
  '【】',
]

function nameTerm(written: string): readonly SearchTerm[] {
  // Cognito finds nobody by a prefix that ends in "@" (aws/aws-sdk-js-v3#6645).
  const name = unwrapped(written).replace(/^@/, '').replace(/@+$/, '')
  const [first, ...rest] = name.split(/[\s,、]+/u)
  return first ? [{ kind: 'name', written, name, words: [first, ...rest] }] : []
}

/** Without the quotes, brackets and marks that stand round the whole of it, and what ends a sentence. */
function unwrapped(text: string): string {
  const bare = text.trim().replace(/[,;:.!?、。]+$/, '')
  const isWrapped = bare.length > 2 && partners.includes(`${bare[0]}${bare.at(-1)}`)
  return isWrapped ? unwrapped(bare.slice(1, -1)) : bare
}
