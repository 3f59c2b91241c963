/** What an operation of the simulated Cognito is: who may call it, what it reads, what it does. */

import type { Channel } from './channels.ts'
import type { MessageContent } from './mailbox.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'
import { type Member, type Parsed, parse } from './validation.ts'

/** What an operation works on. `now` is the same throughout one call. */
export type Context = {
  readonly pools: readonly Pool[]
  readonly now: Date
  /**
   * Sends after the change of state, as Cognito does, so a failure here leaves the change behind. To be
   * called last. Throws a ServiceException when a fault was ordered that keeps messages from being sent.
   */
  send(pool: Pool, user: User, channel: Channel, content: MessageContent): void
}

/**
 * Reads its input, changes the pool, and returns the output; throws a ServiceException to refuse. What it
 * returns goes out as JSON, in which undefined members are absent. It does not wait for anything.
 */
export type Operation = {
  /** `signed` operations want SigV4, `public` ones nothing; the published API model says which are which. */
  readonly access: 'signed' | 'public'
  run(input: Record<string, unknown>, context: Context): object
}

/**
 * An operation that wants credentials. `shape` says what it reads; other members are
 * ignored.
 */
export const signed = <S extends Record<string, Member<unknown>>>(
  shape: S,
  perform: (input: Parsed<S>, context: Context) => object,
): Operation => ({
  access: 'signed',
  run: (input, context) => perform(parse(shape, input), context),
})

/** An operation for applications, which have no AWS credentials. */
export const unsigned = <S extends Record<string, Member<unknown>>>(
  shape: S,
  perform: (input: Parsed<S>, context: Context) => object,
): Operation => ({
  access: 'public',
  run: (input, context) => perform(parse(shape, input), context),
})
