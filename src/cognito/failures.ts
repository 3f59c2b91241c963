/**
 * What each failure means: why, and whether the call can have changed anything.
 *
 * Errors are told apart by name. Two names are overloaded, and there a piece of the message refines
 * the advice; a message we do not know changes nothing but that. The message itself, which may name
 * roles, accounts and people, goes no further than this file.
 */

import type { Answer, EffectKind, Failure, FailureKind } from '../recovery/model/effect.ts'
import { text } from './text/text.ts'

/** Why a call failed, for whoever only wanted to read. */
export function failureOf(error: unknown): Failure {
  const told = tell(error)
  return failure(told, meaningOf(told).kind)
}

/** How a writing call ended that threw this error. @param effectKind absent where the owner acts, not Rekey */
export function answerTo(effectKind: EffectKind | undefined, error: unknown): Unanswered {
  const told = tell(error)
  const { kind, effect } = meaningOf(told, effectKind)
  return { kind: effect, failure: failure(told, kind) }
}

type Unanswered = Exclude<Answer, { readonly kind: 'done' }>

/** How a call ended whose preparation failed: whatever it was, nothing has been written yet. */
export function answerToReading(error: unknown): Answer {
  const told = tell(error)
  const { kind, effect } = meaningOf(told)
  return effect === 'refused'
    ? { kind: 'refused', failure: failure(told, kind) }
    : { kind: 'not-applied', failure: failure(told, kind), uncalled: true }
}

/** Whether an error of this name turns Rekey itself away, whatever it wanted. */
export function isLockedOut(name: string): boolean {
  return locked.has(name)
}

/** Whether an error of this name, which turns Rekey away, came before anything had left for AWS. */
export function isUnsent(name: string): boolean {
  return [...unsendable, ...noTunnel, 'CredentialsProviderError', 'TokenProviderError'].includes(
    name,
  )
}

/** Why AWS turns Rekey away under this name, for an operator. */
export function whyLockedOut(name: string): string {
  const { bent, proxy, unknownKey, wrongSecret, expired, denied } = text.reasons
  if (unsendable.includes(name)) return bent
  if (noTunnel.includes(name)) return proxy
  if (/Expired/.test(name)) return expired
  if (/Signature/.test(name)) return wrongSecret
  if (/ClientToken|UnrecognizedClient|OptIn/.test(name)) return unknownKey
  return /AuthenticationToken|Credentials|TokenProvider/.test(name) ? text.credentials.none : denied
}

/** Whether Cognito said that there is no such user. */
export function isUserNotFound(error: unknown): boolean {
  return tell(error).name === 'UserNotFoundException'
}

interface Meaning {
  readonly kind: FailureKind
  readonly effect: 'refused' | 'not-applied' | 'unknown'
}

const refused = (kind: FailureKind): Meaning => ({ kind, effect: 'refused' })
const notApplied = (kind: FailureKind): Meaning => ({ kind, effect: 'not-applied' })
const unknown = (kind: FailureKind): Meaning => ({ kind, effect: 'unknown' })

function meaningOf(told: Told, effectKind?: EffectKind): Meaning {
  if (told.status !== undefined && told.status >= 500) return unknown('no-answer')
  if (undelivered.has(told.name)) {
    // ForgotPassword leaves the account as it is. The others have changed it by the time they send.
    return effectKind === 'recovery-code' ? refused('delivery') : unknown('delivery')
  }
  if (locked.has(told.name) || locked.has(told.code)) return notApplied('configuration')
  if (throttled.has(told.name)) return notApplied('throttled')
  const meaning = meanings.get(told.name)
  if (meaning) return typeof meaning === 'function' ? meaning(told.message) : meaning
  if (neverSent(told)) return notApplied('no-answer')
  return isCognitosNo(told) ? refused('refused') : unknown('no-answer')
}

const meanings: ReadonlyMap<string, Meaning | ((message: string) => Meaning)> = new Map<
  string,
  Meaning | ((message: string) => Meaning)
>([
  ['NotAuthorizedException', notAuthorized],
  ['InvalidParameterException', invalidParameter],
  ['LimitExceededException', limitExceeded],
  ['ResourceNotFoundException', resourceNotFound],
  ['UserNotFoundException', refused('account-gone')],
  ['UnsupportedUserStateException', refused('account-state')],
  ['UserNotConfirmedException', refused('account-state')],
  ['PasswordResetRequiredException', refused('account-state')],
  ['InvalidPasswordException', refused('password-policy')],
  ['PasswordHistoryPolicyViolationException', refused('password-history')],
  ['TooManyFailedAttemptsException', refused('attempt-limit')],
  ['ForbiddenException', refused('configuration')],
  ['OperationNotEnabledException', refused('configuration')],
  ['UnknownOperationException', refused('configuration')],
  ['InvalidUserPoolConfigurationException', refused('configuration')],
])

function notAuthorized(message: string): Meaning {
  if (message.includes('current state') || message.includes('disabled')) {
    return refused('account-state')
  }
  return refused(message.includes('secret') ? 'configuration' : 'refused')
}

function invalidParameter(message: string): Meaning {
  if (message.includes('registered/verified')) return refused('no-channel')
  return refused(message.includes("at 'password'") ? 'password-policy' : 'refused')
}

// One name for two limits that ask for opposite things: wait an hour, or stop until 09:00 UTC.
function limitExceeded(message: string): Meaning {
  return refused(message.includes('daily email') ? 'mail-limit' : 'attempt-limit')
}

function resourceNotFound(message: string): Meaning {
  return refused(message.includes('pool client') ? 'configuration' : 'pool-gone')
}

const undelivered: ReadonlySet<string> = new Set([
  'CodeDeliveryFailureException',
  'InvalidEmailRoleAccessPolicyException',
  'InvalidLambdaResponseException',
  'InvalidSmsRoleAccessPolicyException',
  'InvalidSmsRoleTrustRelationshipException',
  'UnexpectedLambdaException',
  'UserLambdaValidationException',
])

// What Node refuses to send: a line break in a key, an endpoint that is no URL. Nothing has left.
const unsendable: readonly string[] = [
  'ERR_INVALID_CHAR',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_INVALID_PROTOCOL',
  'ERR_INVALID_URL',
  'ERR_SOCKET_BAD_PORT',
  'ERR_UNESCAPED_CHARACTERS',
]

// The proxy has turned Rekey away before there was a way to AWS.
const noTunnel: readonly string[] = ['ERR_PROXY_TUNNEL', 'ERR_PROXY_INVALID_CONFIG']

// Turned away at the gate, or without credentials to knock with. An operator can mend it.
const locked: ReadonlySet<string> = new Set([
  ...unsendable,
  ...noTunnel,
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'OptInRequired',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
])

const throttled: ReadonlySet<string> = new Set([
  'TooManyRequestsException',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
])

const unreachable: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

// No connection, so nothing of the request can have left. The SDK's connect timeout has the name of
// any other timeout and no code, hence the look at its words.
function neverSent(told: Told): boolean {
  return (
    unreachable.has(told.code) ||
    told.syscall === 'connect' ||
    (told.name === 'TimeoutError' && told.message.includes('did not establish a connection'))
  )
}

// A refusal without a request id, or one that is not JSON, comes from somebody in between.
function isCognitosNo(told: Told): boolean {
  const isRefusal = told.status !== undefined && told.status >= 400
  return isRefusal && told.requestId !== undefined && told.name !== 'SyntaxError'
}

/** What an error tells of itself, in the few places where it might. */
interface Told {
  readonly name: string
  /** In lower case, to look for pieces in. */
  readonly message: string
  readonly code: string
  readonly syscall: string
  readonly status: number | undefined
  readonly requestId: string | undefined
}

function tell(error: unknown): Told {
  const metadata = property(error, '$metadata')
  const status = property(metadata, 'httpStatusCode')
  const requestId = property(metadata, 'requestId')
  return {
    name: textOf(error, 'name'),
    message: textOf(error, 'message').toLowerCase(),
    code: textOf(error, 'code'),
    syscall: textOf(error, 'syscall'),
    status: typeof status === 'number' ? status : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  }
}

function textOf(holder: unknown, key: string): string {
  const value = property(holder, key)
  return typeof value === 'string' ? value : ''
}

function property(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined
}

function failure(told: Told, kind: FailureKind): Failure {
  const name = [told.code, told.name].find(isName) ?? 'Error'
  const { requestId } = told
  return { kind, name, ...(requestId && isName(requestId) && { awsRequestId: requestId }) }
}

// Names and ids come over the wire too: nothing but a plain word passes.
const isName = (text: string) => /^[\w.-]{1,100}$/.test(text)
