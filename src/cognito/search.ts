/** Finds users by what somebody typed: exactly where it can be exact, by its beginning where not. */

import type { UserType } from '@aws-sdk/client-cognito-identity-provider'
import type { Account } from '../recovery/model/account.ts'
import type { Failure } from '../recovery/model/effect.ts'
import type { Search } from '../recovery/ports/accounts.ts'
import { eachOf } from './concurrency.ts'
import { failureOf } from './failures.ts'
import { canBeUsername, filterOf, type Query, readQuery } from './query.ts'
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
export async function search(typed: string, pools: readonly UserPool[]): Promise<Search> {
  const query = readQuery(typed)
  const looks = await Promise.all(pools.map((pool) => lookIn(pool, query)))
  const hits = looks.flatMap((look) => (look.kind === 'hits' ? look.hits : []))
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
  readonly user?: CognitoUser
}

interface FailedLook {
  readonly kind: 'failed'
  readonly pool: string
  readonly failure: Failure
}

type Look = { readonly kind: 'hits'; readonly hits: readonly Hit[] } | FailedLook
type NameQuery = Extract<Query, { readonly kind: 'name' }>

const isExact = (hit: Hit) => hit.user !== undefined

async function lookIn(pool: UserPool, query: Query): Promise<Look> {
  try {
    return { kind: 'hits', hits: unique(await hitsOf(pool, query)) }
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

async function hitsOf(pool: UserPool, query: Query): Promise<readonly Hit[]> {
  switch (query.kind) {
    case 'nothing':
      return []
    case 'sub':
      return byName(pool, query.sub)
    case 'phone':
      return listed(pool, filterOf('phone_number', '=', query.phone))
    case 'email': {
      const hits = await byEmail(pool, query.email)
      return hits.length > 0 ? hits : byName(pool, query.email)
    }
    case 'name':
      return byNameOrPart(pool, query)
  }
}

async function byNameOrPart(pool: UserPool, { name, words }: NameQuery): Promise<readonly Hit[]> {
  const exact = await byName(pool, name)
  const near = words.length > 1 ? await byWords(pool, words) : await byBeginning(pool, name)
  if (exact.length + near.length > 0) return [...exact, ...near]
  // Cognito knows beginnings only. Where "Lovelace" stands at the end of a name, we have to look.
  const { users } = await pool.settings()
  return users > listableUsers
    ? []
    : hits(pool, await pool.list(undefined, enough, (user) => hasAll(user, words)))
}

async function byName(pool: UserPool, name: string): Promise<Hit[]> {
  const user = canBeUsername(name) ? await pool.user(name) : undefined
  return user ? [{ pool, username: user.username, user }] : []
}

// Whether Cognito's own search minds upper case is told differently in two places, so ours does not
// rely on it. In a case-sensitive pool the address as written wins, if somebody has it.
async function byEmail(pool: UserPool, email: string): Promise<Hit[]> {
  const folded = email.toLowerCase()
  const spellings = [...new Set([email, folded])]
  const lists = await eachOf(spellings, atOnce, (spelling) =>
    users(pool, filterOf('email', '=', spelling)),
  )
  const same = lists.flat().filter((user) => attribute(user, 'email').toLowerCase() === folded)
  const { caseSensitive } = await pool.settings()
  const asWritten = same.filter((user) => attribute(user, 'email') === email)
  return hits(pool, caseSensitive && asWritten.length > 0 ? asWritten : same)
}

const beginnings = [
  'username',
  'preferred_username',
  'name',
  'given_name',
  'family_name',
  'email',
] as const

async function byBeginning(pool: UserPool, beginning: string): Promise<Hit[]> {
  const lists = await eachOf(beginnings, atOnce, (name) =>
    listed(pool, filterOf(name, '^=', beginning)),
  )
  return lists.flat()
}

// "Ada Lovelace" may be kept as one name or as two, either part first: look for what begins with any
// of the words, and keep whoever has them all.
async function byWords(pool: UserPool, words: readonly [string, ...string[]]): Promise<Hit[]> {
  const filters = [
    filterOf('name', '^=', words[0]),
    ...words
      .slice(0, mostWords)
      .flatMap((word) => [filterOf('given_name', '^=', word), filterOf('family_name', '^=', word)]),
  ]
  const lists = await eachOf(filters, atOnce, (filter) =>
    users(pool, filter, (user) => hasAll(user, words)),
  )
  return hits(pool, lists.flat())
}

function hasAll(user: UserType, words: readonly string[]): boolean {
  const names = ['name', 'given_name', 'family_name'].map((name) => attribute(user, name))
  const all = names.join(' ').normalize('NFC').toLowerCase()
  return words.every((word) => all.includes(word.toLowerCase()))
}

async function listed(pool: UserPool, filter: string | undefined): Promise<Hit[]> {
  return hits(pool, await users(pool, filter))
}

async function users(
  pool: UserPool,
  filter: string | undefined,
  keep?: (user: UserType) => boolean,
): Promise<readonly UserType[]> {
  return filter === undefined ? [] : pool.list(filter, enough, keep)
}

function hits(pool: UserPool, found: readonly UserType[]): Hit[] {
  return found.flatMap(({ Username: username }) => (username ? { pool, username } : []))
}

function attribute(user: UserType, name: string): string {
  return attributeMap(user.Attributes).get(name) ?? ''
}

// The first of each wins: that is the exact one, where there is one.
function unique(found: readonly Hit[]): Hit[] {
  const names = new Set<string>()
  return found.filter(({ username }) => !names.has(username) && names.add(username))
}

// A list may be out of date. Who is gone by now is left out.
async function readAll(
  found: readonly Hit[],
  more: boolean,
  before: readonly FailedLook[],
): Promise<Search> {
  const reads = (await eachOf(found, atOnce, readAfresh)).filter((read) => read !== undefined)
  const accounts = reads.flatMap((read) => ('failure' in read ? [] : read))
  const unread = reads.filter((read) => 'failure' in read)
  const failed = [...before, ...unread]
  const [why] = unread
  if (accounts.length === 0 && why) return failedBy(why, failed)
  return { kind: 'found', accounts, more, unsearchedPools: poolsOf(failed) }
}

async function readAfresh(hit: Hit): Promise<Account | FailedLook | undefined> {
  try {
    const user = hit.user ?? (await hit.pool.user(hit.username))
    return user && (await hit.pool.account(user))
  } catch (error) {
    return failedLook(hit.pool, error)
  }
}
