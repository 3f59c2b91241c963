import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { userSeed } from '../../../sandbox/cognito/user-seed.ts'
import { customersPool, secretClient } from '../../../sandbox/world/user-pool-seed.ts'
import { Secret } from '../../../src/secret.ts'
import {
  customers,
  customersWithSecret,
  effect,
  openWire,
  staff,
  type Wire,
} from '../../support/cognito/wire.ts'

let wire: Wire
beforeEach(async () => {
  wire = await openWire()
})
afterEach(() => wire.close())

const password = new Secret('Temporary-7-pass')
const state = (name: string) => wire.cognito.pools.get('customers').user(wire.sub(name))
const lastCall = () => wire.cognito.calls.at(-1)

describe('a reset', () => {
  it('asks Cognito for a code, once, and carries the effect', async () => {
    const id = effect()
    const answer = await wire.accounts.perform('reset', wire.ref('Jane'), id)
    expect(answer).toEqual({ kind: 'done', awsRequestId: lastCall()?.requestId })
    expect(wire.operations()).toEqual(['AdminResetUserPassword'])
    expect(lastCall()?.input).toMatchObject({ ClientMetadata: { rekeyEffect: id } })
    expect(state('Jane').status).toBe('RESET_REQUIRED')
    expect(wire.cognito.mailbox.to('jane@example.com')).toHaveLength(1)
  })

  it.each([
    ['Carol', 'account-state', 'NotAuthorizedException'],
    ['Grace', 'account-state', 'NotAuthorizedException'],
    ['Bob', 'no-channel', 'InvalidParameterException'],
    ['Heidi', 'no-channel', 'InvalidParameterException'],
  ])('is refused for %s: %s', async (name, kind, exception) => {
    expect(await wire.accounts.perform('reset', wire.ref(name), effect())).toEqual({
      kind: 'refused',
      failure: { kind, name: exception, awsRequestId: lastCall()?.requestId },
    })
    expect(wire.operations()).toHaveLength(1)
  })

  it('is refused for somebody who is gone', async () => {
    const jane = wire.ref('Jane')
    wire.cognito.pools.get('customers').remove(jane.username)
    expect(await wire.accounts.perform('reset', jane, effect())).toMatchObject({
      kind: 'refused',
      failure: { kind: 'account-gone' },
    })
  })
})

describe('a password', () => {
  it.each([
    ['temporary-password', 'FORCE_CHANGE_PASSWORD'],
    ['scramble', 'FORCE_CHANGE_PASSWORD'],
    ['permanent-password', 'CONFIRMED'],
  ] as const)('by %s leaves the account %s', async (kind, status) => {
    const jane = wire.ref('Jane')
    const answer = await wire.accounts.perform(kind, jane, effect(), { password })
    expect(answer).toMatchObject({ kind: 'done' })
    expect(wire.operations()).toEqual(['AdminSetUserPassword'])
    expect(state('Jane').status).toBe(status)
    expect(wire.cognito.pools.get('customers').isPassword(jane.sub, password.reveal())).toBe(true)
  })

  it('that the pool does not like is refused for its policy', async () => {
    const weak = new Secret('weak')
    expect(
      await wire.accounts.perform('temporary-password', wire.ref('Jane'), effect(), {
        password: weak,
      }),
    ).toMatchObject({ kind: 'refused', failure: { kind: 'password-policy' } })
  })

  it('that was used before is refused for the history', async () => {
    const mary = wire.ref('Mary', staff)
    await wire.accounts.perform('temporary-password', mary, effect(), { password })
    expect(
      await wire.accounts.perform('temporary-password', mary, effect(), { password }),
    ).toMatchObject({
      kind: 'refused',
      failure: { kind: 'password-history', name: 'PasswordHistoryPolicyViolationException' },
    })
  })

  it('has to be given', async () => {
    await expect(
      wire.accounts.perform('temporary-password', wire.ref('Jane'), effect()),
    ).rejects.toThrow(/without its password/)
    expect(wire.operations()).toEqual([])
  })
})

describe('a recovery code', () => {
  it('is sent, and Cognito tells where to', async () => {
    const answer = await wire.accounts.perform('recovery-code', wire.ref('Jane'), effect())
    expect(answer).toMatchObject({ kind: 'done', destination: 'j***@e***' })
    expect(wire.operations()).toEqual(['ForgotPassword'])
    expect(state('Jane').status).toBe('CONFIRMED')
  })

  it('is sent by way of a client with a secret', async () => {
    const other = await openWire({
      pools: [customersWithSecret],
      clientSecrets: new Map([['customers', new Secret(secretClient.secret)]]),
    })
    const answer = await other.accounts.perform('recovery-code', other.ref('Jane'), effect())
    expect(answer).toMatchObject({ kind: 'done' })
    expect(other.cognito.mailbox.to('jane@example.com')).toHaveLength(1)
    await other.close()
  })

  it.each([
    ['is wrong', new Map([['customers', new Secret('wrongsecret000000000000000000')]]), 1],
    ['is missing', new Map<string, Secret>(), 0],
  ])('is refused when the secret %s', async (_, clientSecrets, calls) => {
    const other = await openWire({ pools: [customersWithSecret], clientSecrets })
    expect(
      await other.accounts.perform('recovery-code', other.ref('Jane'), effect()),
    ).toMatchObject({ kind: 'refused', failure: { kind: 'configuration' } })
    expect(other.operations()).toHaveLength(calls)
    await other.close()
  })

  it('needs an app client', async () => {
    expect(await wire.accounts.perform('recovery-code', wire.ref('Mary', staff), effect())).toEqual(
      { kind: 'refused', failure: { kind: 'configuration', name: 'NoAppClient' } },
    )
    expect(wire.operations()).toEqual([])
  })

  it('runs into the hourly limit, and is then not asked for again', async () => {
    for (let times = 0; times < 5; times += 1) {
      await wire.accounts.perform('recovery-code', wire.ref('Jane'), effect())
    }
    const before = wire.operations().length
    expect(await wire.accounts.perform('recovery-code', wire.ref('Jane'), effect())).toMatchObject({
      kind: 'refused',
      failure: { kind: 'attempt-limit' },
    })
    expect(wire.operations()).toHaveLength(before + 1)
  })
})

describe('an invitation', () => {
  const invited = { status: 'FORCE_CHANGE_PASSWORD' } as const
  const email = 'ada@example.com'
  const phone = '+12065550100'

  it('goes by mail to whoever has an address', async () => {
    const answer = await wire.accounts.perform('resend-invitation', wire.ref('Carol'), effect())
    expect(answer).toMatchObject({ kind: 'done' })
    expect(wire.operations()).toEqual(['DescribeUserPool', 'AdminGetUser', 'AdminCreateUser'])
    expect(wire.cognito.mailbox.latest('carol@example.com')?.template).toBe('invitation')
  })

  it('goes by SMS to whoever has only a phone', async () => {
    wire.cognito.pools.get('staff').add(userSeed('Ada', { ...invited, phone, username: 'ada' }))
    await wire.accounts.perform('resend-invitation', wire.ref('Ada', staff), effect())
    expect(lastCall()?.input).toMatchObject({ Username: 'ada' })
    expect(wire.cognito.mailbox.latest(phone)?.template).toBe('invitation')
  })

  it.each([
    [['email'], email],
    [['phone_number'], phone],
    [['phone_number', 'email'], phone],
  ] as const)(
    'names the account as a pool with usernames of %j wants it',
    async (usernameAttributes, name) => {
      const users = [userSeed('Ada', { ...invited, email, phone })]
      const other = await openWire({
        seed: { pools: [customersPool(users, { usernameAttributes })] },
      })
      const answer = await other.accounts.perform('resend-invitation', other.ref('Ada'), effect())
      expect(answer).toMatchObject({ kind: 'done' })
      expect(other.cognito.calls.at(-1)?.input).toMatchObject({ Username: name })
      await other.close()
    },
  )

  it('is refused once the account has been signed in to', async () => {
    expect(
      await wire.accounts.perform('resend-invitation', wire.ref('Jane'), effect()),
    ).toMatchObject({ kind: 'refused', failure: { kind: 'account-state' } })
  })

  it('goes nowhere without an address', async () => {
    wire.cognito.pools
      .get('customers')
      .add(userSeed('Ada', { status: 'FORCE_CHANGE_PASSWORD', username: 'ada' }))
    expect(
      await wire.accounts.perform('resend-invitation', wire.ref('Ada'), effect()),
    ).toMatchObject({ kind: 'refused', failure: { kind: 'no-channel' } })
    expect(wire.operations()).not.toContain('AdminCreateUser')
  })

  it('has not happened when the account could not be read first', async () => {
    const denied = { name: 'AccessDeniedException', message: 'no' }
    wire.cognito.faults.add({ operation: 'AdminGetUser', kind: denied })
    expect(
      await wire.accounts.perform('resend-invitation', wire.ref('Carol'), effect()),
    ).toMatchObject({ kind: 'not-applied', failure: { kind: 'configuration' } })
    wire.cognito.faults.add({ operation: 'AdminGetUser', times: 3, kind: 'error-before' })
    expect(
      await wire.accounts.perform('resend-invitation', wire.ref('Carol'), effect()),
    ).toMatchObject({ kind: 'not-applied', failure: { kind: 'no-answer' } })
  })
})

it('signs out everywhere', async () => {
  const answer = await wire.accounts.perform('sign-out', wire.ref('Jane'), effect())
  expect(answer).toMatchObject({ kind: 'done' })
  expect(wire.operations()).toEqual(['AdminUserGlobalSignOut'])
})

it('touches no pool that now goes by the name of another', async () => {
  const jane = { ...wire.ref('Jane'), userPoolId: 'us-west-2_earlier00' }
  expect(await wire.accounts.perform('reset', jane, effect())).toEqual({
    kind: 'refused',
    failure: { kind: 'pool-gone', name: 'UnknownPool' },
  })
  expect(wire.operations()).toEqual([])
})

it('T24 prints nothing, whatever happens', async () => {
  const printed = [
    vi.spyOn(process.stdout, 'write').mockReturnValue(true),
    vi.spyOn(process.stderr, 'write').mockReturnValue(true),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((way) =>
      vi.spyOn(console, way).mockReturnValue(),
    ),
  ]
  const hasty = await openWire({ pools: [customers], writeTimeoutMs: 50 })
  hasty.cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'slow', ms: 200 })
  await hasty.accounts.perform('temporary-password', hasty.ref('Jane'), effect(), { password })
  await hasty.accounts.perform('reset', hasty.ref('Bob'), effect())
  await hasty.close()
  const calls = printed.flatMap((each) => each.mock.calls)
  vi.restoreAllMocks()
  expect(calls).toEqual([])
})
