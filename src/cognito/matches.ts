/** By what an account is the one that somebody looked for, told from the account as it was read afresh. */

import { isUnspaced } from '../lookup/addresses.ts'
import { e164Of } from '../lookup/phone-numbers.ts'
import { spellingsOfEmail } from '../lookup/spelling.ts'
import type { SearchTerm } from '../lookup/terms.ts'
import type { MatchedBy } from '../recovery/model/match.ts'
import { folded } from '../recovery/model/visible-text.ts'
import type { CognitoUser } from './user.ts'

/** What a search asks a pool by: the term, and by which country's rules the pool reads numbers. */
export interface Wanted {
  readonly term: SearchTerm
  readonly country?: string | undefined
}

/** By what the user matches, the surest first; a beginning only where nothing else does; empty where that doesn't either. */
export function matchedBy(
  { sub, username, attributes }: Pick<CognitoUser, 'sub' | 'username' | 'attributes'>,
  wanted: Wanted,
): readonly MatchedBy[] {
  const is = wholesOf(wanted)
  const begins = beginningsOf(wanted)
  const email = attributes.get('email') ?? ''
  const preferred = attributes.get('preferred_username') ?? ''
  const wholes: readonly (readonly [MatchedBy, boolean])[] = [
    ['sub', wanted.term.kind === 'sub' && is(sub)],
    ['username', username !== sub && is(username)],
    ['email', is(email)],
    ['phone', is(attributes.get('phone_number') ?? '')],
    ['preferred-username', is(preferred)],
    ['name', hasAll(attributes, wordsOf(wanted.term))],
  ]
  const by = wholes.filter(([, matches]) => matches).map(([way]) => way)
  return by.length === 0 && [username, email, preferred].some(begins) ? ['beginning'] : by
}

/** Whether each of the words stands somewhere in the name, however it is spelled. */
export function hasAll(attributes: ReadonlyMap<string, string>, words: readonly string[]): boolean {
  const names = ['name', 'given_name', 'family_name'].map((name) => attributes.get(name) ?? '')
  const all = folded(names.join(' '))
  const asOneWord = [names, names.toReversed()].map((each) =>
    folded(each.join('')).replaceAll(' ', ''),
  )
  const has = (word: string) => {
    // In the scripts of East Asia people write both names as one word.
    const written = isUnspaced(word) ? [all, ...asOneWord] : [all]
    return written.some((each) => each.includes(folded(word)))
  }
  return words.length > 0 && words.every(has)
}

/** The numbers that a pool may know an account by: as Cognito keeps it, as it was written, digits alone. */
export function numbersOf(number: string, country: string | undefined): readonly string[] {
  const digits = number.replaceAll(/[^\d+]/g, '')
  return [...new Set([e164Of(number, country) ?? digits, digits, number])]
}

function wholesOf({ term, country }: Wanted): (value: string) => boolean {
  const wholes = new Set(wholeSpellings(term, country).map(folded))
  return (value) => value !== '' && wholes.has(folded(value))
}

function wholeSpellings(term: SearchTerm, country: string | undefined): readonly string[] {
  switch (term.kind) {
    case 'email':
      return spellingsOfEmail(term.address)
    case 'phone':
      return numbersOf(term.number, country)
    case 'sub':
      return [term.sub]
    case 'name':
      return [term.written, term.name]
    default:
      return term satisfies never
  }
}

function beginningsOf({ term }: Wanted): (value: string) => boolean {
  const beginning = folded(wordsOf(term).join(' '))
  return (value) => beginning !== '' && folded(value).startsWith(beginning)
}

/** The words of a name; digits that may be part of one. Nobody is found by a part of an address or a number. */
export function wordsOf(term: SearchTerm): readonly string[] {
  if (term.kind === 'name') return term.words
  return term.kind === 'phone' && /^\d+$/.test(term.number) ? [term.number] : []
}
