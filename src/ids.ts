/**
 * Identifiers that travel through every room. Each is made in one place only: by the room that reads
 * it from outside, or by `newId` when Rekey itself needs a fresh one.
 */

import { randomInt } from 'node:crypto'

declare const brand: unique symbol
type Branded<Name> = string & { readonly [brand]: Name }

/** One recovery request, as people read it: `REQ-` and ten characters. */
export type RequestId = Branded<'RequestId'>

/** One call that changes something in Cognito; every attempt at it keeps the same id. */
export type EffectId = Branded<'EffectId'>

/** Something to do after a commit. Also the opaque mark of the Slack message it posts. */
export type JobId = Branded<'JobId'>

/** Somebody in the workspace. Only slack/ knows that this is a Slack user id. */
export type PersonId = Branded<'PersonId'>

/** A Cognito user's `sub`: the one name of an account that never moves to somebody else. */
export type Sub = Branded<'Sub'>

// Crockford's base 32: no I, L, O or U, so that an id survives being read out over the phone.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const prefixes = { request: 'REQ', effect: 'EFF', job: 'JOB' } as const

interface Fresh {
  readonly request: RequestId
  readonly effect: EffectId
  readonly job: JobId
}

/**
 * A fresh identifier. Requests get 50 random bits, since people read them and the table refuses a
 * second one; what only machines read gets 100.
 */
export function newId<Kind extends keyof Fresh>(kind: Kind): Fresh[Kind] {
  const length = kind === 'request' ? 10 : 20
  let letters = ''
  while (letters.length < length) letters += alphabet[randomInt(alphabet.length)]
  return `${prefixes[kind]}-${letters}` as Fresh[Kind]
}

/** The request named by a text from outside, or undefined where the text cannot be one. */
export function requestId(text: string): RequestId | undefined {
  return /^REQ-[0-9A-HJKMNP-TV-Z]{10}$/.test(text) ? (text as RequestId) : undefined
}

/** The person that a Slack payload or a stored row names. */
export function personId(text: string): PersonId {
  if (text === '') throw new Error('a person arrived without an id')
  return text as PersonId
}

/** The `sub` of an account, as Cognito wrote it. */
export function subOf(text: string): Sub {
  if (text === '') throw new Error('an account arrived without a sub')
  return text as Sub
}
