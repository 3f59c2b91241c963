/** What becomes of a change to each column, by somebody who can write to the database and has no key. */

/**
 * - `sealed`: `verify` finds it with the key, and nothing is done by it
 * - `told`: `verify` finds it without a key, too
 * - otherwise it carries no right, because of what is said: no call follows from it that was not approved,
 *   nobody sees a password but whoever asked for it, and the ledger still follows
 */
export type Verdict = 'sealed' | 'told' | { readonly noRight: string }

const sealed = 'sealed'
const told = 'told'
const noRight = (because: string): Verdict => ({ noRight: because })

const job = noRight('a job names a request, and what is done about it rests on the request')
const post = noRight('what does not fit its seal is no post: it is posted once more')
const limit = noRight(
  'how often something was tried: it slows people down, and gives nobody a right',
)
const click = noRight('a click that counts twice is a second wish, which is answered as one')
const owner = noRight('what does not fit its seal is not said on the card')
const schema = noRight('which Rekey may run on it: none does on what it does not know')
const cosignature = noRight('a witness still has what it signed; here it can only be taken away')

/** Each column of each table, and `*` for rows that are deleted or put beside the others. */
export const verdicts: Readonly<Record<string, Readonly<Record<string, Verdict>>>> = {
  requests: {
    '*': told,
    id: told,
    version: sealed,
    state: sealed,
    user_pool_id: sealed,
    sub: sealed,
    requested_by: sealed,
    opened_at: sealed,
    expires_at: sealed,
    body_json: sealed,
    seal: sealed,
    owner_told_at: owner,
    owner_not_told: owner,
    owner_told_seal: owner,
  },
  approvals: { '*': sealed, request_id: sealed, approver: sealed, at: sealed },
  effects: {
    '*': sealed,
    id: sealed,
    request_id: sealed,
    kind: sealed,
    number: sealed,
    state: sealed,
    fence: sealed,
    attempts: sealed,
    first_intended_at: sealed,
    intended_at: sealed,
    lease_until: sealed,
    before_status: sealed,
    before_modified_at: sealed,
    after_status: sealed,
    after_modified_at: sealed,
    unchanged_looks: sealed,
    last_look_at: sealed,
  },
  secrets: {
    '*': told,
    effect: told,
    request_id: told,
    key_id: sealed,
    salt: sealed,
    nonce: sealed,
    box: sealed,
  },
  jobs: {
    '*': job,
    id: job,
    kind: job,
    task_json: job,
    lane: job,
    place: job,
    created_at: job,
    not_before: job,
    lease_until: job,
    attempts: job,
    done_at: job,
    parked_at: job,
    last_error: job,
  },
  posts: { '*': post, key: post, channel: post, ts: post, digest: post, seal: post },
  inbox: { '*': click, idempotency_key: click, at: click },
  ledger: { '*': told, seq: told, hash: told, entry_json: told },
  head: {
    '*': told,
    id: told,
    seq: sealed,
    hash: told,
    place: noRight('the next job’s place in its lane'),
    policy: sealed,
    seal: sealed,
  },
  policies: { '*': told, hash: told, meaning_json: told },
  limits: { '*': limit, key: limit, times_json: limit, forget_at: limit },
  pause: { '*': told, id: told, since: told, by_person: told, reason: told },
  freezes: { '*': told, user_pool_id: told, sub: told, until: told, request_id: told },
  group_members: {
    '*': told,
    group_id: told,
    version: sealed,
    looked_at: sealed,
    is_gone: sealed,
    members_json: sealed,
  },
  checkpoints: {
    '*': noRight('a checkpoint that is gone stands in the audit channel, and with the witnesses'),
    size: told,
    note: told,
    frontier: told,
  },
  cosignatures: {
    '*': cosignature,
    size: cosignature,
    witness: cosignature,
    line: cosignature,
  },
  rekey_schema: { '*': schema, id: schema, version: schema },
}
