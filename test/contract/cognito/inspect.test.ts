import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userSeed } from '../../../sandbox/cognito/user-seed.ts'
import { customersPool, staffPool } from '../../../sandbox/world/user-pool-seed.ts'
import { subOf } from '../../../src/ids.ts'
import { methods } from '../../../src/policy/method.ts'
import type { Account } from '../../../src/recovery/model/account.ts'
import { customers, openWire, staff, type Wire } from '../../support/cognito/wire.ts'

describe('T18: what is available for the people in the sandbox', () => {
  let wire: Wire
  beforeAll(async () => {
    wire = await openWire()
  })
  afterAll(() => wire.close())

  const open = 'open'
  const password = [open, open]
  const confirmed = 'not-first-sign-in'

  it.each([
    ['Jane', customers, ['open e', ...password, 'open e', confirmed]],
    ['Bob', customers, ['no-verified-contact', ...password, 'no-verified-contact', confirmed]],
    ['Carol', customers, ['first-sign-in-pending', ...password, 'first-sign-in-pending', 'open e']],
    ['Dave', customers, methods.map(() => 'sign-up-unfinished')],
    ['Erin', customers, ['already-reset', ...password, 'open e', confirmed]],
    ['Frank', customers, methods.map(() => 'federated')],
    ['Grace', customers, methods.map(() => 'disabled')],
    ['Heidi', customers, ['mfa-uses-channel', ...password, 'mfa-uses-channel', confirmed]],
    ['Ivan', customers, ['mfa-uses-channel', ...password, 'mfa-uses-channel', confirmed]],
    ['Judy', customers, ['open e', ...password, 'open e', confirmed]],
    ['Ken', customers, ['open p', ...password, 'open p', confirmed]],
    ['Mary', staff, ['admin-only-pool', ...password, 'admin-only-pool', confirmed]],
    ['Nora', staff, ['admin-only-pool', ...password, 'admin-only-pool', confirmed]],
    ['Peter', staff, ['first-sign-in-pending', ...password, 'first-sign-in-pending', 'open e']],
  ])('%s', async (name, pool, availability) => {
    const account = await read(wire, name, pool)
    expect(methods.map((method) => shown(account, method))).toEqual(availability)
  })

  it.each([
    ['Judy', customers, ['mfa-stays']],
    ['Erin', customers, ['waiting-for-reset']],
    ['Ken', customers, ['channel-not-auto-verified']],
    ['Peter', staff, ['temporary-password-lapsed']],
    ['Carol', customers, []],
  ])('%s comes with what is worth knowing', async (name, pool, remarks) => {
    expect((await read(wire, name, pool)).remarks).toEqual(remarks)
  })

  it('come with the groups and the way to the owner', async () => {
    expect(await read(wire, 'Alan')).toMatchObject({
      name: 'Alan Admin',
      groups: ['admins'],
      ownerEmail: 'alan@example.com',
      contacts: [{ kind: 'email', masked: 'a***@e***.com', verified: true }],
    })
    expect(await read(wire, 'Bob')).toHaveProperty('ownerEmail', 'bob@example.com')
  })

  it('tells who is gone', async () => {
    const nobody = subOf('00000000-0000-4000-8000-000000000000')
    expect(await wire.accounts.inspect('customers', nobody)).toEqual({ kind: 'gone' })
  })

  it('B4 does not take somebody for another who has that sub as a username', async () => {
    const username = '11111111-0000-4000-8000-000000000000'
    wire.cognito.pools.get('staff').add(userSeed('Eve', { username, email: 'eve@staff.example' }))
    expect(await wire.accounts.inspect('staff', subOf(username))).toEqual({ kind: 'gone' })
  })

  it('fails for a pool that the policy no longer names', async () => {
    expect(await wire.accounts.inspect('partners', wire.sub('Jane'))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'pool-gone' },
    })
  })
})

describe("the pool's settings", () => {
  it('are read again after five minutes, and not before', async () => {
    let now = new Date('2026-03-01T12:00:00Z')
    const wire = await openWire({ now: () => now })
    const look = async (minutes: number) => {
      now = new Date(Date.UTC(2026, 2, 1, 12, minutes))
      await read(wire, 'Jane')
      return wire.operations().filter((each) => each === 'DescribeUserPool').length
    }
    expect([await look(0), await look(4), await look(5), await look(9), await look(10)]).toEqual([
      1, 1, 2, 2, 3,
    ])
    await wire.close()
  })

  it('spoil the look at an account when they cannot be read, and are asked for again', async () => {
    const wire = await openWire()
    const denied = { name: 'AccessDeniedException', message: 'User: arn:aws:sts::123456789012:…' }
    wire.cognito.faults.add({ operation: 'DescribeUserPool', kind: denied })
    const failed = await wire.accounts.inspect('customers', wire.sub('Jane'))
    expect(failed).toMatchObject({ kind: 'failed', failure: { kind: 'configuration' } })
    expect(JSON.stringify(failed)).not.toContain('arn:')
    expect((await read(wire, 'Jane')).name).toBe('Jane Doe')
    await wire.close()
  })

  it('make passwords that the pool takes', async () => {
    const wire = await openWire({
      seed: {
        pools: [
          customersPool(undefined, { passwordPolicy: { minimumLength: 24, requireSymbols: true } }),
          staffPool(),
        ],
      },
    })
    expect((await wire.accounts.newPassword('customers')).reveal()).toHaveLength(24)
    expect((await wire.accounts.newPassword('staff')).reveal()).toHaveLength(16)
    await wire.close()
  })

  it('make no password when they cannot be read, and quote nobody', async () => {
    const wire = await openWire()
    const denied = { name: 'AccessDeniedException', message: 'User: arn:aws:sts::123456789012:…' }
    wire.cognito.faults.add({ operation: 'DescribeUserPool', kind: denied })
    await expect(wire.accounts.newPassword('customers')).rejects.toThrow(
      /^the settings of pool customers could not be read: AccessDeniedException$/,
    )
    await expect(wire.accounts.newPassword('partners')).rejects.toThrow(/UnknownPool/)
    await wire.close()
  })
})

it('collects the groups from every page', async () => {
  const groups = Array.from({ length: 75 }, (_, place) => `group-${place}`)
  const wire = await openWire({
    seed: { pools: [customersPool([userSeed('Ada', { email: 'ada@example.com', groups })])] },
  })
  expect((await read(wire, 'Ada')).groups).toEqual(groups)
  await wire.close()
})

async function read(wire: Wire, name: string, pool = customers): Promise<Account> {
  const looked = await wire.accounts.inspect(pool.name, wire.sub(name, pool))
  if (looked.kind !== 'account') throw new Error(`${name}: ${JSON.stringify(looked)}`)
  return looked.account
}

/** `open`, with the first letter of the destination's kind where there is one, or why not. */
function shown({ availability }: Account, method: (typeof methods)[number]): string {
  const offered = availability[method]
  if (!offered.open) return offered.because
  return offered.destination ? `open ${offered.destination.kind.charAt(0)}` : 'open'
}
