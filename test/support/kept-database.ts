// biome-ignore-all lint/style/noExcessiveLinesPerFile: one database in words, read and brought back

/**
 * The databases that are kept in test/fixtures: loading one, saying what stands in it, and bringing back
 * the Slack and the Cognito that it was used with, so that the Rekey of today can go on with it.
 */

import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Writable } from 'node:stream'
import pg from 'pg'
import type { Mfa, UserSeed, UserStatus } from '../../sandbox/cognito/user.ts'
import type { Member, Message } from '../../sandbox/slack/model.ts'
import type { Outgoing } from '../../sandbox/slack/workspace.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import { type PersonId, personId, type RequestId } from '../../src/ids.ts'
import { createLog } from '../../src/log.ts'
import type { AccountSnapshot, Effect, EffectKind } from '../../src/recovery/model/effect.ts'
import type { Task } from '../../src/recovery/model/job.ts'
import type {
  Executed,
  Failed,
  Lapsed,
  NeedsAttention,
  Recovered,
  RecoveryRequest,
} from '../../src/recovery/model/request.ts'
import type { Store } from '../../src/recovery/ports/store.ts'
import { openedSince } from '../../src/recovery/rules/parts.ts'
import { sealedFor } from '../../src/recovery/rules/password.ts'
import { startRekey } from '../../src/rekey.ts'
import { PasswordSealer } from '../../src/sealing/password-sealer.ts'
import { Secret } from '../../src/secret.ts'
import { readSettings } from '../../src/settings.ts'
import type { OpenStore } from '../../src/store/open.ts'
import { patientTimeouts } from './patient-timeouts.ts'

/** What is kept beside the databases, since they are worth nothing without it. */
export interface Kept {
  /** When everything stopped. */
  readonly at: Date
  /** The operator's key. It never protected anything but this. */
  readonly secretKey: string
  readonly policyFile: string
  /** How the hash begins that the ledger ends with: the operator's word for the first start after the upgrade. */
  readonly ledgerEnd: string
  /** Requests, by the name of the account. */
  readonly requests: Readonly<Record<string, RequestId>>
  /** What somebody pressed once, as Slack delivered it. */
  readonly click: Outgoing
  readonly members: readonly Member[]
  readonly messages: readonly Message[]
  readonly accounts: readonly KeptAccount[]
}

interface KeptAccount {
  readonly pool: string
  readonly username: string
  readonly sub: string
  readonly status: UserStatus
  readonly enabled: boolean
  readonly attributes: Readonly<Record<string, string>>
  readonly groups: readonly string[]
  readonly mfa: readonly Mfa[]
  /** Where it is one that Rekey has set. */
  readonly password?: string
  readonly createdAt: string
  readonly changedAt: string
}

export function folderOf(version: string): string {
  return join(import.meta.dirname, '..', 'fixtures', `database-${version}`)
}

export function readKept(version: string): Kept {
  const read = (name: string) => readFileSync(join(folderOf(version), name), 'utf8')
  const { at, ...world } = JSON.parse(read('world.json'))
  const { head } = JSON.parse(read('expected.json')).stands
  const lines = read('slack.jsonl').trimEnd().split('\n')
  const messages = lines.map((line): Message => JSON.parse(line))
  return {
    ...world,
    ledgerEnd: head.hash.slice(0, 16),
    at: new Date(at),
    policyFile: join(folderOf(version), 'policy.yml'),
    messages,
  }
}

/** Makes the database as the engine held it. @param url of a database that is empty, or does not exist yet */
export async function load(version: string, url: string): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length)
    mkdirSync(dirname(path), { recursive: true })
    const database = new DatabaseSync(path)
    database.exec(readFileSync(join(folderOf(version), 'sqlite.sql'), 'utf8'))
    database.close()
    return
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(readFileSync(join(folderOf(version), 'postgres.sql'), 'utf8'))
  await client.end()
}

const approvers = ['U0MIA', 'U0MIA2', 'U0NOOR', 'U0PRIYA', 'U0HANA'].map(personId)

/**
 * Everything that can be read of a store, in words of its own: what Rekey calls a thing may change,
 * and what is stored has to mean the same. Jobs are not among it, since they can only be claimed.
 */
export async function whatStands(
  { store, ledger, jobs, posts, checkpoints }: OpenStore,
  { at, requests: ids, secretKey }: Pick<Kept, 'at' | 'requests' | 'secretKey'>,
) {
  const requests = await inTurn(Object.values(ids), async (id) => {
    const request = await store.find(id)
    if (request === undefined) throw new Error(`there is no request ${id}`)
    return request
  })
  const effects = await inTurn(requests, (request) => effectsOf(store, request))
  const pause = await store.findPause()
  const backlog = await jobs.auditBacklog()
  const head = await ledger.head()
  const kept = await posts.since('0')
  return {
    head: { entries: head.seq, hash: head.hash },
    checkpoints: (await checkpoints.all()).map(({ size, note, frontier }) => ({
      size,
      note,
      frontier: frontier.join(' '),
    })),
    policy: (await store.findPolicyInForce())?.hash,
    pause: pause && { since: pause.since, by: pause.by, reason: pause.reason },
    auditPostsWaiting: { count: backlog.waiting, since: backlog.since },
    setAside: await jobs.parked(),
    open: (await store.listOpen()).requests.map(({ id }) => id).toSorted(),
    frozen: (await inTurn(requests, (request) => freezeOf(store, request, at))).flat(),
    read: (await inTurn(requests, (request) => readingsOf(ledger, request))).flat(),
    passwords: (
      await inTurn(effects.flat(), (effect) => passwordOf(store, effect, secretKey))
    ).flat(),
    requests: requests.map(requestInWords),
    effects: effects.flat().map(effectInWords),
    posts: Object.fromEntries(
      kept.map(({ key, channel, ts, digest }) => [
        key,
        [channel, ts, digest ?? ''].join(' ').trim(),
      ]),
    ),
  }
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await ask(item))
  return results
}

async function effectsOf(store: Store, { id, method }: RecoveryRequest): Promise<Effect[]> {
  const kinds: readonly EffectKind[] = [method, 'sign-out', 'scramble']
  const found = await inTurn(kinds, (kind) => store.findEffect(id, kind))
  return found.filter((effect) => effect !== undefined)
}

async function freezeOf(store: Store, { account }: RecoveryRequest, at: Date) {
  const freeze = await store.findFreeze(account, at)
  if (freeze === undefined) return []
  return [{ sub: freeze.account.sub, until: freeze.until, because: freeze.request }]
}

async function readingsOf(ledger: OpenStore['ledger'], { id }: RecoveryRequest) {
  const entries = await ledger.entriesOf(id)
  const found = await inTurn(approvers, async (by: PersonId) => ({
    request: id,
    by,
    since: openedSince(entries, by, 1),
  }))
  return found.filter(({ since }) => since !== undefined)
}

async function passwordOf(store: Store, { id }: Effect, secretKey: string) {
  const sealed = await store.findSecret(id)
  if (sealed === undefined) return []
  const request = await store.find(sealed.request)
  if (request === undefined) return []
  const password = new PasswordSealer(new Secret(secretKey))
    .open(sealed, sealedFor(request))
    .reveal()
  return [{ request: sealed.request, effect: sealed.effect, password }]
}

function requestInWords(request: RecoveryRequest) {
  const { account, seen, identityCheck } = request
  return {
    id: request.id,
    version: request.version,
    approvalsCountSince: request.pendingSince,
    account: [account.pool, account.userPoolId, account.sub, account.username].join(' '),
    seen: {
      name: seen.name,
      status: seen.status,
      contacts: seen.contacts.map(contactInWords),
      groups: seen.groups,
      changed: seen.modifiedAt,
      temporaryPasswordDays: seen.temporaryPasswordDays,
      destination: seen.destination && contactInWords(seen.destination),
    },
    method: request.method,
    tier: request.tier,
    needs: request.approvalsNeeded,
    from: request.from?.map(({ kind, id }) => `${kind} ${id}`),
    missing: request.missing,
    privileged: request.privileged,
    policy: request.policy,
    by: request.requestedBy,
    owner: request.owner,
    ownerReach: request.ownerReach,
    ownerTold: request.ownerTold,
    reported: request.reported && { by: request.reported.by, at: request.reported.at },
    stuck: request.stuck,
    reason: request.reason,
    ticket: request.ticket,
    check: [
      identityCheck.id,
      identityCheck.label,
      identityCheck.evidence.label,
      identityCheck.evidence.value,
    ].join(' | '),
    source: request.source,
    opened: request.openedAt,
    expires: request.expiresAt,
    approvals: request.approvals.map(({ by, at }) => `${by} ${at.toISOString()}`),
    state: request.state,
    ...stateInWords(request),
  }
}

function contactInWords({ kind, masked, verified }: RecoveryRequest['seen']['contacts'][number]) {
  return `${kind} ${masked} ${verified ? 'verified' : 'not verified'}`
}

function stateInWords(request: RecoveryRequest): object {
  switch (request.state) {
    case 'pending':
    case 'approved':
      return {}
    case 'executing':
      return { effect: request.effect }
    case 'executed':
      return doneInWords(request)
    case 'recovered':
      return { ...doneInWords(request), recovered: request.recoveredAt }
    case 'lapsed':
      return { ...doneInWords(request), lapsed: request.lapsedAt, because: request.because }
    case 'needs-attention':
      return attentionInWords(request)
    case 'denied':
      return { deniedBy: request.deniedBy, denied: request.deniedAt, comment: request.comment }
    case 'withdrawn':
      return { withdrawn: request.withdrawnAt }
    case 'expired':
      return { expired: request.expiredAt }
    case 'failed':
      return failureInWords(request)
    default:
      return request satisfies never
  }
}

function doneInWords(request: Executed | Recovered | Lapsed) {
  return {
    effect: request.effect,
    executed: request.executedAt,
    knownBy: request.confirmedBy,
    sentTo: request.sentTo,
    sessions: request.sessions,
    password: request.password,
    passwordSince: request.passwordSince,
  }
}

function attentionInWords({ effect, because, since, looked }: NeedsAttention) {
  return {
    effect,
    because,
    since,
    before: looked && snapshotInWords(looked.before),
    found: looked?.found && snapshotInWords(looked.found),
  }
}

function failureInWords({ failedAt, failure, effect, sentBefore }: Failed) {
  const { kind, name, awsRequestId } = failure
  return {
    failed: failedAt,
    failure: [kind, name, awsRequestId].join(' ').trim(),
    effect,
    sentBefore,
  }
}

function effectInWords(effect: Effect) {
  return {
    id: effect.id,
    request: effect.request,
    call: effect.kind,
    number: effect.number,
    state: effect.state,
    fence: effect.fence,
    attempts: effect.attempts,
    firstIntended: effect.firstIntendedAt,
    intended: effect.intendedAt,
    leased: effect.leaseUntil,
    before: snapshotInWords(effect.before),
    after: effect.after && snapshotInWords(effect.after),
    unchangedLooks: effect.unchangedLooks,
    lastLook: effect.lastLookAt,
  }
}

function snapshotInWords({ status, modifiedAt }: AccountSnapshot): string {
  return `${status} ${modifiedAt.toISOString()}`
}

/** Claims every job that is open, in whatever lane, at the end of all time. Nothing is left to do then. */
export async function drain({ jobs }: Pick<OpenStore, 'jobs'>): Promise<string[]> {
  const end = new Date('2100-01-01T00:00:00.000Z')
  const drained: string[] = []
  for (;;) {
    const claimed = await jobs.claim(end, 1_000, 1_000)
    if (claimed.length === 0) return drained.toSorted()
    for (const job of claimed) {
      const { task, lane, createdAt, attempts } = job
      const since = `${createdAt.toISOString()}, tried ${attempts - 1} times`
      drained.push(`${lane}: ${taskInWords(task)}, since ${since}`)
      await jobs.finish(job, end)
    }
  }
}

function taskInWords(task: Task): string {
  switch (task.kind) {
    case 'execute':
    case 'expire':
    case 'draw-card':
    case 'tell-requester':
    case 'tell-owner':
    case 'see-who-is-left':
    case 'escalate':
    case 'check-addresses':
    case 'revoke-sessions':
    case 'burn-password':
    case 'follow-up':
      return `${task.kind} ${task.request}`
    case 'post-audit':
    case 'post-alert':
      return `${task.kind} #${task.seq} ${task.request}`
    case 'notify-pause':
      return `${task.kind} ${task.request} ${task.change} ${task.since}`
    case 'remind':
    case 'post-reminder':
      return `${task.kind} ${task.request} round ${task.round}`
    case 'post-checkpoint':
      return `${task.kind} of ${task.size}`
    case 'show-witness':
      return `${task.kind} ${task.witness}`
    case 'clear-reveal':
      return `${task.kind} ${task.request} ${task.view}`
    case 'sign-checkpoint':
    case 'reconcile-audit':
    case 'reconcile-month':
    case 'look-at-groups':
      return task.kind
    default:
      return task satisfies never
  }
}

/** As plain data, without what is undefined: the way it is kept. */
export function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** The world as it was, with the Rekey of today in it. */
export interface Resumed extends World {
  readonly env: Readonly<Record<string, string>>
  /** Lets time pass, for Rekey, Slack and Cognito alike. */
  pass(milliseconds: number): void
  now(): Date
  metrics(): Promise<string>
  /** Every line that Rekey has logged as an error. */
  errors(): string
  /** Ends Rekey; the world stays. */
  stopRekey(): Promise<void>
  end(): Promise<void>
}

// As long as a restart takes.
const downMs = 20_000

/** Starts Rekey on a kept database, a few seconds after everything stopped. */
export async function resume(kept: Kept, databaseUrl: string): Promise<Resumed> {
  let now = () => kept.at
  const world = await startWorld({ now: () => now() })
  bringBackAccounts(world, kept, (time) => {
    now = () => time
  })
  bringBackSlack(world, kept)
  let aheadMs = kept.at.getTime() + downMs - Date.now()
  now = () => new Date(Date.now() + aheadMs)
  const env: Record<string, string> = {
    ...world.environment(databaseUrl),
    REKEY_SECRET_KEY: kept.secretKey,
    POLICY_FILE: kept.policyFile,
    SEAL_DATABASE: kept.ledgerEnd,
  }
  // The SDK reads these by itself; the rest goes through Rekey's own front door.
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  const read = readSettings(env)
  if (read.kind === 'faulty') throw new Error(read.faults.join('\n'))
  const lines: string[] = []
  const out = new Writable({
    write(line: Buffer, _encoding, written) {
      lines.push(line.toString('utf8'))
      written()
    },
  })
  const log = createLog('error', out)
  const rekey = await startRekey(read.settings, {
    log,
    now: () => now(),
    pollMs: 20,
    timeouts: patientTimeouts,
  })
  let isRunning = true
  const stopRekey = async () => {
    if (isRunning) await rekey.stop()
    isRunning = false
  }
  return {
    ...world,
    env,
    pass: (milliseconds) => {
      aheadMs += milliseconds
    },
    now: () => now(),
    metrics: async () => (await fetch(`http://127.0.0.1:${rekey.port}/metrics`)).text(),
    errors: () => lines.join(''),
    stopRekey,
    end: async () => {
      await stopRekey()
      await world.close()
    },
  }
}

/** @param turnTo sets the clock: Cognito dates what is done to an account */
function bringBackAccounts(
  { cognito }: World,
  { accounts }: Kept,
  turnTo: (time: Date) => void,
): void {
  for (const pool of cognito.pools.all()) {
    for (const { username } of pool.users()) pool.remove(username)
  }
  for (const { pool: name, createdAt, changedAt, password, ...account } of accounts) {
    const pool = cognito.pools.get(name)
    const seed: UserSeed = {
      ...account,
      ageDays: 0,
      ...(password === undefined ? {} : { password }),
    }
    turnTo(new Date(createdAt))
    pool.add(seed)
    turnTo(new Date(changedAt))
    if (changedAt !== createdAt) pool.update(account.username, {})
  }
}

function bringBackSlack({ slack }: World, { members, messages }: Kept): void {
  const { directory } = slack.workspace
  directory.members = [...directory.members, ...members]
  for (const { id } of directory.members) directory.directMessage(id)
  slack.workspace.messages.all = messages
}
