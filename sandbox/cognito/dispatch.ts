/**
 * One call from X-Amz-Target to its answer: who may ask, the misfortune that was ordered, the
 * operation, the record. Knows nothing of HTTP beyond a status.
 */

import { randomUUID } from 'node:crypto'
import type { Fault, Faults } from './faults.ts'
import { addressed, type Mailbox } from './mailbox.ts'
import type { Context, Operation } from './operation.ts'
import { operations } from './operations.ts'
import type { Pool } from './pool.ts'
import {
  codeDeliveryFailure,
  customMessageFailed,
  internalError,
  limitExceeded,
  ServiceFault,
  tooManyRequests,
} from './service-fault.ts'
import { type Call, passwordsIn, redacted } from './transcript.ts'
import { isRecord } from './validation.ts'

export type House = {
  readonly pools: readonly Pool[]
  readonly mailbox: Mailbox
  readonly faults: Faults
  readonly calls: Call[]
  readonly now: () => Date
  readonly onPassword: ((password: string) => void) | undefined
}

export type Incoming = {
  readonly target: string | undefined
  readonly authorization: string | undefined
  readonly userAgent: string | undefined
  readonly body: string
}

export type Answer = {
  readonly requestId: string
  readonly status: number
  readonly body: object
  readonly afterMs: number
}

export type Reply = Answer | 'drop' | 'hang'

/** Performs the call and records it. */
export function dispatch(house: House, incoming: Incoming): Reply {
  const requestId = randomUUID()
  const name = incoming.target?.split('.')[1] ?? ''
  const at = house.now()
  const input = inputOf(incoming.body)
  if (house.onPassword) passwordsIn(input ?? {}).forEach(house.onPassword)
  const result = perform(house, name, incoming, input, at)
  const { outcome, effect } = result
  const { userAgent = '' } = incoming
  house.calls.push({
    operation: name,
    ...redacted(input ?? {}),
    at,
    outcome,
    effect,
    requestId,
    userAgent,
  })
  return typeof result.reply === 'string' ? result.reply : { requestId, ...result.reply }
}

type Result = Pick<Call, 'outcome' | 'effect'> & {
  readonly reply: Omit<Answer, 'requestId'> | 'drop' | 'hang'
}

function perform(
  house: House,
  name: string,
  { authorization }: Incoming,
  input: Record<string, unknown> | undefined,
  now: Date,
): Result {
  const operation = operations.get(name)
  if (!operation) return refused(new ServiceFault('UnknownOperationException', 'Unknown operation'))
  if (operation.access === 'signed' && !authorization?.startsWith('AWS4-HMAC-SHA256')) {
    return refused(
      new ServiceFault('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    )
  }
  if (!input) return refused(new ServiceFault('SerializationException', 'Not a JSON object'))
  const pool = poolIn(house.pools, input)
  const fault = house.faults.take(name, namesIn(pool, input), pool?.id)
  const act = (undelivered?: ServiceFault) => run(house, operation, input, now, undelivered)
  return fault ? spoilt(fault, act) : act()
}

function inputOf(body: string): Record<string, unknown> | undefined {
  try {
    const input: unknown = JSON.parse(body)
    return isRecord(input) ? input : undefined
  } catch {
    return undefined
  }
}

function poolIn(pools: readonly Pool[], input: Record<string, unknown>): Pool | undefined {
  return pools.find(
    ({ id, clients }) =>
      id === input['UserPoolId'] || clients.some((client) => client.id === input['ClientId']),
  )
}

/** Every name of the user that a call is about, so that a fault can be ordered by any of them. */
function namesIn(pool: Pool | undefined, input: Record<string, unknown>): string[] {
  const inner = input['AuthParameters'] ?? input['ChallengeResponses']
  const given = input['Username'] ?? (isRecord(inner) ? inner['USERNAME'] : undefined)
  if (typeof given !== 'string') return []
  const user = pool?.find(given)
  const email = user?.attributes.get('email')
  return [given, ...(user ? [user.username, user.sub] : []), ...(email ? [email] : [])]
}

function run(
  house: House,
  operation: Operation,
  input: Record<string, unknown>,
  now: Date,
  undelivered: ServiceFault | undefined,
): Result {
  const send: Context['send'] = (pool, user, channel, letter) => {
    if (undelivered) throw undelivered
    house.mailbox.put(addressed(letter, { user, poolId: pool.id, channel }, now))
  }
  try {
    const output = operation.run(input, { pools: house.pools, now, send })
    if (undelivered) return { ...refused(undelivered), effect: 'done' }
    return { outcome: 'ok', effect: 'done', reply: { status: 200, body: output, afterMs: 0 } }
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error
    // The message comes last, so everything before it has happened.
    return error === undelivered ? { ...refused(error), effect: 'done' } : refused(error)
  }
}

function refused(fault: ServiceFault): Result {
  const status = fault.name === 'InternalErrorException' ? 500 : 400
  const body = { __type: fault.name, message: fault.message }
  return { outcome: fault.name, effect: 'refused', reply: { status, body, afterMs: 0 } }
}

function spoilt({ kind, ms }: Fault, act: (undelivered?: ServiceFault) => Result): Result {
  if (typeof kind === 'object') return untouched(new ServiceFault(kind.name, kind.message))
  switch (kind) {
    case 'throttle':
      return { ...untouched(tooManyRequests()), outcome: kind }
    case 'limit-exceeded':
      return { ...untouched(limitExceeded()), outcome: kind }
    case 'error-before':
      return { ...untouched(internalError()), outcome: kind }
    case 'error-after':
      return { ...act(), outcome: kind, reply: refused(internalError()).reply }
    case 'drop-before':
      return { effect: 'none', outcome: kind, reply: 'drop' }
    case 'drop-after':
      return { ...act(), outcome: kind, reply: 'drop' }
    case 'hang-before':
      return { effect: 'none', outcome: kind, reply: 'hang' }
    case 'hang-after':
      return { ...act(), outcome: kind, reply: 'hang' }
    case 'slow':
      return delayed(act(), ms ?? 1000)
    case 'lambda-error-after':
      return asOrdered(act(customMessageFailed()), kind)
    case 'code-delivery-failure':
      return asOrdered(act(codeDeliveryFailure()), kind)
  }
}

const untouched = (fault: ServiceFault): Result => ({ ...refused(fault), effect: 'none' })

// A call that Cognito refuses anyway never gets as far as the message.
const asOrdered = (result: Result, kind: string): Result =>
  result.effect === 'done' ? { ...result, outcome: kind } : result

function delayed(result: Result, afterMs: number): Result {
  if (typeof result.reply === 'string') return result
  return { ...result, reply: { ...result.reply, afterMs } }
}
