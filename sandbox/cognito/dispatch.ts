/**
 * One call from X-Amz-Target to its answer: who may ask, the fault that was ordered, the
 * operation, the record. Knows nothing of HTTP beyond a status.
 */

import { randomUUID } from 'node:crypto'
import type { Fault, Faults } from './faults.ts'
import { addressedMessage, type Mailbox } from './mailbox.ts'
import type { Context } from './operation.ts'
import { operations } from './operations.ts'
import type { Pool } from './pool.ts'
import {
  codeDeliveryFailure,
  customMessageFailed,
  internalError,
  limitExceeded,
  ServiceException,
  tooManyRequests,
} from './service-exception.ts'
import { type Call, passwordsIn, redacted } from './transcript.ts'
import { isRecord } from './validation.ts'

/** Everything there is, and everything that happens is written down in. */
export type CognitoState = {
  readonly pools: readonly Pool[]
  readonly mailbox: Mailbox
  readonly faults: Faults
  readonly calls: Call[]
  readonly now: () => Date
  /** Hears every password, in clear; the record of calls has only their hashes. */
  readonly onPassword: ((password: string) => void) | undefined
  /** Each hears the operation of every call, right before it is dealt with. */
  readonly beforeCall: Set<(operation: string) => void>
}

/** A call as it arrives: three headers, each absent if it was not sent, and the body as text. */
export type IncomingCall = {
  /** `<service>.<operation>`; only what follows the dot is read. */
  readonly target: string | undefined
  readonly authorization: string | undefined
  readonly userAgent: string | undefined
  readonly body: string
}

/**
 * What goes back, `afterMs` milliseconds late. Of a refusal the body has `__type`, from which the SDK takes
 * the name, and `message`.
 */
export type Answer = {
  readonly requestId: string
  readonly status: number
  readonly body: object
  readonly afterMs: number
}

/** An answer, or none: the connection is broken (`drop`), or stays open and silent (`hang`). */
export type Reply = Answer | 'drop' | 'hang'

/**
 * Performs the call and records it, all in one turn, so that calls never overlap.
 *
 * @throws only what is a mistake of the simulator itself; such a call is not recorded
 */
export function dispatch(state: CognitoState, incoming: IncomingCall): Reply {
  const requestId = randomUUID()
  const { target, authorization, userAgent = '' } = incoming
  const operation = target?.split('.')[1] ?? ''
  for (const hear of state.beforeCall) hear(operation)
  const at = state.now()
  const input = inputOf(incoming.body)
  if (state.onPassword) passwordsIn(input ?? {}).forEach(state.onPassword)
  const result = perform(state, { operation, authorization, input, at })
  const { outcome, effect } = result
  const record = { operation, ...redacted(input ?? {}), at, outcome, effect, requestId, userAgent }
  state.calls.push(record)
  return typeof result.reply === 'string' ? result.reply : { requestId, ...result.reply }
}

type Result = Pick<Call, 'outcome' | 'effect'> & {
  readonly reply: Omit<Answer, 'requestId'> | 'drop' | 'hang'
}

type Input = Record<string, unknown>

type ParsedCall = {
  readonly operation: string
  readonly authorization: string | undefined
  /** Undefined when the body is not a JSON object. */
  readonly input: Input | undefined
  readonly at: Date
}

// Whatever is signed with SigV4 passes: the signature itself is not checked, and there is no IAM.
// In the service's own order: is there such an operation, is it signed, is it JSON. Only then a fault.
function perform(state: CognitoState, call: ParsedCall): Result {
  const { input, authorization, at } = call
  const operation = operations.get(call.operation)
  if (!operation)
    return refused(new ServiceException('UnknownOperationException', 'Unknown operation'))
  if (operation.access === 'signed' && !authorization?.startsWith('AWS4-HMAC-SHA256')) {
    return refused(
      new ServiceException('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    )
  }
  if (!input) return refused(new ServiceException('SerializationException', 'Not a JSON object'))
  const pool = poolIn(state.pools, input)
  const fault = state.faults.take(call.operation, namesIn(pool, input), pool?.id)
  const execute: Execute = (undelivered) => {
    const context = { pools: state.pools, now: at, send: sender(state.mailbox, at, undelivered) }
    return run(() => operation.run(input, context), undelivered)
  }
  return fault ? withFault(fault, execute) : execute()
}

function inputOf(body: string): Input | undefined {
  try {
    const input: unknown = JSON.parse(body)
    return isRecord(input) ? input : undefined
  } catch {
    return undefined
  }
}

function poolIn(pools: readonly Pool[], input: Input): Pool | undefined {
  return pools.find(
    ({ id, clients }) =>
      id === input['UserPoolId'] || clients.some((client) => client.id === input['ClientId']),
  )
}

/** Every name of the user that a call is about, so that a fault can be ordered by any of them. */
function namesIn(pool: Pool | undefined, input: Input): string[] {
  const inner = input['AuthParameters'] ?? input['ChallengeResponses']
  const given = input['Username'] ?? (isRecord(inner) ? inner['USERNAME'] : undefined)
  if (typeof given !== 'string') return []
  const user = pool?.find(given)
  const email = user?.attributes.get('email')
  return [given, ...(user ? [user.username, user.sub] : []), ...(email ? [email] : [])]
}

/** Runs the operation; with `undelivered`, as if the message it sends could not be. */
type Execute = (undelivered?: ServiceException) => Result

function sender(
  mailbox: Mailbox,
  now: Date,
  undelivered: ServiceException | undefined,
): Context['send'] {
  return (pool, user, channel, content) => {
    if (undelivered) throw undelivered
    mailbox.put(addressedMessage(content, { user, poolId: pool.id, channel }, now))
  }
}

function run(operation: () => object, undelivered: ServiceException | undefined): Result {
  try {
    const output = operation()
    if (undelivered) return { ...refused(undelivered), effect: 'done' }
    return { outcome: 'ok', effect: 'done', reply: { status: 200, body: output, afterMs: 0 } }
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error
    // The message comes last, so everything before it has happened.
    return error === undelivered ? { ...refused(error), effect: 'done' } : refused(error)
  }
}

function refused(fault: ServiceException): Result {
  const status = fault.name === 'InternalErrorException' ? 500 : 400
  const body = { __type: fault.name, message: fault.message }
  return { outcome: fault.name, effect: 'refused', reply: { status, body, afterMs: 0 } }
}

function withFault({ kind, ms }: Fault, execute: Execute): Result {
  if (typeof kind === 'object') return untouched(new ServiceException(kind.name, kind.message))
  switch (kind) {
    case 'throttle':
      return { ...untouched(tooManyRequests()), outcome: kind }
    case 'limit-exceeded':
      return { ...untouched(limitExceeded()), outcome: kind }
    case 'error-before':
      return { ...untouched(internalError()), outcome: kind }
    case 'error-after':
      return { ...execute(), outcome: kind, reply: refused(internalError()).reply }
    case 'drop-before':
      return { effect: 'none', outcome: kind, reply: 'drop' }
    case 'drop-after':
      return { ...execute(), outcome: kind, reply: 'drop' }
    case 'hang-before':
      return { effect: 'none', outcome: kind, reply: 'hang' }
    case 'hang-after':
      return { ...execute(), outcome: kind, reply: 'hang' }
    case 'slow':
      return delayed(execute(), ms ?? 1000)
    case 'lambda-error-after':
      return asOrdered(execute(customMessageFailed()), kind)
    case 'code-delivery-failure':
      return asOrdered(execute(codeDeliveryFailure()), kind)
  }
}

const untouched = (fault: ServiceException): Result => ({ ...refused(fault), effect: 'none' })

// A call that Cognito refuses anyway never gets as far as the message.
const asOrdered = (result: Result, kind: string): Result =>
  result.effect === 'done' ? { ...result, outcome: kind } : result

function delayed(result: Result, afterMs: number): Result {
  if (typeof result.reply === 'string') return result
  return { ...result, reply: { ...result.reply, afterMs } }
}
