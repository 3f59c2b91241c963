/** People, a policy and requests for tests about rules. Ada asks; Grace and Mary decide; Eve is always outside. */

import { type EffectId, personId, type RequestId, subOf } from '../../src/ids.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Account, MethodAvailability } from '../../src/recovery/model/account.ts'
import type { Effect } from '../../src/recovery/model/effect.ts'
import type { Approved, Executed, Executing, Pending } from '../../src/recovery/model/request.ts'
import type { Terms } from '../../src/recovery/model/terms.ts'
import type { Person } from '../../src/recovery/ports/directory.ts'
import type { Application } from '../../src/recovery/rules/open.ts'

export const noon = new Date('2026-11-22T12:00:00.000Z')

export function later(milliseconds: number, than: Date = noon): Date {
  return new Date(than.getTime() + milliseconds)
}

export const minute = 60_000

export function someone(id: string, groups: readonly string[] = [], member = true): Person {
  return { id: personId(id), groups, subjects: [id], member }
}

export const ada = someone('U0ADA', ['S0SUPPORT'])
export const grace = someone('U0GRACE', ['S0LEADS', 'S0SECURITY'])
export const mary = someone('U0MARY', ['S0LEADS', 'S0SECURITY'])
export const eve = someone('U0EVE')

export const policy: Policy = policyFrom(`
version: 1
channels: { approvals: C0APPROVE, audit: C0AUDIT }
pools:
  customers: { userPoolId: us-west-2_aaaaaaaaa, client: { id: 1example2 } }
requesters: [S0SUPPORT]
security: [S0SECURITY]
tiers:
  - { name: privileged, when: { groups: [admins] }, approvers: [S0SECURITY], approvals: 2, methods: [reset] }
  - { name: standard, approvers: [S0LEADS], approvals: 1, methods: [reset, temporary-password, recovery-code] }
identityChecks:
  - { id: callback, label: Called back on the number on file, evidence: { reference: Call record, pattern: 'CALL-\\d+', example: CALL-12 } }
`)

/** What is decided at this time, under the policy above unless it is another one. */
export function terms(now: Date, inForce: Policy = policy): Terms {
  return { policy: inForce, now }
}

export function policyFrom(text: string): Policy {
  const parsed = parsePolicy(text, 'policy.yml')
  if (parsed.kind === 'faulty') throw new Error(parsed.faults.join('\n'))
  return parsed.policy
}

const email = { kind: 'email', masked: 'j***@e***.com', verified: true } as const

export const availableMethods: MethodAvailability = {
  reset: { open: true, destination: email },
  'temporary-password': { open: true },
  'permanent-password': { open: true },
  'recovery-code': { open: true, destination: email },
  'resend-invitation': { open: false, because: 'not-first-sign-in' },
}

export function account(differs: Partial<Account> = {}): Account {
  return {
    ref: {
      pool: 'customers',
      userPoolId: 'us-west-2_aaaaaaaaa',
      sub: subOf('11111111-1111-4111-8111-111111111111'),
      username: '11111111-1111-4111-8111-111111111111',
    },
    name: 'Jane Doe',
    status: 'CONFIRMED',
    enabled: true,
    contacts: [email],
    groups: [],
    createdAt: later(-90 * 24 * 60 * minute),
    modifiedAt: later(-30 * 24 * 60 * minute),
    temporaryPasswordDays: 7,
    availability: availableMethods,
    remarks: [],
    ownerEmail: 'jane@example.com',
    ...differs,
  }
}

export const application: Application = {
  pool: 'customers',
  sub: account().ref.sub,
  method: 'reset',
  reason: 'Lost her phone, can’t sign in',
  ticket: 'HELP-1234',
  identityCheck: 'callback',
  evidence: 'CALL-12',
}

export function pending(differs: Partial<Pending> = {}): Pending {
  const { ref, name, status, contacts, groups, modifiedAt, temporaryPasswordDays } = account()
  return {
    id: 'REQ-0000000001' as RequestId,
    version: 1,
    pendingSince: 1,
    state: 'pending',
    account: ref,
    seen: { name, status, contacts, groups, modifiedAt, temporaryPasswordDays, destination: email },
    method: 'reset',
    tier: 'standard',
    approvalsNeeded: 1,
    policy: policy.hash,
    requestedBy: ada.id,
    owner: personId('U0JANE'),
    reason: application.reason,
    ticket: application.ticket,
    identityCheck: {
      id: 'callback',
      label: 'Called back on the number on file',
      evidence: { label: 'Call record', value: 'CALL-12' },
    },
    openedAt: noon,
    expiresAt: later(30 * minute),
    approvals: [],
    missing: [],
    ...differs,
  }
}

export function approved(differs: Partial<Approved> = {}): Approved {
  const approvals = [{ by: grace.id, at: noon }]
  return { ...pending(), version: 2, approvals, state: 'approved', ...differs }
}

export const effectId = 'EFF-00000000000000000001' as EffectId

export function executing(differs: Partial<Executing> = {}): Executing {
  return { ...approved(), version: 3, state: 'executing', effect: effectId, ...differs }
}

export function effect(differs: Partial<Effect> = {}): Effect {
  const { status, modifiedAt } = account()
  return {
    id: effectId,
    request: pending().id,
    kind: 'reset',
    state: 'intended',
    fence: 1,
    attempts: 1,
    intendedAt: noon,
    firstIntendedAt: noon,
    leaseUntil: later(minute),
    before: { status, modifiedAt },
    number: 1,
    unchangedLooks: 0,
    ...differs,
  }
}

export function executed(differs: Partial<Executed> = {}): Executed {
  return {
    ...executing(),
    version: 4,
    state: 'executed',
    executedAt: noon,
    confirmedBy: 'answer',
    sessions: 'to-revoke',
    password: 'none',
    passwordSince: noon,
    ...differs,
  }
}
