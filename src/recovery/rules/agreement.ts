/** Whether what the tables say of a request is what its ledger entries say. */

import type { RecordedEffect, RecordedRequest } from '../../audit/replay/recorded-request.ts'
import type { Effect } from '../model/effect.ts'
import type { RecoveryRequest } from '../model/request.ts'

/** One thing about a request that the tables have otherwise than the ledger. */
export interface Difference {
  readonly what: Compared
  /** As each has it; empty where it has nothing. */
  readonly table: string
  readonly ledger: string
}

/** What is compared. What no entry says is not: the account's name in the policy, what was seen of it. */
export type Compared = keyof ReturnType<typeof byTable> | keyof ReturnType<typeof effectOf>

/**
 * @param effects its rows in the table of effects; left out where only the request is to be compared
 * @returns what differs, in a fixed order; nothing where they agree
 */
export function differences(
  request: RecoveryRequest,
  recorded: RecordedRequest,
  effects?: readonly Effect[],
): readonly Difference[] {
  const table = byTable(request)
  const ledger = byLedger(recorded, table)
  const different = (Object.keys(table) as (keyof typeof table)[]).flatMap((what) =>
    differing(what, table[what], ledger[what]),
  )
  return effects === undefined ? different : [...different, ...inEffects(effects, recorded.effects)]
}

function byTable(request: RecoveryRequest) {
  return {
    version: String(request.version),
    state: request.state,
    requester: request.requestedBy,
    pool: request.account.userPoolId,
    sub: request.account.sub,
    method: request.method,
    tier: request.tier,
    approvals: approvalsOf(request.approvals.map(({ by, at }) => ({ by, at: isoOf(at) }))),
    approvalsNeeded: String(request.approvalsNeeded),
    approvalsSince: String(request.pendingSince),
    owner: request.owner ?? '',
    policy: request.policy,
    openedAt: isoOf(request.openedAt),
    expiresAt: isoOf(request.expiresAt),
    password: 'password' in request ? request.password : 'none',
    effect: ('effect' in request ? request.effect : undefined) ?? '',
    reported:
      request.reported === undefined
        ? ''
        : reportOf(request.reported.by, isoOf(request.reported.at)),
  }
}

function byLedger(
  recorded: RecordedRequest,
  table: ReturnType<typeof byTable>,
): ReturnType<typeof byTable> {
  const { reported } = recorded
  return {
    version: String(recorded.version),
    state: recorded.state,
    requester: recorded.opener,
    pool: recorded.target.userPoolId,
    sub: recorded.target.sub,
    method: recorded.method,
    tier: recorded.tier,
    approvals: approvalsOf(recorded.approvals),
    approvalsNeeded: String(recorded.approvalsNeeded),
    approvalsSince: String(recorded.pendingSince),
    // Rekey 0.1 did not write it down.
    owner: recorded.owner ?? table.owner,
    policy: recorded.policy,
    openedAt: recorded.openedAt,
    expiresAt: recorded.expiresAt,
    password: recorded.password,
    effect: recorded.effect ?? '',
    reported: reported === undefined ? '' : reportOf(reported.by, reported.at),
  }
}

function inEffects(
  table: readonly Effect[],
  ledger: readonly RecordedEffect[],
): readonly Difference[] {
  const ids = [...new Set([...ledger, ...table].map(({ id }) => id))]
  return ids.flatMap((id) => {
    const stored = table.find((each) => each.id === id)
    const known = ledger.find((each) => each.id === id)
    const one = stored && effectOf(stored)
    const other = known && effectOf(known)
    if (one === undefined || other === undefined)
      return [
        { what: 'effectId' as const, table: one?.effectId ?? '', ledger: other?.effectId ?? '' },
      ]
    return (Object.keys(one) as (keyof typeof one)[]).flatMap((what) =>
      differing(what, one[what], other[what]),
    )
  })
}

function effectOf(effect: RecordedEffect | Effect) {
  const { id, kind, number, state, fence, attempts } = effect
  return {
    effectId: id,
    effectKind: `${id} ${kind}`,
    effectNumber: `${id} ${number}`,
    effectState: `${id} ${state}`,
    effectFence: `${id} ${fence}`,
    effectAttempts: `${id} ${attempts}`,
  }
}

function differing(what: Compared, table: string, ledger: string): Difference[] {
  return table === ledger ? [] : [{ what, table, ledger }]
}

function approvalsOf(approvals: readonly { readonly by: string; readonly at: string }[]): string {
  return approvals
    .map(({ by, at }) => `${by} at ${at}`)
    .toSorted()
    .join(', ')
}

function reportOf(by: string, at: string): string {
  return `${by} at ${at}`
}

function isoOf(date: Date): string {
  return date.toISOString()
}
