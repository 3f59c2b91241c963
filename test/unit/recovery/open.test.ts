import { describe, expect, it } from 'vitest'
import type { RequestId } from '../../../src/ids.ts'
import type { Policy, Tier } from '../../../src/policy/policy.ts'
import { withoutAddresses } from '../../../src/policy/text-form.ts'
import type { Refusal } from '../../../src/recovery/model/decision.ts'
import { type Application, type OpenFacts, open } from '../../../src/recovery/rules/open.ts'
import { expectRefused, kinds, moved } from '../../support/decisions.ts'
import {
  account,
  ada,
  application,
  availableMethods,
  eve,
  grace,
  later,
  mary,
  minute,
  noon,
  pending,
  policy,
  someone,
  terms,
} from '../../support/examples.ts'

const facts: OpenFacts = {
  id: 'REQ-0000000001' as RequestId,
  by: ada,
  account: account(),
  owner: undefined,
  approvers: [grace, mary],
  freeze: undefined,
  openRequest: undefined,
}

const freeze = { account: account().ref, until: later(minute), request: facts.id }

function ask(application_: Partial<Application>, facts_: Partial<OpenFacts>) {
  return open({ ...application, ...application_ }, { ...facts, ...facts_ }, terms(noon))
}

function policyWithTier(differs: Partial<Tier>): Policy {
  return { ...policy, tiers: policy.tiers.map((tier) => ({ ...tier, ...differs })) }
}

describe('open', () => {
  it('opens a request in version 1 that waits until the policy’s time is up', () => {
    const change = moved(ask({}, {}))
    expect(change.request).toMatchObject({
      state: 'pending',
      version: 1,
      tier: 'standard',
      approvalsNeeded: 1,
      expiresAt: later(30 * minute),
      policy: policy.hash,
    })
    expect(kinds(change)).toEqual([
      'draw-card',
      'tell-requester',
      'remind',
      'see-who-is-left',
      'expire',
    ])
    expect(change.jobs.find(({ task }) => task.kind === 'expire')?.notBefore).toEqual(
      later(30 * minute),
    )
  })

  const refusals: [string, Refusal, Partial<Application>, Partial<OpenFacts>][] = [
    ['whoever the policy does not name', 'not-a-requester', {}, { by: eve }],
    [
      'a guest, even one the policy names',
      'not-a-requester',
      {},
      { by: someone('U0GUS', ['S0SUPPORT'], false) },
    ],
    ['the account’s owner', 'own-account', {}, { owner: ada }],
    ['a method that cannot work', 'method-closed', { method: 'resend-invitation' }, {}],
    ['a method the tier does not allow', 'method-closed', { method: 'permanent-password' }, {}],
    [
      'an identity check the policy does not know',
      'check-unknown',
      { identityCheck: 'gut-feeling' },
      {},
    ],
    ['no reason', 'reason-missing', { reason: ' \n ' }, {}],
    ['no ticket', 'ticket-missing', { ticket: '' }, {}],
    ['no evidence of the check', 'evidence-missing', { evidence: ' ' }, {}],
    ['evidence that is none', 'evidence-malformed', { evidence: 'she sounded right' }, {}],
    ['evidence with more around it', 'evidence-malformed', { evidence: 'x CALL-12' }, {}],
    ['an account that its owner has frozen', 'account-frozen', {}, { freeze }],
    ['what nobody could decide', 'nobody-can-decide', {}, { approvers: [] }],
    ['what only the requester could decide', 'nobody-can-decide', {}, { approvers: [ada] }],
    [
      'what only its owner could decide',
      'nobody-can-decide',
      {},
      { approvers: [grace], owner: grace },
    ],
    ['a second request for one account', 'request-open', {}, { openRequest: pending() }],
  ]
  it.each(refusals)('refuses %s', (_, why, application_, facts_) => {
    expectRefused(ask(application_, facts_), why)
  })

  it('T4: takes a person whose other account is a guest’s, whichever comes first', () => {
    const guest = { ...someone('U0GUEST', grace.groups, false), subjects: ['U0GUEST', grace.id] }
    expect(ask({}, { approvers: [guest, grace] }).kind).toBe('moved')
    expect(ask({}, { approvers: [grace, guest] }).kind).toBe('moved')
  })

  it('T4: takes two accounts of a person for one, who stands for whomever either stands for', () => {
    const second = { ...someone('U0GRACE2', ['S0LEADS']), subjects: ['U0GRACE2', grace.id] }
    const from = [{ kind: 'user', id: grace.id }] as const
    const named = policyWithTier({ from, approvals: 1 })
    const two = policyWithTier({ approvals: 2 })
    for (const approvers of [
      [second, grace],
      [grace, second],
    ]) {
      expect(open(application, { ...facts, approvers }, terms(noon, named)).kind).toBe('moved')
      expectRefused(
        open(application, { ...facts, approvers }, terms(noon, two)),
        'nobody-can-decide',
      )
    }
  })

  it('puts an account into the tier of its Cognito groups, with that tier’s methods and approvals', () => {
    const admin = account({ groups: ['admins'] })
    expect(moved(ask({}, { account: admin })).request).toMatchObject({
      tier: 'privileged',
      approvalsNeeded: 2,
    })
    expectRefused(ask({ method: 'temporary-password' }, { account: admin }), 'method-closed')
  })

  it('SE-10 counts towards the requester’s limit, the account’s, theirs for that account, and everybody’s', () => {
    const { requestsPerRequester, requestsPerAccount, requestsOverall } = policy.limits
    const { userPoolId, sub } = account().ref
    expect(moved(ask({}, {})).consumes).toEqual([
      { ...requestsPerRequester, name: 'requestsPerRequester', of: ada.id },
      { ...requestsPerAccount, name: 'requestsPerAccount', of: `${userPoolId} ${sub}` },
      { ...requestsPerAccount, name: 'requestsPerAccount', of: `${userPoolId} ${sub} ${ada.id}` },
      { ...requestsOverall, name: 'requestsOverall', of: 'all' },
    ])
  })

  it('never offers a permanent password on one person’s word, whatever a policy says', () => {
    const permanent = { ...application, method: 'permanent-password' } as const
    const allowing = (approvals: number) => ({
      ...policy,
      tiers: policy.tiers.map((tier) => ({ ...tier, approvals, methods: [permanent.method] })),
    })
    expectRefused(open(permanent, facts, terms(noon, allowing(1))), 'method-closed')
    expect(open(permanent, facts, terms(noon, allowing(2))).kind).toBe('moved')
  })

  it('keeps what the approver needs, and no whole address', () => {
    const change = moved(ask({ reason: 'Jane (jane@example.com) called' }, {}))
    expect(change.request.reason).toBe('Jane ([e-mail address]) called')
    expect(JSON.stringify(change)).not.toContain('jane@example.com')
  })

  it('remembers who the owner is in Slack, so that they can’t approve', () => {
    expect(moved(ask({}, { owner: eve })).request.owner).toBe(eve.id)
  })

  it('asks the account as it is now, not as it was when the form was drawn', () => {
    const availability = {
      ...availableMethods,
      reset: { open: false, because: 'disabled' },
    } as const
    expectRefused(ask({}, { account: account({ availability }) }), 'method-closed')
  })
})

describe('withoutAddresses', () => {
  it.each([
    ['mail jane@example.com now', 'mail [e-mail address] now'],
    ['<mailto:jane@example.com|jane@example.com>', '<mailto:[e-mail address]|[e-mail address]>'],
    ['花子@例え.jp です', '[e-mail address] です'],
    ['jane＠example.com', '[e-mail address]'],
    ['jane@@example.com', '[e-mail address]'],
    ['jane%40example.com', '[e-mail address]'],
    ['at 5 @ noon', 'at 5 @ noon'],
  ])('%s', (words, without) => {
    expect(withoutAddresses(words)).toBe(without)
  })
})
