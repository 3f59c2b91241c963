import { afterEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../../sandbox/cognito/transcript.ts'
import { customersPool, secretClient, staffPool } from '../../../sandbox/world/user-pool-seed.ts'
import type { OwnerRecovery } from '../../../src/recovery/ports/owner-recovery.ts'
import { Secret } from '../../../src/secret.ts'
import {
  customers,
  customersWithSecret,
  openWire,
  staff,
  type Wire,
  withoutCredentials,
} from '../../support/cognito/wire.ts'

const jane = 'jane@example.com'
const chosen = new Secret('A-brand-new-1-password')
const clientSecrets = new Map([['customers', new Secret(secretClient.secret)]])
// More tries than Cognito's least, so that a test may take several.
const seed = { pools: [customersPool(undefined, { attemptsPerHour: 20 }), staffPool()] }

let wire: Wire
afterEach(() => wire.close())

async function owners(given: Parameters<typeof openWire>[0] = {}): Promise<OwnerRecovery> {
  wire = await openWire({ seed, ...given })
  return wire.accounts.ownerRecovery()
}

const code = () => new Secret(wire.cognito.mailbox.latest(jane)?.code ?? '')
const lastCall = () => wire.cognito.calls.at(-1)

describe('owners', () => {
  it('are those of the pools with an app client', async () => {
    expect((await owners()).pools).toEqual(['customers'])
    await wire.close()
    expect((await owners({ pools: [staff] })).pools).toEqual([])
  })

  it('are those of the policy in force, not of the one at the start', async () => {
    const recovery = await owners()
    wire.accounts.serve([staff])
    expect(recovery.pools).toEqual([])
    await expect(recovery.sendCode('customers', jane)).rejects.toThrow('pool customers')
    wire.accounts.serve([customersWithSecret], clientSecrets)
    expect(await recovery.sendCode('customers', jane)).toEqual({ kind: 'asked' })
  })

  it('are told the rules of their pool, or that it can’t be read', async () => {
    const recovery = await owners()
    const rules = { uppercase: true, lowercase: true, numbers: true, symbols: true }
    expect(await recovery.rules('customers')).toEqual({ minimumLength: 8, ...rules })
    await wire.close()
    const away = await owners()
    wire.cognito.faults.add({ operation: 'DescribeUserPool', times: 9, kind: 'throttle' })
    expect(await away.rules('customers')).toBeUndefined()
  })

  it('of any other pool are a mistake of ours', async () => {
    const recovery = await owners()
    await expect(recovery.sendCode('staff', 'mary.lane')).rejects.toThrow('pool staff')
  })
})

describe.each([
  ['without a secret', customers, undefined],
  ['with a secret', customersWithSecret, 'hash'],
])('by an app client %s', (_, pool, hash) => {
  const given = { pools: [pool], ...(hash && { clientSecrets }) }

  it('a code is sent once, and sets the password', async () => {
    const recovery = await owners(given)
    expect(await recovery.sendCode('customers', jane)).toEqual({ kind: 'asked' })
    expect(wire.operations()).toEqual(['ForgotPassword'])
    expect(lastCall()?.input).toEqual({
      ClientId: pool.client?.id,
      Username: jane,
      ...(hash && { SecretHash: expect.stringMatching(/^[\w+/]{43}=$/) }),
    })
    const changed = await recovery.confirm('customers', jane, code(), chosen)
    expect(changed).toEqual({ kind: 'changed' })
    expect(lastCall()?.passwordHashes).toEqual({ Password: sha256(chosen.reveal()) })
  })

  it('the proof is made from the very name that is sent', async () => {
    const recovery = await owners(given)
    for (const name of [jane, 'Jane@Example.COM', wire.sub('Jane')]) {
      await recovery.sendCode('customers', name)
      expect(lastCall()).toMatchObject({ outcome: 'ok', input: { Username: name } })
    }
  })
})

it('neither call needs credentials', async () => {
  const recovery = await owners()
  withoutCredentials()
  expect(await recovery.sendCode('customers', jane)).toEqual({ kind: 'asked' })
  expect(await recovery.confirm('customers', jane, code(), chosen)).toEqual({ kind: 'changed' })
})

describe('asking for a code', () => {
  it.each([
    ['eve@example.com', 'account-gone'],
    ['bob@example.com', 'no-channel'],
    ['grace@example.com', 'account-state'],
    ['carol@example.com', 'account-state'],
    ['frank@example.com', 'account-gone'],
  ])('is the same for %s, with why not (%s) for the log', async (name, kind) => {
    const recovery = await owners()
    expect(await recovery.sendCode('customers', name)).toMatchObject({
      kind: 'asked',
      failure: { kind },
    })
  })

  it.each(['limit-exceeded', 'code-delivery-failure', 'lambda-error-after'] as const)(
    'is the same after %s, which only befalls those who exist',
    async (kind) => {
      const recovery = await owners()
      wire.cognito.faults.add({ operation: 'ForgotPassword', kind })
      expect(await recovery.sendCode('customers', jane)).toMatchObject({ kind: 'asked' })
    },
  )

  it.each([
    ['throttle', 'throttled'],
    ['error-before', 'no-answer'],
    ['drop-after', 'no-answer'],
    [{ name: 'ResourceNotFoundException', message: 'User pool client x' }, 'configuration'],
    [{ name: 'ForbiddenException', message: 'Request blocked' }, 'configuration'],
  ] as const)('after %o is unavailable, and never tried twice', async (kind, failure) => {
    const recovery = await owners()
    wire.cognito.faults.add({ operation: 'ForgotPassword', kind })
    expect(await recovery.sendCode('customers', jane)).toMatchObject({
      kind: 'unavailable',
      failure: { kind: failure },
    })
    expect(wire.operations()).toHaveLength(1)
  })
})

describe('a new password', () => {
  const named = (name: string, message = 'no') => ({ name, message })

  it.each([
    [named('CodeMismatchException'), 'wrong-code'],
    [named('ExpiredCodeException'), 'wrong-code'],
    [named('UserNotFoundException'), 'wrong-code'],
    [named('NotAuthorizedException', 'User is disabled.'), 'wrong-code'],
    [named('NotAuthorizedException', 'Unable to verify secret hash for client x'), 'unavailable'],
    [named('InvalidPasswordException'), 'password-policy'],
    [named('InvalidParameterException', "Value at 'password' failed"), 'password-policy'],
    [named('PasswordHistoryPolicyViolationException'), 'password-history'],
    [named('UserNotConfirmedException'), 'wrong-code'],
    [named('TooManyFailedAttemptsException'), 'wrong-code'],
    [named('ForbiddenException'), 'unavailable'],
    [named('UserLambdaValidationException'), 'unclear'],
    ['limit-exceeded', 'wrong-code'],
    ['throttle', 'unavailable'],
    ['error-after', 'unclear'],
    ['drop-before', 'unclear'],
  ] as const)('met by %o is refused as %s, after one try', async (kind, why) => {
    const recovery = await owners()
    wire.cognito.faults.add({ operation: 'ConfirmForgotPassword', kind })
    const answer = await recovery.confirm('customers', jane, new Secret('123456'), chosen)
    expect(answer).toMatchObject({ kind: 'refused', why })
    expect(wire.operations()).toHaveLength(1)
    expect(JSON.stringify(answer)).not.toMatch(/123456|A-brand|jane/)
  })

  it('that was used before is refused for its history', async () => {
    const recovery = await owners({
      seed: {
        pools: [
          customersPool(undefined, {
            attemptsPerHour: 20,
            passwordPolicy: { minimumLength: 8, historySize: 3 },
          }),
          staffPool(),
        ],
      },
    })
    await recovery.sendCode('customers', jane)
    expect(
      await recovery.confirm('customers', jane, code(), new Secret('Jane-sandbox-1')),
    ).toMatchObject({ kind: 'refused', why: 'password-history' })
  })

  it('reaches nobody when the pool’s service is not there', async () => {
    const recovery = await owners({ endpoint: 'http://127.0.0.1:9' })
    expect(await recovery.confirm('customers', jane, new Secret('123456'), chosen)).toMatchObject({
      kind: 'refused',
      why: 'unavailable',
    })
  })
})
