import { describe, expect, it } from 'vitest'
import {
  answerTo,
  answerToReading,
  failureOf,
  isUserNotFound,
} from '../../../src/cognito/failures.ts'
import type { FailureKind } from '../../../src/recovery/model/effect.ts'

type Row = [kind: FailureKind, name: string, message: string]

/** An error as the SDK makes it of an answer from Cognito. */
function answer(name: string, message = '', status = 400) {
  return Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode: status, requestId: 'c0ffee00-0000-4000-8000-000000000000' },
  })
}

const transport = (fields: { name?: string; code?: string; syscall?: string }, message = '') =>
  Object.assign(new Error(message), fields)

describe('what Cognito refuses for good', () => {
  it.each<Row>([
    [
      'account-state',
      'NotAuthorizedException',
      'User password cannot be reset in the current state.',
    ],
    ['account-state', 'NotAuthorizedException', 'User is disabled.'],
    ['account-state', 'NotAuthorizedException', 'User is disabled'],
    ['account-state', 'UnsupportedUserStateException', 'Resend not possible. ada status is not …'],
    ['account-state', 'UserNotConfirmedException', ''],
    ['account-state', 'PasswordResetRequiredException', 'Password reset required for the user'],
    [
      'no-channel',
      'InvalidParameterException',
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    ],
    ['account-gone', 'UserNotFoundException', 'User does not exist.'],
    ['pool-gone', 'ResourceNotFoundException', 'User pool us-west-2_a does not exist.'],
    ['configuration', 'ResourceNotFoundException', 'User pool client 1example does not exist.'],
    ['password-policy', 'InvalidPasswordException', 'Password did not conform with policy: …'],
    [
      'password-policy',
      'InvalidParameterException',
      "1 validation error detected: Value at 'password' failed to satisfy constraint: …",
    ],
    ['password-history', 'PasswordHistoryPolicyViolationException', 'whatever it says'],
    [
      'attempt-limit',
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    ],
    ['attempt-limit', 'LimitExceededException', 'a text nobody has seen'],
    ['attempt-limit', 'TooManyFailedAttemptsException', ''],
    [
      'mail-limit',
      'LimitExceededException',
      'Exceeded daily email limit for the operation or the account. If a higher limit …',
    ],
    ['configuration', 'NotAuthorizedException', 'Unable to verify secret hash for client 1example'],
    [
      'configuration',
      'NotAuthorizedException',
      'Client 1example is configured with secret but SECRET_HASH was not received',
    ],
    ['configuration', 'OperationNotEnabledException', ''],
    ['configuration', 'ForbiddenException', 'Request not allowed due to WAF block.'],
    ['refused', 'NotAuthorizedException', 'Contact administrator to reset password.'],
    ['refused', 'InvalidParameterException', 'a text nobody has seen'],
    ['refused', 'AnExceptionOfNextYear', ''],
  ])('is %s: %s %s', (kind, name, message) => {
    expect(answerTo('reset', answer(name, message))).toEqual({
      kind: 'refused',
      failure: { kind, name, awsRequestId: 'c0ffee00-0000-4000-8000-000000000000' },
    })
  })
})

describe('what may work later', () => {
  it.each<Row>([
    ['throttled', 'TooManyRequestsException', 'Rate exceeded'],
    ['throttled', 'ThrottlingException', ''],
    ['configuration', 'AccessDeniedException', 'User: arn:aws:sts::123456789012:assumed-role/…'],
    ['configuration', 'UnrecognizedClientException', ''],
    ['configuration', 'ExpiredTokenException', ''],
    ['configuration', 'InvalidSignatureException', ''],
  ])('is %s: %s', (kind, name, message) => {
    expect(answerTo('reset', answer(name, message))).toMatchObject({
      kind: 'not-applied',
      failure: { kind, name },
    })
  })

  it.each([
    ['no-answer', 'ECONNREFUSED', { name: 'Error', code: 'ECONNREFUSED', syscall: 'connect' }],
    ['no-answer', 'ECONNREFUSED', { name: 'AggregateError', code: 'ECONNREFUSED' }],
    ['no-answer', 'ENOTFOUND', { name: 'Error', code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
    ['no-answer', 'ETIMEDOUT', { name: 'TimeoutError', code: 'ETIMEDOUT', syscall: 'connect' }],
    ['configuration', 'CredentialsProviderError', { name: 'CredentialsProviderError' }],
  ])('is %s: %s, since nothing was sent', (kind, name, fields) => {
    expect(answerTo('reset', transport(fields))).toEqual({
      kind: 'not-applied',
      failure: { kind, name },
    })
  })

  it('is a connection that was not made in time', () => {
    const words = 'the request socket did not establish a connection with the server within …'
    expect(answerTo('reset', transport({ name: 'TimeoutError' }, words)).kind).toBe('not-applied')
  })
})

describe('what may have happened', () => {
  it.each([
    ['ECONNRESET', transport({ name: 'TimeoutError', code: 'ECONNRESET' })],
    ['EPIPE', transport({ name: 'TimeoutError', code: 'EPIPE', syscall: 'write' })],
    ['ETIMEDOUT', transport({ name: 'TimeoutError', code: 'ETIMEDOUT' })],
    ['AbortError', transport({ name: 'AbortError' })],
    ['InternalErrorException', answer('InternalErrorException', '', 500)],
    ['ServiceUnavailable', answer('ServiceUnavailable', '', 503)],
    // Whatever a failing server calls it, it failed.
    ['NotAuthorizedException', answer('NotAuthorizedException', 'User is disabled.', 500)],
    ['SyntaxError', answer('SyntaxError', 'Unexpected token <', 403)],
    ['SyntaxError', answer('SyntaxError', 'Unexpected token <', 200)],
    ['Error', transport({})],
    ['Error', 'not even an error'],
  ])('is no answer: %s', (name, error) => {
    expect(answerTo('reset', error)).toMatchObject({
      kind: 'unknown',
      failure: { kind: 'no-answer', name },
    })
  })

  it('is a refusal that Cognito did not sign', () => {
    const between = { name: 'UnknownError', $metadata: { httpStatusCode: 403 } }
    expect(answerTo('reset', between)).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    ['CodeDeliveryFailureException'],
    ['UserLambdaValidationException'],
    ['UnexpectedLambdaException'],
    ['InvalidLambdaResponseException'],
    ['InvalidSmsRoleAccessPolicyException'],
    ['InvalidSmsRoleTrustRelationshipException'],
    ['InvalidEmailRoleAccessPolicyException'],
  ])('is a delivery that failed after the account was changed: %s', (name) => {
    for (const kind of ['reset', 'resend-invitation'] as const) {
      expect(answerTo(kind, answer(name))).toMatchObject({
        kind: 'unknown',
        failure: { kind: 'delivery' },
      })
    }
    expect(answerTo('recovery-code', answer(name))).toMatchObject({
      kind: 'refused',
      failure: { kind: 'delivery' },
    })
  })
})

it.each([
  'ERR_INVALID_CHAR',
  'ERR_INVALID_URL',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_UNESCAPED_CHARACTERS',
  'ERR_INVALID_PROTOCOL',
  'ERR_PROXY_TUNNEL',
])('never left where it cannot be sent: %s', (code) => {
  expect(answerTo('reset', transport({ name: 'TypeError', code }))).toEqual({
    kind: 'not-applied',
    failure: { kind: 'configuration', name: code },
  })
})

it('has written nothing while it was only reading', () => {
  expect(answerToReading(answer('InternalErrorException', '', 500)).kind).toBe('not-applied')
  expect(answerToReading(transport({ code: 'ECONNRESET' })).kind).toBe('not-applied')
  expect(answerToReading(answer('UserNotFoundException')).kind).toBe('refused')
})

it('lets nothing out but a name and an id', () => {
  const told = failureOf(
    answer('AccessDeniedException', 'User: arn:aws:sts::123456789012:role/x is not authorized'),
  )
  expect(Object.keys(told).sort()).toEqual(['awsRequestId', 'kind', 'name'])
  expect(JSON.stringify(told)).not.toContain('arn:')
})

it('lets no text pass for a name', () => {
  const odd = answer('no name but ada@example.com')
  odd.$metadata.requestId = '<!channel>'
  expect(failureOf(odd)).toEqual({ kind: 'refused', name: 'Error' })
})

it('knows who is not there', () => {
  expect(isUserNotFound(answer('UserNotFoundException'))).toBe(true)
  expect(isUserNotFound(answer('ResourceNotFoundException'))).toBe(false)
})
