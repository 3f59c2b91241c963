/** The steps between the decisions, over a real store, with a clock that only goes forward. */

import { afterEach, describe, expect, it } from 'vitest'
import type { RequestId } from '../../../src/ids.ts'
import type { Method } from '../../../src/policy/method.ts'
import { idOf, type Name, policy } from '../../support/small-world/people.ts'
import type { Weather } from '../../support/small-world/small-cognito.ts'
import { SmallWorld } from '../../support/small-world/small-world.ts'

let world: SmallWorld
afterEach(() => world.end())

async function begin(inForce = policy): Promise<void> {
  world = new SmallWorld(inForce)
  await world.start()
}

const application = {
  pool: 'customers',
  method: 'reset',
  reason: 'Lost her phone, can’t sign in',
  ticket: 'HELP-1234',
  identityCheck: 'callback',
  evidence: 'CALL-12',
} as const

const [olgas, janes, roots] = [0, 1, 2]

async function asked(index: number, method: Method = 'reset'): Promise<RequestId> {
  const { sub } = world.cognito.accounts[index] ?? {}
  if (sub === undefined) throw new Error('there is no such account')
  const made = await world.at(({ requests }, idempotencyKey) =>
    requests.open({
      application: { ...application, method, sub },
      by: idOf('ada'),
      idempotencyKey,
    }),
  )
  if (made?.kind !== 'moved') throw new Error(`not opened: ${made?.kind}`)
  return made.change.request.id
}

async function approve(request: RequestId, name: Name, seenVersion: number) {
  const made = await world.at(({ decisions }, idempotencyKey) =>
    decisions.approve({ request, by: idOf(name), seenVersion, idempotencyKey }),
  )
  return made?.kind === 'refused' ? made.why : made?.kind
}

/** Olga, whose account it is, says that it was not her. */
async function report(request: RequestId) {
  return world.at(({ protection }, idempotencyKey) =>
    protection.report({ request, by: idOf('olga'), idempotencyKey }),
  )
}

async function approved(index: number, method: Method = 'reset'): Promise<RequestId> {
  const id = await asked(index, method)
  expect(await approve(id, 'grace', 1)).toBe('moved')
  return id
}

/** Two minutes, in steps in which every job that waits comes up. */
async function passTwoMinutes(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) {
    world.pass(16_000)
    await world.work()
  }
}

async function entriesOf(type: string) {
  const entries = await Array.fromAsync(world.ledger.entries())
  return entries.filter(({ entry }) => entry.type === type)
}

function resets(): number {
  return world.cognito.made.filter(({ kind }) => kind === 'reset').length
}

describe('the gate', () => {
  it('CR-24 after a claim that is too old, nothing is called; a later look decides', async () => {
    await begin()
    await approved(janes)
    // The process stands still for as long as a lease, between what it writes down and the call.
    world.stallAfterRecording(61_000)
    await world.work()
    expect(world.cognito.made).toEqual([])
    await passTwoMinutes()
    expect(resets()).toBe(1)
  })
})

describe('an intent', () => {
  it('that is not stored, since the request has changed, calls nothing', async () => {
    await begin()
    const id = await approved(olgas)
    world.beforeRecording(() => report(id))
    await world.work()
    await passTwoMinutes()
    expect(world.cognito.made).toEqual([])
    expect(await world.store.find(id)).toMatchObject({ state: 'denied' })
  })
})

describe('F7 requests for one account that come to nothing', () => {
  it.each([
    ['when it is to be claimed', false],
    ['while nobody can look at the account', true],
  ])('are told at the second, also where that ends %s', async (_, isDark) => {
    const { limits } = policy
    const requestsPerAccount = { ...limits.requestsPerAccount, windowMs: 24 * 60 * 60_000 }
    await begin({ ...policy, limits: { ...limits, requestsPerAccount } })
    for (const told of [0, 1, 1]) {
      const id = await approved(janes)
      world.cognito.isDark = isDark
      // What carries it out is due before what ends it.
      world.pass(31 * 60_000)
      await world.work()
      expect(await world.store.find(id)).toMatchObject({ state: 'expired' })
      expect(await entriesOf('requests.repeated')).toHaveLength(told)
      world.cognito.isDark = false
    }
  })
})

describe('a pause', () => {
  it('holds what was turned away once and would be tried again, until somebody lets it go on', async () => {
    await begin()
    const id = await approved(janes)
    world.cognito.weather = ['throttled']
    await world.work()
    expect(await world.store.findEffect(id, 'reset')).toMatchObject({ state: 'not-applied' })
    await world.at(({ protection }, idempotencyKey) =>
      protection.pause({ by: idOf('grace'), reason: 'Too many of them', idempotencyKey }),
    )
    await passTwoMinutes()
    expect(resets()).toBe(0)
    expect(await world.store.find(id)).toMatchObject({ state: 'executing' })
    await world.at(({ protection }, idempotencyKey) =>
      protection.resume({ by: idOf('grace'), idempotencyKey }),
    )
    await passTwoMinutes()
    expect(resets()).toBe(1)
  })
})

describe('an audit that is behind', () => {
  it('SO-07 holds what was turned away once and would be tried again, until it has caught up', async () => {
    await begin()
    await approved(janes)
    world.cognito.weather = ['throttled']
    await world.work()
    world.auditPostsWaiting = 51
    await passTwoMinutes()
    expect(resets()).toBe(0)
    const written = (await Array.fromAsync(world.ledger.entries())).map(({ entry }) => entry.type)
    expect(written.filter((type) => type === 'audit.behind')).toHaveLength(1)
    world.auditPostsWaiting = 0
    await passTwoMinutes()
    expect(resets()).toBe(1)
  })
})

describe('somebody who may not resume and keeps trying', () => {
  it('T21 is refused every time, also when the ledger only counts', async () => {
    await begin()
    for (let time = 1; time <= 61; time++) {
      const made = await world.at(({ protection }, idempotencyKey) =>
        protection.resume({ by: idOf('ada'), idempotencyKey }),
      )
      expect(made?.kind).toBe('refused')
    }
  })
})

describe('an audit that is behind for long', () => {
  it('SE-14 does not keep what its owner has reported from ending', async () => {
    await begin()
    const id = await approved(olgas)
    world.cognito.weather = ['throttled']
    await world.work()
    world.auditPostsWaiting = 51
    await report(id)
    await passTwoMinutes()
    expect(await world.store.find(id)).toMatchObject({
      state: 'failed',
      failure: { name: 'OwnerReported' },
    })
    expect(resets()).toBe(0)
  })
})

describe('a freeze', () => {
  it('SE-14 ends what was approved for the account before its owner said that it was not them', async () => {
    await begin()
    const first = await approved(olgas, 'recovery-code')
    await world.work()
    const second = await approved(olgas)
    await report(first)
    await world.work()
    expect(await world.store.find(second)).toMatchObject({
      state: 'failed',
      failure: { name: 'AccountFrozen' },
    })
    await passTwoMinutes()
    expect(resets()).toBe(0)
  })
})

describe('a report while the call is under way', () => {
  async function reported(method: Method, weather: Weather): Promise<RequestId> {
    await begin()
    const id = await approved(olgas, method)
    world.cognito.weather = [weather]
    world.cognito.meanwhile = async () => {
      const made = await report(id)
      expect(made?.kind).toBe('moved')
    }
    await world.work()
    return id
  }

  it('SE-14 is followed by the answer: what was done is known, and taken back', async () => {
    const id = await reported('temporary-password', 'fine')
    expect(await world.store.find(id)).toMatchObject({ state: 'executed', password: 'burnt' })
    await passTwoMinutes()
    expect(await world.store.find(id)).toMatchObject({
      state: 'lapsed',
      password: 'scrambled',
      sessions: 'revoked',
    })
  })

  it('SE-14 is followed by a look where the answer is lost', async () => {
    const id = await reported('temporary-password', 'lost-after')
    await passTwoMinutes()
    expect(await world.store.find(id)).toMatchObject({ state: 'lapsed', password: 'scrambled' })
  })
})

describe('a report after a call that changed nothing', () => {
  it('SE-14 ends the request: it is not tried again, not even when the freeze is lifted', async () => {
    await begin()
    const id = await approved(olgas)
    world.cognito.weather = ['throttled']
    await world.work()
    await report(id)
    await world.at(({ protection }, idempotencyKey) =>
      protection.unfreeze({ request: id, by: idOf('mary'), idempotencyKey }),
    )
    await passTwoMinutes()
    expect(resets()).toBe(0)
    expect(await world.store.find(id)).toMatchObject({
      state: 'failed',
      failure: { name: 'OwnerReported' },
    })
  })
})

describe('approvals that were taken back', () => {
  it('have to be read for again by whoever gives them again', async () => {
    const readingMs = 10_000
    await begin({ ...policy, minimumReadingTimeMs: readingMs })
    const id = await asked(roots)
    const read = async (name: Name, version: number) => {
      await world.at(({ decisions }) =>
        decisions.consider({
          request: id,
          by: idOf(name),
          seenVersion: version,
          attempt: 'approve',
        }),
      )
      world.pass(readingMs)
    }
    for (const name of ['grace', 'mary'] as const) {
      await read(name, 1)
      expect(await approve(id, name, 1)).toBe('moved')
    }
    // Grace leaves before it is carried out, and comes back.
    world.people.toggle('grace', 'S0SECURITY')
    await world.work()
    world.people.toggle('grace', 'S0SECURITY')
    const { state, version = 0 } = (await world.store.find(id)) ?? {}
    expect(state).toBe('pending')
    expect(await approve(id, 'grace', version)).toBe('too-fast')
    await read('grace', version)
    expect(await approve(id, 'grace', version)).toBe('moved')
    await world.work()
    expect(resets()).toBe(1)
  })
})
