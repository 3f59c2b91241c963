/**
 * Somebody else's change is recorded between what a decision rests on and its own record, and more has
 * changed along with it. The second round knows all of it. Over a real store.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestId } from '../../../src/ids.ts'
import type { Method } from '../../../src/policy/method.ts'
import type { NeedsAttention } from '../../../src/recovery/model/request.ts'
import type { Services } from '../../../src/recovery/services/services.ts'
import { type Group, idOf, type Name, policy } from '../../support/small-world/people.ts'
import { SmallWorld } from '../../support/small-world/small-world.ts'

// Two approvals everywhere: after the first, the second is still waited for.
const tiers = policy.tiers.map((tier) => ({ ...tier, approvals: 2 }))

let world: SmallWorld
beforeEach(async () => {
  world = new SmallWorld({ ...policy, tiers })
  await world.start()
})
afterEach(() => world.end())

const [olgas, janes] = [0, 1]

type Answered = { readonly kind: string; readonly why?: string } | undefined

/** What somebody's act came to: why not, or how. */
async function said(
  act: (services: Services, idempotencyKey: string) => Promise<Answered>,
): Promise<string | undefined> {
  const made = await world.at(act)
  return made?.why ?? made?.kind
}

function applicationFor(index: number, method: Method) {
  const { sub } = world.cognito.accounts[index] ?? {}
  if (sub === undefined) throw new Error('there is no such account')
  return {
    pool: 'customers',
    sub,
    method,
    reason: 'Lost her phone, can’t sign in',
    ticket: 'HELP-1234',
    identityCheck: 'callback',
    evidence: 'CALL-12',
  }
}

async function asked(index: number, method: Method = 'reset', by: Name = 'ada') {
  const application = applicationFor(index, method)
  const made = await world.at(({ requests }, idempotencyKey) =>
    requests.open({ application, by: idOf(by), idempotencyKey }),
  )
  if (made?.kind !== 'moved') throw new Error(`not opened: ${made?.kind}`)
  return made.change.request.id
}

function approve(request: RequestId, by: Name, seenVersion = 1) {
  return said(({ decisions }, idempotencyKey) =>
    decisions.approve({ request, by: idOf(by), seenVersion, idempotencyKey }),
  )
}

function report(request: RequestId) {
  return said(({ protection }, idempotencyKey) =>
    protection.report({ request, by: idOf('olga'), idempotencyKey }),
  )
}

async function approved(index: number, method: Method): Promise<RequestId> {
  const id = await asked(index, method)
  expect(await approve(id, 'grace')).toBe('moved')
  expect(await approve(id, 'mary')).toBe('moved')
  return id
}

async function executed(index: number, method: Method): Promise<RequestId> {
  const id = await approved(index, method)
  await world.work()
  expect(await world.store.find(id)).toMatchObject({ state: 'executed' })
  return id
}

/** A request whose call was lost, and whose account nobody could look at for long. */
async function unclear(): Promise<RequestId> {
  const id = await approved(janes, 'reset')
  await loseTheCall(id)
  return id
}

async function loseTheCall(id: RequestId): Promise<void> {
  world.cognito.weather = ['lost-before']
  await world.work()
  world.cognito.isDark = true
  for (let minutes = 0; minutes < 18; minutes++) {
    world.pass(60_000)
    await world.work()
  }
  world.cognito.isDark = false
  expect(await world.store.find(id)).toMatchObject({ state: 'needs-attention' })
}

async function versionOf(id: RequestId): Promise<number> {
  return (await world.store.find(id))?.version ?? 0
}

function loses(name: Name, ...groups: readonly Group[]): void {
  for (const group of groups) world.people.toggle(name, group)
}

describe('an approval that is overtaken', () => {
  it('SE-14 does not count once the account is frozen', async () => {
    const first = await executed(olgas, 'recovery-code')
    const second = await asked(olgas)
    world.beforeRecording(async () => {
      expect(await approve(second, 'mary')).toBe('moved')
      expect(await report(first)).toBe('moved')
    })
    expect(await approve(second, 'grace')).toBe('account-frozen')
    expect(await world.store.find(second)).toMatchObject({ state: 'pending', version: 2 })
  })

  it('SE-04 does not count where its giver has lost the right meanwhile', async () => {
    const id = await asked(janes)
    world.beforeRecording(async () => {
      expect(await approve(id, 'mary')).toBe('moved')
      loses('grace', 'S0LEADS')
    })
    expect(await approve(id, 'grace')).toBe('not-an-approver')
    expect(await world.store.find(id)).toMatchObject({ state: 'pending', version: 2 })
  })
})

describe('SE-04 somebody who has lost the right while another change came first', () => {
  it('denies nothing', async () => {
    const id = await asked(janes)
    world.beforeRecording(async () => {
      expect(await approve(id, 'mary')).toBe('moved')
      loses('grace', 'S0LEADS')
    })
    const denied = await said(({ decisions }, idempotencyKey) =>
      decisions.deny({
        request: id,
        by: idOf('grace'),
        seenVersion: 1,
        comment: 'I called her: it was not her',
        idempotencyKey,
      }),
    )
    expect(denied).toBe('not-an-approver')
  })

  it('takes nothing back', async () => {
    const id = await asked(janes)
    world.beforeRecording(async () => {
      expect(await approve(id, 'mary')).toBe('moved')
      world.people.toggleMembership('ada')
    })
    const withdrawn = await said(({ decisions }, idempotencyKey) =>
      decisions.withdraw({ request: id, by: idOf('ada'), idempotencyKey }),
    )
    expect(withdrawn).toBe('not-your-request')
  })

  it('opens nothing, and hears nothing of the request that was opened meanwhile', async () => {
    world.beforeRecording(async () => {
      await asked(janes, 'reset', 'bob')
      loses('ada', 'S0SUPPORT')
    })
    const application = applicationFor(janes, 'reset')
    const opened = await said(({ requests }, idempotencyKey) =>
      requests.open({ application, by: idOf('ada'), idempotencyKey }),
    )
    expect(opened).toBe('not-a-requester')
  })

  it('reports nothing, having left', async () => {
    const id = await asked(olgas)
    world.beforeRecording(async () => {
      expect(await approve(id, 'mary')).toBe('moved')
      world.people.toggleMembership('olga')
    })
    expect(await report(id)).toBe('not-the-owner')
  })

  it('sees no password', async () => {
    const id = await executed(janes, 'temporary-password')
    const before = await versionOf(id)
    world.beforeRecording(async () => {
      // The sessions are ended.
      await world.work()
      expect(await versionOf(id)).toBeGreaterThan(before)
      loses('ada', 'S0SUPPORT')
    })
    const shown = await said(({ outcomes }, idempotencyKey) =>
      outcomes.reveal({ request: id, by: idOf('ada'), view: 'V0VIEW', idempotencyKey }),
    )
    expect(shown).toBe('not-a-requester')
  })

  it('stops nothing', async () => {
    world.beforeRecording(async () => {
      const paused = await said(({ protection }, idempotencyKey) =>
        protection.pause({ by: idOf('mary'), reason: 'Strange calls', idempotencyKey }),
      )
      expect(paused).toBe('moved')
      loses('grace', 'S0SECURITY')
    })
    const paused = await said(({ protection }, idempotencyKey) =>
      protection.pause({ by: idOf('grace'), reason: 'Too many', idempotencyKey }),
    )
    expect(paused).toBe('not-security')
  })
})

describe('a word about an unclear outcome that is overtaken', () => {
  function resolve(request: RequestId, by: Name, seenVersion: number) {
    return said(({ outcomes }, idempotencyKey) =>
      outcomes.resolve({ request, by: idOf(by), seenVersion, verdict: 'worked', idempotencyKey }),
    )
  }

  function sendAgain(request: RequestId, by: Name, seenVersion: number) {
    return said(({ outcomes }, idempotencyKey) =>
      outcomes.sendAgain({ request, by: idOf(by), seenVersion, idempotencyKey }),
    )
  }

  it.each([
    ['that it worked', resolve],
    ['to send it again', sendAgain],
  ])('SE-04 %s: whoever has no say any more hears nothing of what others said', async (_, say) => {
    const id = await unclear()
    const seen = await versionOf(id)
    world.beforeRecording(async () => {
      expect(await resolve(id, 'mary', seen)).toBe('moved')
      loses('grace', 'S0LEADS', 'S0SECURITY')
    })
    expect(await say(id, 'grace', seen)).toBe('not-an-approver')
  })

  it('is about the call that was unclear in the version that it names, and not about one before', async () => {
    const id = await unclear()
    const seen = await versionOf(id)
    world.afterFindingEffect(async () => {
      expect(await sendAgain(id, 'mary', seen)).toBe('moved')
      await loseTheCall(id)
      expect(await versionOf(id)).toBe(seen + 4)
    })
    // Only a click that somebody has made up is ahead of what is stored.
    expect(await resolve(id, 'grace', seen + 4)).toBe('stale-view')
    const { effect, state } = (await world.store.find(id)) as NeedsAttention
    expect(state).toBe('needs-attention')
    expect(await world.store.findEffect(id, 'reset')).toMatchObject({ id: effect, number: 2 })
  })
})
