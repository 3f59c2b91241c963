import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EffectKind } from '../../../src/recovery/model/effect.ts'
import { Secret } from '../../../src/secret.ts'
import { failureWords } from '../../../src/slack/text/en/failures.ts'
import { effect, openWire, type Wire } from '../../support/cognito/wire.ts'

let wire: Wire
beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.cognito.faults.clear())
afterAll(() => wire.close())

const common = [
  'InternalErrorException',
  'InvalidParameterException',
  'NotAuthorizedException',
  'OperationNotEnabledException',
  'ResourceNotFoundException',
  'TooManyRequestsException',
  'UserNotFoundException',
  // Not in the model of any operation, but the gateway in front of them all says these.
  'AccessDeniedException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'UnknownOperationException',
  'UnrecognizedClientException',
]

const sending = [
  'InvalidEmailRoleAccessPolicyException',
  'InvalidLambdaResponseException',
  'InvalidSmsRoleAccessPolicyException',
  'InvalidSmsRoleTrustRelationshipException',
  'LimitExceededException',
  'UnexpectedLambdaException',
  'UserLambdaValidationException',
]

const password = ['InvalidPasswordException', 'PasswordHistoryPolicyViolationException']

/** Every exception that the model of each operation names, and those of the gateway. */
const exceptions: Record<
  Exclude<EffectKind, 'scramble'>,
  [operation: string, names: readonly string[]]
> = {
  reset: ['AdminResetUserPassword', [...common, ...sending]],
  'temporary-password': ['AdminSetUserPassword', [...common, ...password]],
  'permanent-password': ['AdminSetUserPassword', [...common, ...password]],
  'recovery-code': [
    'ForgotPassword',
    [...common, ...sending, 'CodeDeliveryFailureException', 'ForbiddenException'],
  ],
  'resend-invitation': [
    'AdminCreateUser',
    [
      ...common,
      ...sending,
      'CodeDeliveryFailureException',
      'InvalidPasswordException',
      'PreconditionNotMetException',
      'UnsupportedUserStateException',
      'UsernameExistsException',
    ],
  ],
  'sign-out': ['AdminUserGlobalSignOut', common],
}

const cases = Object.entries(exceptions).flatMap(([kind, [operation, names]]) =>
  names.map((name) => [kind as EffectKind, operation, name] as const),
)

// What no text of AWS may carry into Slack.
const inside = 'arn:aws:sts::123456789012:assumed-role/rekey'

describe('every exception of every operation, over the wire', () => {
  it.each(cases)('%s: %s answers %s', async (kind, operation, name) => {
    const owner = kind === 'resend-invitation' ? 'Carol' : 'Jane'
    wire.cognito.faults.add({ operation, kind: { name, message: `User: ${inside} …` }, times: 9 })
    const before = wire.cognito.calls.filter((call) => call.operation === operation).length
    const answer = await wire.accounts.perform(kind, wire.ref(owner), effect(), {
      password: new Secret('Given-by-desk-7'),
    })

    if (answer.kind === 'done') throw new Error('it was not done')
    expect(wire.cognito.calls.filter((call) => call.operation === operation)).toHaveLength(
      before + 1,
    )
    expect(answer.failure.name).toBe(name)
    expect(answer.failure.awsRequestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(failureWords[answer.failure.kind]).not.toBe('')
    expect(JSON.stringify(answer)).not.toContain('123456789012')
  })
})
