/**
 * Somebody edits the account's address while its recovery is carried out: at every call that Rekey makes to
 * Cognito, one after the other, over the real SDK and a real store.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sub } from '../../../src/ids.ts'
import { type Method, makesPassword } from '../../../src/policy/method.ts'
import { beginWireWorld, type WireWorld } from '../../support/wire-world.ts'

let world: WireWorld
beforeAll(async () => {
  world = await beginWireWorld()
})
afterAll(() => world.end())

const evil = 'joe@evil.example'

const writes = {
  reset: 'AdminResetUserPassword',
  'recovery-code': 'ForgotPassword',
  'resend-invitation': 'AdminCreateUser',
  'temporary-password': 'AdminSetUserPassword',
} as const satisfies Partial<Record<Method, string>>

type Tried = keyof typeof writes

/** What happens to the request before it comes to its end. */
type Course = 'at once' | 'after it was turned away once' | 'sent again'

const minute = 60_000

// Nobody can look; the SDK does not try that again.
const denied = { name: 'AccessDeniedException', message: 'User is not authorized' }

const changed = { name: 'AccountChanged' }

/** Whoever is in the application changes the address, which stays verified. */
function edit(sub: Sub, email = evil): void {
  world.cognito.pools.get('customers').update(sub, { attributes: { email } })
}

async function carryOut(method: Tried, course: Course, atCall: number) {
  const { cognito } = world
  const person = world.newcomer(
    method === 'resend-invitation' ? 'FORCE_CHANGE_PASSWORD' : undefined,
  )
  const operation = writes[method]
  if (course === 'after it was turned away once')
    cognito.faults.add({ operation, kind: 'throttle' })
  if (course === 'sent again') cognito.faults.add({ operation, kind: 'drop-before' })
  const id = await world.approved(person.sub, method)
  const evilBefore = cognito.mailbox.to(evil).length
  const calls: string[] = []
  const forget = cognito.beforeCall((called) => {
    if (calls.push(called) === atCall) edit(person.sub)
  })
  await world.work(id)
  if (course === 'sent again') {
    world.pass(16 * minute)
    cognito.faults.add({ operation: 'AdminGetUser', kind: denied, times: 99 })
    await world.work(id)
    cognito.faults.clear()
    await world.sendAgain(id)
  }
  for (let turn = 0; turn < 6; turn += 1) {
    world.pass(5_000)
    await world.work(id)
  }
  forget()
  const alarmed = (await world.entries(id)).some(({ type }) => type === 'address.changed')
  const request = await world.find(id)
  return {
    calls,
    request,
    alarmed,
    toEvil: cognito.mailbox.to(evil).length - evilBefore,
    toOwner: cognito.mailbox.to(person.email).length,
  }
}

describe.each(['at once', 'after it was turned away once', 'sent again'] as const)(
  'F3 CG-09 the address is edited while it is carried out %s',
  (course) => {
    const methods = (Object.keys(writes) as Tried[]).filter(
      (method) => course !== 'sent again' || !makesPassword(method),
    )

    it.each(methods)('%s: it stops, or security is called, whenever that was', async (method) => {
      const undisturbed = await carryOut(method, course, Infinity)
      expect(undisturbed).toMatchObject({
        request: { state: 'executed' },
        alarmed: false,
        toEvil: 0,
        toOwner: makesPassword(method) ? 0 : 1,
      })
      for (const [index, called] of undisturbed.calls.entries()) {
        const { request, toEvil, alarmed } = await carryOut(method, course, index + 1)
        // Nothing but the call itself is later than the last look, and then security hears of it.
        const isTooLate = toEvil > 0
        expect({ called, toEvil, alarmed: alarmed || !isTooLate }).toEqual({
          called: isTooLate ? writes[method] : called,
          toEvil: isTooLate ? 1 : 0,
          alarmed: true,
        })
        if (index === 0) expect(request).toMatchObject({ state: 'failed', failure: changed })
      }
    })
  },
)

describe('F3 a call that the last look comes too late for', () => {
  it.each(['reset', 'recovery-code'] as const)('%s: what is sent is told', async (method) => {
    const { calls } = await carryOut(method, 'at once', Infinity)
    const late = await carryOut(method, 'at once', calls.indexOf(writes[method]) + 1)
    expect(late).toMatchObject({ toEvil: 1, alarmed: true, request: { addressChanged: true } })
  })

  it('is looked at again until somebody can look, and told once', async () => {
    const { cognito } = world
    const { sub } = world.newcomer()
    const id = await world.approved(sub, 'reset')
    const forget = cognito.beforeCall((called) => {
      if (called !== writes.reset) return
      edit(sub)
      cognito.faults.add({ operation: 'AdminGetUser', kind: denied, times: 3 })
    })
    await world.work(id)
    forget()
    const alarms = async () =>
      (await world.entries(id)).filter(({ type }) => type === 'address.changed')
    expect(await alarms()).toEqual([])
    for (let turn = 0; turn < 6; turn += 1) {
      world.pass(6_000)
      await world.work(id)
    }
    expect(await alarms()).toHaveLength(1)
  })

  it('is looked at where the answer is lost as well', async () => {
    const { sub } = world.newcomer()
    const id = await world.approved(sub, 'recovery-code')
    world.cognito.faults.add({ operation: writes['recovery-code'], kind: 'drop-after' })
    const forget = world.cognito.beforeCall((called) => {
      if (called === writes['recovery-code']) edit(sub)
    })
    await world.work(id)
    forget()
    expect((await world.entries(id)).map(({ type }) => type)).toContain('address.changed')
  })
})

describe('F3 the clock', () => {
  /** Lets this much time pass while each of the next looks is under way. */
  function slowLooks(ms: number, times: number): () => void {
    let left = times
    let intended = false
    return world.cognito.beforeCall((called) => {
      // Of the looks, the one right before the call comes second.
      if (called !== 'AdminGetUser') return
      intended = !intended
      if (intended || left-- <= 0) return
      world.passMonotonic(ms)
    })
  }

  it('runs from before the last look: one that took longer than 3 s is taken again, a second later', async () => {
    const { sub, email } = world.newcomer()
    const id = await world.approved(sub, 'reset')
    const forget = slowLooks(3_001, 4)
    for (let turn = 0; turn < 4; turn += 1) {
      await world.work(id)
      expect(world.cognito.mailbox.to(email)).toEqual([])
      world.pass(1_000 * 2 ** turn)
    }
    await world.work(id)
    forget()
    expect(world.cognito.mailbox.to(email)).toHaveLength(1)
    const entries = await world.entries(id)
    const notApplied = entries.filter(({ type }) => type === 'effect.not-applied')
    expect(notApplied.map(({ data }) => data)).toEqual(
      Array(4).fill(expect.objectContaining({ error: 'LookTooOld', attempt: 1 })),
    )
    expect(entries.find(({ type }) => type === 'effect.confirmed')?.data).toMatchObject({
      attempt: 1,
    })
  })

  it('lets a call leave whose look took less', async () => {
    const { sub, email } = world.newcomer()
    const id = await world.approved(sub, 'reset')
    const forget = slowLooks(2_900, 1)
    await world.work(id)
    forget()
    expect(world.cognito.mailbox.to(email)).toHaveLength(1)
  })
})

describe('F3 Cognito’s own word', () => {
  it('is compared with where the account can be reached: another destination calls security', async () => {
    const { cognito } = world
    const { sub, email } = world.newcomer()
    const id = await world.approved(sub, 'recovery-code')
    // And back again, before the look after the call.
    let isSent = false
    const forget = cognito.beforeCall((called) => {
      if (called !== writes['recovery-code'] && !isSent) return
      edit(sub, isSent ? email : 'x@y.example')
      isSent = true
    })
    await world.work(id)
    forget()
    const [alarm] = (await world.entries(id)).filter(({ type }) => type === 'address.changed')
    expect(alarm?.data).toMatchObject({ because: 'sent-elsewhere' })
    expect(await world.find(id)).toMatchObject({ sentTo: 'x***@y***', addressChanged: true })
  })
})
