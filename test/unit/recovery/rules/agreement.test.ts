import { describe, expect, it } from 'vitest'
import { type EffectId, type PersonId, personId } from '../../../../src/ids.ts'
import type { Effect } from '../../../../src/recovery/model/effect.ts'
import type { RecoveryRequest } from '../../../../src/recovery/model/request.ts'
import { differences } from '../../../../src/recovery/rules/agreement.ts'
import { recordedIn } from '../../../../src/recovery/rules/as-recorded.ts'
import { effect, executing, later } from '../../../support/examples.ts'
import { approvedBy, intended, ledgerOf, opened, told } from '../../../support/told.ts'

const recorded = replayed(opened({ method: 'reset' }))
const [approval] = recorded.approvals
const row: RecoveryRequest = {
  ...executing(),
  account: { ...executing().account, ...told.target },
  version: 3,
  policy: told.policy,
  effect: 'EFF-1' as EffectId,
  approvals: [{ by: approval?.by as PersonId, at: new Date(approval?.at ?? 0) }],
}
const effects = [effect({ id: 'EFF-1' as EffectId, kind: 'reset' })]

describe('F2 a request that the tables have as the ledger does', () => {
  it('does not differ', () => {
    expect(differences(row, recorded, effects)).toEqual([])
  })

  it('may have an owner of whom an older Rekey wrote nothing', () => {
    const old = replayed(opened({ method: 'reset', owner: '' }))
    const { owner: _, ...withoutOwner } = old
    expect(differences(row, withoutOwner, effects)).toEqual([])
  })
})

describe('F2 what the ledger says of a request', () => {
  const entries = entriesFrom(opened({ method: 'reset' }))

  it('is nothing where it never opened it, or where an entry is missing', () => {
    expect(recordedIn(entries)?.request).toMatchObject({ state: 'executing', version: 3 })
    expect(recordedIn([])).toBeUndefined()
    expect(recordedIn(entries.toSpliced(1, 1))).toBeUndefined()
  })
})

describe('F2 a request that somebody has changed in the tables', () => {
  it.each<[string, Partial<RecoveryRequest>, string, string]>([
    ['version', { version: 4 }, '4', '3'],
    ['requester', { requestedBy: personId('U0EVE') }, 'U0EVE', 'U0ADA'],
    ['method', { method: 'recovery-code' }, 'recovery-code', 'reset'],
    ['tier', { tier: 'other' }, 'other', 'standard'],
    ['approvals', { approvals: [] }, '', 'U0GRACE at 2026-11-22T12:00:01.000Z'],
    ['approvalsNeeded', { approvalsNeeded: 0 }, '0', '1'],
    ['approvalsSince', { pendingSince: 2 }, '2', '1'],
    ['owner', { owner: personId('U0EVE') }, 'U0EVE', 'U0JANE'],
    ['policy', { policy: 'other' }, 'other', told.policy],
    ['openedAt', { openedAt: later(1) }, '2026-11-22T12:00:00.001Z', '2026-11-22T12:00:00.000Z'],
    ['effect', { effect: 'EFF-2' as EffectId }, 'EFF-2', 'EFF-1'],
    [
      'reported',
      { reported: { by: personId('U0JANE'), at: later(0) } },
      'U0JANE at 2026-11-22T12:00:00.000Z',
      '',
    ],
  ])('differs in its %s', (what, differs, table, ledger) => {
    const changed = { ...row, ...differs } as RecoveryRequest
    expect(differences(changed, recorded, effects)).toEqual([{ what, table, ledger }])
  })

  it.each<[string, Partial<Effect>, string, string]>([
    ['effectKind', { kind: 'recovery-code' }, 'EFF-1 recovery-code', 'EFF-1 reset'],
    ['effectState', { state: 'confirmed' }, 'EFF-1 confirmed', 'EFF-1 intended'],
    ['effectFence', { fence: 2 }, 'EFF-1 2', 'EFF-1 1'],
    ['effectAttempts', { attempts: 2 }, 'EFF-1 2', 'EFF-1 1'],
    ['effectNumber', { number: 2 }, 'EFF-1 2', 'EFF-1 1'],
  ])('differs in its effects: %s', (what, differs, table, ledger) => {
    const changed = effects.map((each) => ({ ...each, ...differs }))
    expect(differences(row, recorded, changed)).toEqual([{ what, table, ledger }])
  })

  it('differs where an effect is gone, or is one too many', () => {
    expect(differences(row, recorded, [])).toEqual([
      { what: 'effectId', table: '', ledger: 'EFF-1' },
    ])
    const another = effect({ id: 'EFF-9' as EffectId, kind: 'sign-out' })
    expect(differences(row, recorded, [...effects, another])).toEqual([
      { what: 'effectId', table: 'EFF-9', ledger: '' },
    ])
  })
})

function replayed(opening: ReturnType<typeof opened>) {
  const request = recordedIn(entriesFrom(opening))?.request
  if (request === undefined) throw new Error('its entries do not follow')
  return request
}

function entriesFrom(opening: ReturnType<typeof opened>) {
  const said = [opening, approvedBy('U0GRACE'), intended(1, { deed: 'reset' })]
  return ledgerOf(said).map(({ entry }) => entry)
}
