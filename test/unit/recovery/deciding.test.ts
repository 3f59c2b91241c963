// biome-ignore-all lint/style/noExcessiveLinesPerFile: every rule of a decision, over the same people

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subOf } from '../../../src/ids.ts'
import type { Refusal } from '../../../src/recovery/model/decision.ts'
import type { RecoveryRequest } from '../../../src/recovery/model/request.ts'
import type { Person } from '../../../src/recovery/ports/directory.ts'
import { type ApproveFacts, approve, nameToType } from '../../../src/recovery/rules/approve.ts'
import { deny } from '../../../src/recovery/rules/deny.ts'
import { expire } from '../../../src/recovery/rules/expire.ts'
import { canStillBeDecided } from '../../../src/recovery/rules/reminders.ts'
import type { Participants } from '../../../src/recovery/rules/rights.ts'
import { withdraw } from '../../../src/recovery/rules/withdraw.ts'
import { ownerName } from '../../../src/slack/text/en/accounts.ts'
import { expectRefused, kinds, moved } from '../../support/decisions.ts'
import {
  ada,
  approved,
  eve,
  executing,
  grace,
  later,
  mary,
  minute,
  noon,
  pending,
  policy,
  policyFrom,
  someone,
  terms,
} from '../../support/examples.ts'

const twoNeeded = pending({ tier: 'privileged', approvalsNeeded: 2 })
/** Everybody with a part in the requests, as they are now. */
const participants: Participants = new Map([ada, grace, mary].map((one) => [one.id, one]))

/** Somebody who has had this version before their eyes for a minute. */
function seen(seenVersion: number, among = participants): ApproveFacts {
  return { participants: among, seenVersion, since: later(-minute) }
}

const denied: RecoveryRequest = {
  ...pending({ version: 2 }),
  state: 'denied',
  deniedBy: grace.id,
  deniedAt: noon,
  comment: 'No',
}
const expiredRequest: RecoveryRequest = {
  ...pending({ version: 2 }),
  state: 'expired',
  expiredAt: noon,
}

describe('approve', () => {
  it('sets the recovery in motion once one approval is enough', () => {
    const change = moved(approve(pending(), grace, seen(1), terms(noon)))
    expect(change.request).toMatchObject({
      state: 'approved',
      version: 2,
      approvals: [{ by: grace.id, at: noon }],
    })
    expect(kinds(change)).toEqual(['execute', 'draw-card', 'tell-requester'])
  })

  it('waits until as many different people have agreed as the policy asks for', () => {
    const first = moved(approve(twoNeeded, grace, seen(1), terms(noon)))
    expect(first.request.state).toBe('pending')
    expect(kinds(first)).toEqual(['draw-card', 'tell-requester'])
    // Mary has had her window open since before Grace agreed: what it shows is still true.
    const second = moved(approve(first.request, mary, seen(1), terms(noon)))
    expect(second.request.state).toBe('approved')
  })

  it('asks for as many as the policy does today, when that is more than at the opening', () => {
    const stricter = policyFrom(`
version: 1
channels: { approvals: C0APPROVE, audit: C0AUDIT }
pools: { customers: { userPoolId: us-west-2_aaaaaaaaa } }
requesters: [S0SUPPORT]
security: [S0SECURITY]
tiers: [{ name: standard, approvers: [S0LEADS], approvals: 2, methods: [reset] }]
identityChecks: [{ id: callback, label: Called back, evidence: { reference: Call record, pattern: 'CALL-\\d+', example: CALL-12 } }]
`)
    expect(moved(approve(pending(), grace, seen(1), terms(noon, stricter))).request.state).toBe(
      'pending',
    )
  })

  it('B3: asks for as many as at the opening, when the policy wants fewer today', () => {
    const request = pending({ approvalsNeeded: 2 })
    const first = moved(approve(request, grace, seen(1), terms(noon)))
    expect(first.request).toMatchObject({ state: 'pending', approvalsNeeded: 2 })
    const second = moved(approve(first.request, mary, seen(1), terms(noon)))
    expect(second.request.state).toBe('approved')
  })

  it('SE-11: has the name typed if its tier was privileged at the opening, or is today', () => {
    const isToday = {
      ...policy,
      tiers: policy.tiers.map((tier) => ({ ...tier, privileged: true })),
    }
    const typed = { ...seen(1), typed: 'Jane Doe' }
    for (const [request, now] of [
      [pending({ privileged: true }), policy],
      [pending(), isToday],
    ] as const) {
      expectRefused(approve(request, grace, seen(1), terms(noon, now)), 'name-mismatch')
      expect(approve(request, grace, typed, terms(noon, now)).kind).toBe('moved')
    }
  })

  it('counts towards the limit of whoever approves', () => {
    const { consumes } = moved(approve(pending(), grace, seen(1), terms(noon)))
    const limit = policy.limits.approvalsPerApprover
    expect(consumes).toEqual([{ ...limit, name: 'approvalsPerApprover', of: grace.id }])
  })

  it('CO-03 counts one person once, however often they click', () => {
    const { request } = moved(approve(twoNeeded, grace, seen(1), terms(noon)))
    expectRefused(approve(request, grace, seen(2), terms(noon)), 'already-approved')
  })

  it('SE-06 takes two accounts with one address for one person', () => {
    const address = 'grace@acme.example'
    const one = { ...grace, subjects: [grace.id, address] }
    const other = { ...someone('U0GRACE2', grace.groups), subjects: ['U0GRACE2', address] }
    const { request } = moved(approve(twoNeeded, one, seen(1), terms(noon)))
    const now: Participants = new Map([ada, one, mary].map((each) => [each.id, each]))
    expectRefused(approve(request, other, seen(2, now), terms(noon)), 'already-approved')
    const asAda = { ...other, subjects: ['U0GRACE2', 'ada@acme.example'] }
    const requester = { ...ada, subjects: [ada.id, 'ada@acme.example'] }
    const withAda: Participants = new Map([[ada.id, requester]])
    expectRefused(approve(pending(), asAda, seen(1, withAda), terms(noon)), 'own-request')
  })

  it('SE-06: is given again by who is asked for, if it was given under another account of theirs', () => {
    const second = { ...someone('U0GRACE2', ['S0LEADS']), subjects: ['U0GRACE2', grace.id] }
    const oneOf = { from: [{ kind: 'user', id: grace.id }], missing: [grace.id] } as const
    const now: Participants = new Map([ada, grace, second].map((each) => [each.id, each]))
    const first = moved(approve(pending(oneOf), second, seen(1, now), terms(noon)))
    expect(first.request).toMatchObject({ state: 'pending', missing: [grace.id] })
    expectRefused(approve(first.request, second, seen(2, now), terms(noon)), 'already-approved')
    const again = moved(approve(first.request, grace, seen(2, now), terms(noon)))
    expect(again.request).toMatchObject({ state: 'approved', approvals: [{ by: grace.id }] })
    expect(again.entry.data).toMatchObject({ approvals: 1, inPlaceOf: [second.id] })
    // One human being is one approval, whatever they stand for.
    const two = pending({ ...oneOf, approvalsNeeded: 2 })
    const { request } = moved(approve(two, second, seen(1, now), terms(noon)))
    const still = moved(approve(request, grace, seen(2, now), terms(noon)))
    expect(still.request).toMatchObject({ state: 'pending', missing: [] })
    expectRefused(approve(still.request, second, seen(3, now), terms(noon)), 'already-approved')
  })

  it('is given again by anybody who gave it, when it was void for whom it missed and does not any more', () => {
    const approvals = [grace, mary].map(({ id }) => ({ by: id, at: noon }))
    const from = [{ kind: 'group', id: 'S0SECURITY' }] as const
    const whole = pending({ approvalsNeeded: 2, approvals, from, missing: ['S0SECURITY'] })
    const lead = (id: string) => someone(id, ['S0LEADS'])
    for (const by of [grace, mary]) {
      const { request, entry } = moved(approve(whole, by, seen(1), terms(noon)))
      expect(request).toMatchObject({ state: 'approved', missing: [] })
      expect(request.approvals).toHaveLength(2)
      // It is in place of nobody else's.
      expect(entry.data).not.toHaveProperty('inPlaceOf')
    }
    const leads: Participants = new Map(
      [ada, lead(grace.id), lead(mary.id)].map((one) => [one.id, one]),
    )
    expectRefused(approve(whole, lead(grace.id), seen(1, leads), terms(noon)), 'already-approved')
  })

  it('SE-04: is in vain for somebody who may not ask any more; denying is not', () => {
    for (const now of [[grace], [grace, someone(ada.id, [])]]) {
      const left: Participants = new Map(now.map((one) => [one.id, one]))
      expectRefused(approve(pending(), grace, seen(1, left), terms(noon)), 'requester-left')
      expect(
        deny(
          pending(),
          grace,
          { participants: left, seenVersion: 1, comment: 'She has left', earlier: [] },
          terms(noon),
        ).kind,
      ).toBe('moved')
    }
  })

  it('waits for one of each, even when there are enough', () => {
    const oneOfEach = policyFrom(`
version: 1
channels: { approvals: C0APPROVE, audit: C0AUDIT }
pools: { customers: { userPoolId: us-west-2_aaaaaaaaa } }
requesters: [S0SUPPORT]
security: [S0SECURITY]
tiers: [{ name: standard, from: [S0SECURITY, S0LEADS], approvals: 2, methods: [reset] }]
identityChecks: [{ id: callback, label: Called back, evidence: { reference: Call record, pattern: 'CALL-\\d+', example: CALL-12 } }]
`)
    const [lea, leo] = ['U0LEA', 'U0LEO'].map((id) => someone(id, ['S0LEADS']))
    const gil = someone('U0GIL', ['S0SECURITY'])
    if (lea === undefined || leo === undefined) throw new Error('there are two leads')
    const all: Participants = new Map([ada, lea, leo, gil].map((each) => [each.id, each]))
    const decide = (request: RecoveryRequest, by: Person) =>
      moved(approve(request, by, seen(1, all), terms(noon, oneOfEach))).request
    const two = decide(decide(pending(), lea), leo)
    expect(two).toMatchObject({ state: 'pending', missing: ['S0SECURITY'] })
    expect(decide(two, gil)).toMatchObject({ state: 'approved', missing: [] })
  })

  it('B3: waits for one of each that it was opened with, though the policy asks for them no more', () => {
    const from = [
      { kind: 'group', id: 'S0SECURITY' },
      { kind: 'group', id: 'S0LEADS' },
    ] as const
    const [lea, leo] = ['U0LEA', 'U0LEO'].map((id) => someone(id, ['S0LEADS']))
    if (lea === undefined || leo === undefined) throw new Error('there are two leads')
    const all: Participants = new Map([ada, lea, leo, grace].map((each) => [each.id, each]))
    const decide = (request: RecoveryRequest, by: Person) =>
      moved(approve(request, by, seen(1, all), terms(noon))).request
    const two = decide(decide(pending({ from, missing: ['S0SECURITY', 'S0LEADS'] }), lea), leo)
    expect(two).toMatchObject({ state: 'pending', missing: ['S0SECURITY'] })
    expect(decide(two, grace)).toMatchObject({ state: 'approved', missing: [] })
  })

  it.each([
    ['a space without width', 'Alan\u200bAdmin', 'AlanAdmin'],
    ['a joiner', 'Alan\u200dAdmin', 'alanadmin'],
    ['a mark that turns the direction', '\u202eAlan Admin\u202c', 'Alan Admin'],
    ['a soft hyphen and a control', 'Al\u00adan\u0007 Admin', 'Alan Admin'],
    ['a line break', 'Alan\nAdmin', 'Alan Admin'],
    ['a Hangul filler', 'Alan \u3164Admin', 'alan admin'],
  ])('SE-12: %s in the account’s name need not be typed, as nobody sees it', (_, name, typed) => {
    const request = pending({ privileged: true, seen: { ...pending().seen, name } })
    const typing = (text: string) =>
      approve(request, grace, { ...seen(1), typed: text }, terms(noon))
    expect(typing(typed).kind).toBe('moved')
    expect(typing(name).kind).toBe('moved')
    expectRefused(typing('Jane Doe'), 'name-mismatch')
  })

  it('a name of which nothing can be seen is not asked for', () => {
    const request = pending({
      privileged: true,
      seen: { ...pending().seen, name: '\u200b\u3164\u00ad' },
    })
    expect(nameToType(request)).toBe(request.account.sub.slice(-6))
    expectRefused(approve(request, grace, seen(1), terms(noon)), 'name-mismatch')
  })
})

describe('whether it can still be decided', () => {
  const leads = (...them: Person[]): Participants =>
    new Map([ada, ...them].map((each) => [each.id, each]))
  const [lea, leo, lou] = ['U0LEA', 'U0LEO', 'U0LOU'].map((id) => someone(id, ['S0LEADS']))
  if (lea === undefined || leo === undefined || lou === undefined) throw new Error('three leads')
  const two = pending({ approvalsNeeded: 2, approvals: [{ by: lea.id, at: noon }] })

  it('counts the approvals of those alone who still may', () => {
    const gone = someone(lea.id, [])
    expect(canStillBeDecided(two, [leo], leads(lea, leo), terms(noon))).toBe(true)
    expect(canStillBeDecided(two, [leo], leads(gone, leo), terms(noon))).toBe(false)
    expect(canStillBeDecided(two, [leo, lou], leads(gone, leo, lou), terms(noon))).toBe(true)
  })

  it('counts who has approved under two accounts once', () => {
    const other = { ...leo, subjects: [leo.id, ...lea.subjects] }
    const both = { ...two, approvals: [lea, other].map(({ id }) => ({ by: id, at: noon })) }
    expect(canStillBeDecided(both, [], leads(lea, other), terms(noon))).toBe(false)
  })

  it('counts who has a guest’s account as well, whichever comes first', () => {
    const guest = { ...someone('U0GUEST', leo.groups, false), subjects: ['U0GUEST', leo.id] }
    for (const people of [
      [guest, leo],
      [leo, guest],
    ]) {
      expect(canStillBeDecided(two, people, leads(lea), terms(noon))).toBe(true)
    }
  })

  it('asks for one of each that it was opened with', () => {
    const from = [{ kind: 'group', id: 'S0SECURITY' }] as const
    expect(canStillBeDecided({ ...two, from }, [leo], leads(lea, leo), terms(noon))).toBe(false)
    expect(canStillBeDecided({ ...two, from }, [mary], leads(lea, mary), terms(noon))).toBe(true)
  })
})

describe('the name of a privileged account', () => {
  const tail = '111111'
  const oneOfTheOdd = fc.constantFrom(
    ...['a', 'B', '1', ' ', '\n', '\u0000', '*', '@', '.', '&', '<', 'ß', 'İ', 'é', 'e\u0301', 'ﬁ'],
    ...[
      '\u200b',
      '\u200d',
      '\u202e',
      '\u2028',
      '\u3000',
      '\u3164',
      '\ufe0f',
      '\ud83d',
      '👩\u200d💻',
      '花',
    ],
  )
  const named = (name: string) => {
    const request = pending({ privileged: true })
    return { ...request, seen: { ...request.seen, name } }
  }
  const type = (request: RecoveryRequest, typed: string) =>
    approve(request, grace, { ...seen(1), typed }, terms(noon))

  it.each([
    ['as it stands', 'Alan Admin', 'Alan Admin'],
    ['in other capitals and spaces', 'Alan  Admin', ' alan ADMIN '],
    ['with a control in what was copied', 'Alan Admin', 'Alan\u0007 Admin'],
    ['with a space without width', 'Alan\u200bAdmin', 'AlanAdmin'],
    ['with a mark that turns the direction', '\u202eAlan', 'Alan'],
    ['with a control', 'Alan\u0007', 'Alan'],
    ['on two lines', 'Alan\u2028Admin', 'Alan Admin'],
    ['with a joiner, which stays where it is shown', 'Alan\u200dAdmin', 'AlanAdmin'],
    ['with a filler that looks like nothing', 'Alan\u3164', 'Alan'],
    ['with a wide space', 'Alan\u3000Admin', 'Alan Admin'],
    ['with the apostrophe of a phone', "Sean O'Neill", 'Sean O’Neill'],
    ['with a plain apostrophe for a typographic one', 'Sean O’Neill', "sean o'neill"],
    ['with an accent for an apostrophe', 'Sean O’Neill', 'Sean O´Neill'],
    ['with a plain hyphen for a longer one', 'Mary‑Ann – Lee', 'Mary-Ann - Lee'],
    ['in full width', 'Alan Admin', 'Ａｌａｎ　Ａｄｍｉｎ'],
    ['in half-width kana', 'カタカナ', 'ｶﾀｶﾅ'],
    ['in capitals that are two letters', 'Straße', 'STRASSE'],
    ['with another last sigma', 'ΟΔΟΣ', 'οδος'],
    ['with an accent on its own', 'Rene\u0301', 'Ren\u00e9'],
    ['by the end of its id, which no other account has', 'Alan Admin', tail],
    ['by the end of its id, where the name is an address', 'alan@example.com', tail],
    ['by the end of its id, where the name is masked', 'a***', tail],
    ['by the end of its id, where nothing can be seen of the name', '\u200d\u3164\u200b', tail],
  ])('SE-11 is typed %s', (_, name, typed) => {
    expect(type(named(name), typed).kind).toBe('moved')
  })

  it.each([
    ['nothing', 'Alan Admin', ''],
    ['nothing that can be seen', '\u200b', '\u3164'],
    ['half of it', 'Alan Admin', 'Alan'],
    ['another accent', 'René', 'Rene'],
    ['without its apostrophe', "O'Neill", 'ONeill'],
    ['another name', 'Alan Admin', 'Alma Admin'],
    ['an address in the name’s place', 'alan@example.com', 'alan@example.com'],
    ['the wrong end of the id', 'Alan Admin', '11111'],
  ])('SE-11 is not %s', (_, name, typed) => {
    expectRefused(type(named(name), typed), 'name-mismatch')
  })

  it('SE-11 is not nothing, even where the id is nothing to see either', () => {
    const request = named('\u3164')
    const account = { ...request.account, sub: subOf('\u3164') }
    expectRefused(type({ ...request, account }, ''), 'name-mismatch')
  })

  it('SE-11 can be typed as it is shown, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: oneOfTheOdd, maxLength: 70 }), (name) => {
        const request = named(name)
        const label = nameToType(request)
        const shown = label === tail ? tail : ownerName(name)
        expect(type(request, shown).kind).toBe('moved')
      }),
      { numRuns: 1_000 },
    )
  })
})

interface Attempt {
  readonly request: RecoveryRequest
  readonly by: Person
  readonly version: number
  readonly at: Date
}

describe('who may decide, and when', () => {
  const cases: [string, Refusal, Attempt][] = [
    [
      'somebody the tier does not name',
      'not-an-approver',
      { request: pending(), by: eve, version: 1, at: noon },
    ],
    [
      'a lead on an account of another tier',
      'not-an-approver',
      { request: twoNeeded, by: someone('U0L', ['S0LEADS']), version: 1, at: noon },
    ],
    [
      'SE-08 a guest in the right group',
      'not-an-approver',
      { request: pending(), by: someone('U0G', ['S0LEADS'], false), version: 1, at: noon },
    ],
    [
      'whoever asked, approver or not',
      'own-request',
      { request: pending({ requestedBy: grace.id }), by: grace, version: 1, at: noon },
    ],
    [
      'SE-07 the account’s owner',
      'own-account',
      { request: pending({ owner: grace.id }), by: grace, version: 1, at: noon },
    ],
    [
      'an outsider, without a word on the request’s state',
      'not-an-approver',
      { request: denied, by: eve, version: 1, at: noon },
    ],
    [
      'B11 a second verdict',
      'already-decided',
      { request: denied, by: grace, version: 1, at: noon },
    ],
    [
      'a verdict on what is being carried out',
      'already-decided',
      { request: executing(), by: mary, version: 1, at: noon },
    ],
    [
      'a verdict on what has expired',
      'expired',
      { request: expiredRequest, by: grace, version: 1, at: noon },
    ],
    [
      'TI-02 the very moment of expiry',
      'expired',
      { request: pending(), by: grace, version: 1, at: later(30 * minute) },
    ],
    [
      'SE-03 what was seen before approvals were voided',
      'stale-view',
      { request: pending({ version: 5, pendingSince: 4 }), by: grace, version: 3, at: noon },
    ],
    [
      'SE-01 a version that never was',
      'stale-view',
      { request: pending(), by: grace, version: 9, at: noon },
    ],
    [
      'SE-05 anybody, for a tier that is gone from the policy',
      'not-an-approver',
      { request: pending({ tier: 'gone' }), by: grace, version: 1, at: noon },
    ],
  ]
  it.each(cases)('refuses %s', (_, why, { request, by, version, at }) => {
    expectRefused(approve(request, by, seen(version), terms(at)), why)
    expectRefused(
      deny(
        request,
        by,
        { participants, seenVersion: version, comment: 'No', earlier: [] },
        terms(at),
      ),
      why,
    )
  })

  it('TI-02 T25 accepts a verdict a millisecond before expiry', () => {
    expect(approve(pending(), grace, seen(1), terms(later(30 * minute - 1))).kind).toBe('moved')
  })
})

describe('deny', () => {
  it('ends the request with a reason that the requester will read', () => {
    const change = moved(
      deny(
        pending(),
        grace,
        { participants, seenVersion: 1, comment: ' She is on leave ', earlier: [] },
        terms(noon),
      ),
    )
    expect(change.request).toMatchObject({
      state: 'denied',
      deniedBy: grace.id,
      comment: 'She is on leave',
    })
    expect(kinds(change)).toEqual(['draw-card', 'tell-requester'])
  })

  it('asks for a reason', () => {
    expectRefused(
      deny(
        pending(),
        grace,
        { participants, seenVersion: 1, comment: '  ', earlier: [] },
        terms(noon),
      ),
      'reason-missing',
    )
  })
})

describe('withdraw', () => {
  it('lets the requester take a request back until something has been done', () => {
    for (const request of [pending(), approved()]) {
      expect(moved(withdraw(request, ada, terms(noon), [])).request.state).toBe('withdrawn')
    }
    expectRefused(withdraw(executing(), ada, terms(noon), []), 'already-decided')
  })

  it('is nobody else’s to do', () => {
    expectRefused(withdraw(pending(), grace, terms(noon), []), 'not-your-request')
  })

  it('SE-08 is not for a requester who has left, or is a guest by now', () => {
    const left = someone(ada.id, ada.groups, false)
    expectRefused(withdraw(pending(), left, terms(noon), []), 'not-your-request')
  })
})

describe('expire', () => {
  it('ends what waits, approved or not, from the moment on that its time is up', () => {
    expect(expire(pending(), terms(later(30 * minute - 1)), [])).toBeUndefined()
    for (const request of [pending(), approved()]) {
      expect(moved(expire(request, terms(later(30 * minute)), [])).request.state).toBe('expired')
    }
  })

  it('leaves alone what is under way or over', () => {
    for (const request of [executing(), denied]) {
      expect(expire(request, terms(later(24 * 60 * minute)), [])).toBeUndefined()
    }
  })
})
