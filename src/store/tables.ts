/** The tables as the queries see them. Times are milliseconds since 1970; `*_json` is JSON text. */

import type { Generated } from 'kysely'
import type { EffectId, JobId, RequestId } from '../ids.ts'
import type { EffectKind, EffectState } from '../recovery/model/effect.ts'
import type { RequestState } from '../recovery/model/request.ts'

export interface Tables {
  requests: RequestTable
  approvals: ApprovalTable
  effects: EffectTable
  secrets: SecretTable
  jobs: JobTable
  posts: PostTable
  inbox: InboxTable
  ledger: LedgerTable
  head: HeadTable
  limits: LimitTable
  pause: PauseTable
  freezes: FreezeTable
  policies: PolicyTable
  checkpoints: CheckpointTable
  group_members: GroupMemberTable
  cosignatures: CosignatureTable
}

export interface RequestTable {
  id: RequestId
  version: number
  state: RequestState
  user_pool_id: string
  sub: string
  requested_by: string
  opened_at: number
  expires_at: number
  /** What no query asks for. */
  body_json: string
  /** When Slack took the last message to the owner, or why it refused it. Not part of any version. */
  owner_told_at: Generated<number | null>
  owner_not_told: Generated<string | null>
  /** What binds the two to the key. */
  owner_told_seal: Generated<string | null>
  /** What binds all that belongs to the request to the key: see aggregate.ts. */
  seal: string | null
}

export interface ApprovalTable {
  request_id: RequestId
  approver: string
  at: number
}

export interface EffectTable {
  id: EffectId
  request_id: RequestId
  kind: EffectKind
  number: number
  state: EffectState
  fence: number
  attempts: number
  first_intended_at: number
  intended_at: number
  lease_until: number
  before_status: string
  before_modified_at: number
  after_status: string | null
  after_modified_at: number | null
  unchanged_looks: number
  last_look_at: number | null
}

export interface SecretTable {
  effect: EffectId
  request_id: RequestId
  key_id: string
  salt: Uint8Array
  nonce: Uint8Array
  box: Uint8Array
}

export interface JobTable {
  id: JobId
  kind: string
  task_json: string
  lane: string
  /** Rises in the order of commits, with gaps. */
  place: number
  created_at: number
  not_before: number
  /** 0 while nobody works on it. */
  lease_until: number
  attempts: number
  done_at: number | null
  parked_at: number | null
  last_error: string | null
}

export interface PostTable {
  key: string
  channel: string
  ts: string
  digest: string | null
  /** What binds the row to the key; null in one that Rekey has not kept. */
  seal: string | null
}

export interface InboxTable {
  idempotency_key: string
  at: number
}

export interface LedgerTable {
  seq: number
  hash: string
  /** Canonical JSON: the very text that was hashed. */
  entry_json: string
}

/** One row: where the ledger ends, and the place that was last given to a job. */
export interface HeadTable {
  id: number
  seq: number
  hash: string
  place: number
  /** The hash of the policy in force; null before there was one. */
  policy: string | null
  /** What binds the head, and whatever holds recoveries up, to the key: see head.ts. */
  seal: string | null
}

/** What a policy said, by its hash. */
export interface PolicyTable {
  hash: string
  meaning_json: string
}

/** How often something was tried within the time that matters. The key names nobody. */
export interface LimitTable {
  key: string
  times_json: string
  forget_at: number
}

/** One row while recoveries are paused, else none. */
export interface PauseTable {
  id: number
  since: number
  by_person: string | null
  reason: string
}

export interface FreezeTable {
  user_pool_id: string
  sub: string
  until: number
  request_id: RequestId
}

/** A user group that the policy names or has named. */
export interface GroupMemberTable {
  group_id: string
  /** Rises by one with every change. */
  version: number
  /** When Slack was asked for what is noted here. */
  looked_at: number
  /** 1 while the group is gone or disabled, else 0. */
  is_gone: number
  /** `[["U0MIA",0]]`, by id: since when each is in it; 0 from the beginning. */
  members_json: string
}

export interface CosignatureTable {
  size: number
  witness: string
  line: string
}

export interface CheckpointTable {
  size: number
  note: string
  frontier: string
}
