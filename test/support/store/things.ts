/** Decisions to record, each about a request of its own unless a test says otherwise. */

import { randomBytes, randomUUID } from 'node:crypto'
import type { EntryBody, EntryDraft } from '../../../src/audit/entry.ts'
import { newId, type RequestId, subOf } from '../../../src/ids.ts'
import type { AccountRef } from '../../../src/recovery/model/account.ts'
import type { Change, Moved, Refused } from '../../../src/recovery/model/decision.ts'
import type { Effect } from '../../../src/recovery/model/effect.ts'
import type { JobDraft } from '../../../src/recovery/model/job.ts'
import type {
  Approved,
  Executing,
  Pending,
  RecoveryRequest,
} from '../../../src/recovery/model/request.ts'
import type { Sealed } from '../../../src/sealing/password-sealer.ts'
import { ada, effect, grace, later, minute, noon, pending } from '../examples.ts'

export function someAccount(): AccountRef {
  const sub = subOf(randomUUID())
  return { pool: 'customers', userPoolId: 'us-west-2_aaaaaaaaa', sub, username: sub }
}

export function somePending(differs: Partial<Pending> = {}): Pending {
  return pending({ id: newId('request'), account: someAccount(), ...differs })
}

export function approvedOf(request: Pending, by = grace): Approved {
  const approvals = [...request.approvals, { by: by.id, at: later(minute) }]
  return { ...request, version: request.version + 1, state: 'approved', approvals }
}

export function executingOf(request: RecoveryRequest, { id }: Effect): Executing {
  return { ...request, version: request.version + 1, state: 'executing', effect: id }
}

export function withdrawnOf(request: RecoveryRequest): RecoveryRequest {
  return { ...request, version: request.version + 1, state: 'withdrawn', withdrawnAt: noon }
}

export function someEffect(request: RequestId, differs: Partial<Effect> = {}): Effect {
  return effect({ id: newId('effect'), request, ...differs })
}

export function someSealed({ id, request }: Effect): Sealed {
  const [salt, nonce, box] = [randomBytes(32), randomBytes(12), randomBytes(40)]
  return { request, effect: id, keyId: 'key-1', salt, nonce, box }
}

export function entryAbout(
  request: RecoveryRequest | null,
  differs: Partial<EntryBody> = {},
): EntryDraft {
  const body: EntryBody = {
    type: 'request.opened',
    actor: { kind: 'person', id: ada.id },
    request: request?.id ?? null,
    version: request?.version ?? null,
    target: null,
    policy: 'a'.repeat(64),
    data: {},
    ...differs,
  }
  // What an entry says is nothing to the store.
  return body as EntryDraft
}

export function moved(request: RecoveryRequest, differs: Partial<Change> = {}): Moved {
  const change = { request, entry: entryAbout(request), jobs: [], ...differs }
  return { kind: 'moved', change }
}

export function refused(request: RecoveryRequest): Refused {
  const entry = entryAbout(request, { type: 'decision.refused', data: { why: 'own-request' } })
  return { kind: 'refused', why: 'own-request', entry }
}

export function drawing(request: RequestId, lane: string, notBefore = noon): JobDraft {
  return { task: { kind: 'draw-card', request }, lane, notBefore }
}
