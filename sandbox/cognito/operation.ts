/** What an operation of the pretend Cognito is: who may call it, what it reads, what it does. */

import type { Channel } from './channels.ts'
import type { Letter } from './mailbox.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'
import { type Member, type Parsed, parse } from './validation.ts'

export type Context = {
  readonly pools: readonly Pool[]
  readonly now: Date
  /** Sends after the change of state, as Cognito does, so a failure here leaves the change behind. */
  send(pool: Pool, user: User, channel: Channel, letter: Letter): void
}

export type Operation = {
  /** `signed` operations want SigV4, `public` ones nothing. */
  readonly access: 'signed' | 'public'
  run(input: Record<string, unknown>, context: Context): object
}

export const signed = <S extends Record<string, Member<unknown>>>(
  shape: S,
  act: (input: Parsed<S>, context: Context) => object,
): Operation => ({ access: 'signed', run: (input, context) => act(parse(shape, input), context) })

export const open = <S extends Record<string, Member<unknown>>>(
  shape: S,
  act: (input: Parsed<S>, context: Context) => object,
): Operation => ({ access: 'public', run: (input, context) => act(parse(shape, input), context) })
