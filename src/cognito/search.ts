/** Finds users by what somebody named: exactly where it can be exact, by its beginning where not. */

import type { UserType } from '@aws-sdk/client-cognito-identity-provider'
import { spellingsOfEmail, spellingsOfName } from '../lookup/spelling.ts'
import type { SearchTerm } from '../lookup/terms.ts'
import type { Account } from '../recovery/model/account.ts'
import type { Failure } from '../recovery/model/effect.ts'
import type { Match, MatchedBy } from '../recovery/model/match.ts'
import type { Search } from '../recovery/ports/accounts.ts'
import { contactsToldApart } from './account.ts'
import { eachOf } from './concurrency.ts'
import { failureOf } from './failures.ts'
import { hasAll, matchedBy, numbersOf, type Wanted, wordsOf } from './matches.ts'
import { canBeUsername, filterOf } from './query.ts'
import { attributeMap, type CognitoUser } from './user.ts'
import { listableUsers, type UserPool } from './user-pool.ts'

// Ten fit into a list that a person still reads. One more is asked for, to know that there is more.
const mostResults = 10
const enough = mostResults + 1
// Cognito's quotas are shared with the application's own users.
const atOnce = 4
// Each word asked for is two more calls; the others still have to fit.
const mostWords = 3

/** Looks in every pool. One that fails is named, and spoils the search only when the others have nobody. */
export async function search(
  terms: readonly SearchTerm[],
  pools: readonly UserPool[],
): Promise<Search> {
  const looks = await Promise.all(pools.flatMap((pool) => terms.map((term) => lookIn(pool, term))))
  const hits = together(looks.flatMap((look) => (look.kind === 'hits' ? look.hits : [])))
  const failed = looks.filter((look) => look.kind === 'failed')
  const [why] = failed
  if (hits.length === 0 && why) return failedBy(why, failed)
  const first = [...hits.filter(isExact), ...hits.filter((hit) => !isExact(hit))]
  return readAll(first.slice(0, mostResults), hits.length > mostResults, failed)
}

/** A user found, not yet read afresh; `user` is there where the name led to exactly one. */
interface Hit {
  readonly pool: UserPool
  readonly username: string
  readonly terms: readonly SearchTerm[]
  readonly user?: CognitoUser | undefined
}

interface FailedLook {
  readonly kind: 'failed'
  readonly pool: string
  readonly failure: Failure
}

type Look = { readonly kind: 'hits'; readonly hits: readonly Hit[] } | FailedLook

/** What one question to a pool found: a user whole, or a line of a list. */
type Lead = CognitoUser | UserType

const isExact = (hit: Hit) => hit.user !== undefined

async function lookIn(pool: UserPool, term: SearchTerm): Promise<Look> {
  try {
    const leads = await leadsTo(pool, term)
    const hits = leads.flatMap((lead): Hit[] => {
      if ('sub' in lead) return [{ pool, username: lead.username, terms: [term], user: lead }]
      return lead.Username ? [{ pool, username: lead.Username, terms: [term] }] : []
    })
    return { kind: 'hits', hits }
  } catch (error) {
    return failedLook(pool, error)
  }
}

function failedLook({ config }: UserPool, error: unknown): FailedLook {
  return { kind: 'failed', pool: config.name, failure: failureOf(error) }
}

function failedBy({ failure }: FailedLook, all: readonly FailedLook[]): Search {
  return { kind: 'failed', failure, unsearchedPools: poolsOf(all) }
}

function poolsOf(looks: readonly FailedLook[]): readonly string[] {
  return [...new Set(looks.map(({ pool }) => pool))]
}

// Both who has it for an address and whose name it is: they may be two people, and neither is hidden by the other.
async function leadsTo(pool: UserPool, term: SearchTerm): Promise<readonly Lead[]> {
  switch (term.kind) {
    case 'sub':
      return byName(pool, [term.sub, term.sub.toLowerCase()])
    case 'phone': {
      const numbers = numbersOf(term.number, pool.config.defaultCountry)
      const named = await byName(pool, numbers)
      const listed = await byAttribute(pool, 'phone_number', numbers.slice(0, 1))
      return [...named, ...listed, ...(await byBeginning(pool, wordsOf(term)))]
    }
    case 'email': {
      const spellings = spellingsOfEmail(term.address)
      const named = await byName(pool, spellings)
      const preferred = await byAttribute(pool, 'preferred_username', spellings.slice(0, 1))
      return [...named, ...(await byAttribute(pool, 'email', spellings)), ...preferred]
    }
    case 'name':
      return byNameOrPart(pool, term)
    default:
      return term satisfies never
  }
}

type NameTerm = Extract<SearchTerm, { readonly kind: 'name' }>

async function byNameOrPart(pool: UserPool, term: NameTerm): Promise<readonly Lead[]> {
  const { written, name, words } = term
  const exact = await byName(pool, [written, ...spellingsOfName(name)])
  const near = words.length > 1 ? await byWords(pool, words) : await byBeginning(pool, words)
  if (exact.length + near.length > 0) return [...exact, ...near]
  // Cognito knows beginnings only. Where "Lovelace" stands at the end of a name, we have to look.
  const { users } = await pool.settings()
  return users > listableUsers ? [] : pool.list(undefined, enough, hasThem(words))
}

async function byName(pool: UserPool, names: readonly string[]): Promise<readonly CognitoUser[]> {
  const asked = [...new Set(names)].filter(canBeUsername)
  const users = await eachOf(asked, atOnce, (name) => pool.user(name))
  return users.filter((user) => user !== undefined)
}

async function byAttribute(
  pool: UserPool,
  name: string,
  values: readonly string[],
): Promise<readonly UserType[]> {
  const lists = await eachOf(values, atOnce, (value) => listed(pool, filterOf(name, '=', value)))
  return lists.flat()
}

const beginnings = [
  'username',
  'preferred_username',
  'name',
  'given_name',
  'family_name',
  'email',
] as const

async function byBeginning(pool: UserPool, words: readonly string[]): Promise<readonly UserType[]> {
  const filters = words.flatMap((word) =>
    spellingsOfName(word).flatMap((each) => beginnings.map((name) => filterOf(name, '^=', each))),
  )
  const lists = await eachOf(filters, atOnce, (filter) => listed(pool, filter))
  return lists.flat()
}

// "Ada Lovelace" may be kept as one name or as two, either part first: look for what begins with any
// of the words, and keep whoever has them all.
async function byWords(
  pool: UserPool,
  words: readonly [string, ...string[]],
): Promise<readonly UserType[]> {
  const filters = [
    ...spellingsOfName(words[0]).map((first) => filterOf('name', '^=', first)),
    ...words
      .slice(0, mostWords)
      .flatMap(spellingsOfName)
      .flatMap((word) => [filterOf('given_name', '^=', word), filterOf('family_name', '^=', word)]),
  ]
  const lists = await eachOf(filters, atOnce, (filter) => listed(pool, filter, hasThem(words)))
  return lists.flat()
}

function hasThem(words: readonly string[]): (user: UserType) => boolean {
  return (user) => hasAll(attributeMap(user.Attributes), words)
}

async function listed(
  pool: UserPool,
  filter: string | undefined,
  keep?: (user: UserType) => boolean,
): Promise<readonly UserType[]> {
  return filter === undefined ? [] : pool.list(filter, enough, keep)
}

/** Each user once, with every term that led there; whole where any look read it whole. */
function together(hits: readonly Hit[]): readonly Hit[] {
  const users = new Map<string, Hit>()
  for (const hit of hits) {
    const key = `${hit.pool.config.name} ${hit.username}`
    const known = users.get(key)
    const terms = [...new Set([...(known?.terms ?? []), ...hit.terms])]
    users.set(key, { ...hit, terms, user: known?.user ?? hit.user })
  }
  return [...users.values()]
}

interface Read {
  readonly pool: UserPool
  readonly user: CognitoUser
  readonly account: Account
  readonly caseSensitive: boolean
  readonly terms: readonly SearchTerm[]
  readonly by: readonly MatchedBy[]
}

// A list may be out of date. Who is gone by now is left out, and so is whoever no longer matches.
async function readAll(
  found: readonly Hit[],
  more: boolean,
  before: readonly FailedLook[],
): Promise<Search> {
  const reads = (await eachOf(found, atOnce, readAfresh)).filter((read) => read !== undefined)
  const all = reads.flatMap((read) => ('failure' in read ? [] : read))
  const unread = reads.filter((read) => 'failure' in read)
  const failed = [...before, ...unread]
  const [why] = unread
  if (all.length === 0 && why) return failedBy(why, failed)
  const kept = all.filter((read) => !isOutspelled(read, all))
  return { kind: 'found', matches: matchesOf(kept), more, unsearchedPools: poolsOf(failed) }
}

async function readAfresh(hit: Hit): Promise<Read | FailedLook | undefined> {
  const { pool } = hit
  try {
    const user = hit.user ?? (await pool.user(hit.username))
    if (user === undefined) return undefined
    const matches = hit.terms.map((term) => ({ term, by: matchedBy(user, wantedOf(pool, term)) }))
    const by = [...new Set(matches.flatMap((each) => each.by))]
    const terms = matches.filter((each) => each.by.length > 0).map(({ term }) => term)
    if (by.length === 0) return undefined
    const { caseSensitive } = await pool.settings()
    return { pool, user, account: await pool.account(user), caseSensitive, terms, by }
  } catch (error) {
    return failedLook(pool, error)
  }
}

function wantedOf({ config }: UserPool, term: SearchTerm): Wanted {
  return { term, country: config.defaultCountry }
}

/** In a case-sensitive pool the address as it was written is somebody's own, if somebody has it. */
function isOutspelled(read: Read, all: readonly Read[]): boolean {
  if (!read.caseSensitive) return false
  return read.terms.every(
    (term) =>
      term.kind === 'email' &&
      !hasAsWritten(read, term.address) &&
      all.some(({ pool, user }) => pool === read.pool && hasAsWritten({ user }, term.address)),
  )
}

function hasAsWritten({ user }: Pick<Read, 'user'>, address: string): boolean {
  return user.username === address || user.attributes.get('email') === address
}

function matchesOf(reads: readonly Read[]): readonly Match[] {
  const contacts = contactsToldApart(reads.map(({ user }) => user))
  return reads.map(({ account, terms, by }, place) => ({
    account,
    terms,
    by,
    contacts: contacts[place] ?? [],
  }))
}
