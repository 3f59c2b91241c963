/** What an operation of the pretend Cognito is: who may call it, what it reads, what it does. */

import type { Channel } from './channels.ts'
import type { MessageContent } from './mailbox.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'
import { type Member, type Parsed, parse } from './validation.ts'

export type Context = {
  readonly pools: readonly Pool[]
  readonly now: Date
  /** Sends after the change of state, as Cognito does, so a failure here leaves the change behind. */
  send(pool: Pool, user: User, channel: Channel, content: MessageContent): void
}

export type Operation = {
  /** `signed` operations want SigV4, `public` ones nothing. */
  readonly access: 'signed' | 'public'
  run(input: Record<string, unknown>, context: Context): object
}

export const signed = <S extends Record<string, Member<unknown>>>(
  shape: S,
  perform: (input: Parsed<S>, context: Context) => object,
): Operation => ({
  access: 'signed',
  run: (input, context) => perform(parse(shape, input), context),
})

export const unsigned = <S extends Record<string, Member<unknown>>>(
  shape: S,
  perform: (input: Parsed<S>, context: Context) => object,
): Operation => ({
  access: 'public',
  run: (input, context) => perform(parse(shape, input), context),
})
