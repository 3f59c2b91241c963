/**
 * A request as a row. What queries ask for has columns of its own, the approvals have a table, and
 * the rest is JSON: no value is kept twice, so that no two can disagree.
 */

import type { Selectable } from 'kysely'
import { z } from 'zod'
import { methods } from '../policy/method.ts'
import type { Contact } from '../recovery/model/account.ts'
import type { Failure, FailureKind } from '../recovery/model/effect.ts'
import type { RecoveryRequest } from '../recovery/model/request.ts'
import {
  accountStatus,
  effectField,
  moment,
  personField,
  reading,
  requestField,
  subField,
} from './fields.ts'
import type { ApprovalTable, RequestTable } from './tables.ts'

/** What came of telling the owner is kept beside it: no version says anything of that. */
export function requestRow(
  request: RecoveryRequest,
): Omit<Selectable<RequestTable>, 'seal' | 'owner_told_at' | 'owner_not_told' | 'owner_told_seal'> {
  const { id, version, state, requestedBy, openedAt, expiresAt, ...others } = z.encode(
    requestForm,
    request,
  )
  const { approvals: _, ownerTold: __, account, ...rest } = others
  const { userPoolId, sub, ...names } = account
  return {
    id,
    version,
    state,
    user_pool_id: userPoolId,
    sub,
    requested_by: requestedBy,
    opened_at: openedAt,
    expires_at: expiresAt,
    body_json: JSON.stringify({ ...rest, account: names }),
  }
}

export function approvalRows(request: RecoveryRequest): readonly ApprovalTable[] {
  return request.approvals.map(({ by, at }) => ({
    request_id: request.id,
    approver: by,
    at: at.getTime(),
  }))
}

/** @param approvals in the order in which they were given */
export function readRequest(
  row: Selectable<RequestTable>,
  approvals: readonly Pick<ApprovalTable, 'approver' | 'at'>[],
): RecoveryRequest {
  return reading(`request ${row.id}`, () => {
    const { account, ...rest } = bodyForm.parse(JSON.parse(row.body_json))
    return requestForm.parse({
      ...rest,
      id: row.id,
      version: row.version,
      state: row.state,
      account: { ...account, userPoolId: row.user_pool_id, sub: row.sub },
      requestedBy: row.requested_by,
      openedAt: row.opened_at,
      expiresAt: row.expires_at,
      ...told(row),
      approvals: approvals.map(({ approver, at }) => ({ by: approver, at })),
    })
  })
}

/** @returns undefined where no Rekey has written it so */
export function tryReading(...row: Parameters<typeof readRequest>): RecoveryRequest | undefined {
  try {
    return readRequest(...row)
  } catch {
    return undefined
  }
}

function told({ owner_told_at: at, owner_not_told: refused }: Selectable<RequestTable>) {
  if (refused !== null) return { ownerTold: { refused } }
  return at === null ? {} : { ownerTold: { at } }
}

const bodyForm = z.looseObject({ account: z.looseObject({}) })

const contact = z.strictObject({
  kind: z.enum(['email', 'phone']),
  masked: z.string(),
  verified: z.boolean(),
}) satisfies z.ZodType<Contact>

const opened = z.strictObject({
  id: requestField,
  version: z.int().min(1),
  pendingSince: z.int(),
  account: z.strictObject({
    pool: z.string(),
    userPoolId: z.string(),
    sub: subField,
    username: z.string(),
  }),
  seen: z.strictObject({
    name: z.string(),
    status: accountStatus,
    contacts: z.array(contact).readonly(),
    addresses: z.string().exactOptional(),
    groups: z.array(z.string()).readonly(),
    modifiedAt: moment,
    temporaryPasswordDays: z.int(),
    destination: contact.exactOptional(),
    isLost: z.literal(true).exactOptional(),
  }),
  method: z.enum(methods),
  tier: z.string(),
  approvalsNeeded: z.int(),
  policy: z.string(),
  requestedBy: personField,
  owner: personField.exactOptional(),
  ownerReach: z.enum(['slack', 'not-verified', 'not-in-slack']).exactOptional(),
  ownerTold: z
    .union([z.strictObject({ at: moment }), z.strictObject({ refused: z.string() })])
    .exactOptional(),
  reported: z.strictObject({ by: personField, at: moment }).exactOptional(),
  addressChanged: z.literal(true).exactOptional(),
  stuck: z.literal(true).exactOptional(),
  reason: z.string(),
  ticket: z.string(),
  identityCheck: z.strictObject({
    id: z.string(),
    label: z.string(),
    evidence: z.strictObject({ label: z.string(), value: z.string() }),
  }),
  source: z.string().exactOptional(),
  privileged: z.literal(true).exactOptional(),
  openedAt: moment,
  expiresAt: moment,
  from: z
    .array(z.strictObject({ kind: z.enum(['user', 'group']), id: z.string() }))
    .readonly()
    .exactOptional(),
  missing: z.array(z.string()).readonly(),
  approvals: z.array(z.strictObject({ by: personField, at: moment })).readonly(),
})

const image = z.strictObject({ status: accountStatus, modifiedAt: moment })

const done = opened.extend({
  effect: effectField,
  executedAt: moment,
  confirmedBy: z.enum(['answer', 'observation', 'person', 'nobody']),
  sentTo: z.string().exactOptional(),
  sentElsewhere: z.literal(true).exactOptional(),
  sessions: z.enum(['to-revoke', 'revoked', 'kept', 'not-revoked']),
  password: z.enum(['none', 'sealed', 'revealing', 'revealed', 'burnt', 'scrambled']),
  passwordSince: moment,
})

const failureKinds = [
  'account-state',
  'no-channel',
  'account-gone',
  'pool-gone',
  'password-policy',
  'password-history',
  'attempt-limit',
  'mail-limit',
  'throttled',
  'delivery',
  'configuration',
  'refused',
  'no-answer',
] as const satisfies readonly FailureKind[]

const failure = z.strictObject({
  kind: z.enum(failureKinds),
  name: z.string(),
  awsRequestId: z.string().exactOptional(),
}) satisfies z.ZodType<Failure>

const requestForm = z.discriminatedUnion('state', [
  opened.extend({ state: z.enum(['pending', 'approved']) }),
  opened.extend({ state: z.literal('executing'), effect: effectField }),
  done.extend({ state: z.literal('executed') }),
  done.extend({ state: z.literal('recovered'), recoveredAt: moment }),
  done.extend({
    state: z.literal('lapsed'),
    lapsedAt: moment,
    // Requests that lapsed before there was more than one reason say none.
    because: z
      .enum(['time-up', 'scrambled', 'not-scrambled', 'account-gone', 'pool-removed', 'used'])
      .default('time-up'),
  }),
  opened.extend({
    state: z.literal('needs-attention'),
    effect: effectField,
    because: z.enum(['changed-otherwise', 'never-observed']),
    since: moment,
    looked: z.strictObject({ before: image, found: image.exactOptional() }).exactOptional(),
  }),
  opened.extend({
    state: z.literal('denied'),
    deniedBy: personField,
    deniedAt: moment,
    comment: z.string(),
  }),
  opened.extend({ state: z.literal('withdrawn'), withdrawnAt: moment }),
  opened.extend({ state: z.literal('expired'), expiredAt: moment }),
  opened.extend({
    state: z.literal('failed'),
    failedAt: moment,
    failure,
    effect: effectField.exactOptional(),
    sentBefore: z.literal(true).exactOptional(),
  }),
])
