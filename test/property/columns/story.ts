/** A database in which every table has a row, and what a Rekey does that goes on with a copy of it. */

import { copyFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { checkpointKey } from '../../../src/audit/checkpoint.ts'
import { CheckpointSigner } from '../../../src/audit/checkpoint-signer.ts'
import { Replay } from '../../../src/audit/replay/replay.ts'
import { verifyLedger } from '../../../src/cli/verify.ts'
import type { RequestId } from '../../../src/ids.ts'
import type { Method } from '../../../src/policy/method.ts'
import { DatabaseAltered, RecordAltered } from '../../../src/recovery/ports/altered.ts'
import { Secret } from '../../../src/secret.ts'
import { CannotOpen } from '../../../src/store/engine.ts'
import { type OpenStore, openStore } from '../../../src/store/open.ts'
import { OwnCheckpoints } from '../../../src/witness/own-checkpoints.ts'
import { key } from '../../support/config.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import { atFirst, groups, idOf, names, policy } from '../../support/small-world/people.ts'
import { type Owned, owned } from '../../support/small-world/small-cognito.ts'
import { SmallWorld } from '../../support/small-world/small-world.ts'

const minute = 60_000
const signing = checkpointKey(new Secret(key))

export interface Told {
  /** What time it is there. */
  readonly elapsedMs: number
  readonly accounts: readonly Owned[]
  /** In the order in which they were opened. */
  readonly requests: readonly RequestId[]
  /** Those that a Rekey goes on with. */
  readonly live: readonly RequestId[]
}

const accounts = () => [
  owned('olga@example.com', [], 'CONFIRMED'),
  owned('jane@example.com', [], 'CONFIRMED'),
  owned('root@example.com', ['admins'], 'CONFIRMED'),
  owned('kim@example.com', [], 'CONFIRMED'),
  owned('lee@example.com', [], 'CONFIRMED'),
]

/**
 * Olga has said that it was not her; Jane's password is sealed; Lee's call has no answer yet; Root is
 * approved; Kim waits.
 * @param file where it will be
 * @param isPaused whether everything is paused at the end
 */
export async function tell(file: string, isPaused: boolean): Promise<Told> {
  const world = new SmallWorld(policy, accounts())
  await world.start()
  const requests: RequestId[] = []
  const before = world.now().getTime()
  const members = new Map(
    groups.map((group) => [
      group,
      names.filter((name) => atFirst[name].includes(group)).map((name) => idOf(name)),
    ]),
  )
  await world.at(({ journal }) => journal.begin(signing.verifier, { at: world.now(), members }))
  await open(0)
  await world.at(({ protection }, idempotencyKey) =>
    protection.report({ request: last(), by: idOf('olga'), idempotencyKey }),
  )
  await open(1, 'temporary-password')
  await approve('grace')
  await workOn()
  await open(4)
  await approve('mary')
  world.cognito.weather.push('lost-before')
  await world.work()
  await open(2)
  await approve('grace')
  await approve('mary')
  await open(3)
  if (isPaused)
    await world.at(({ protection }, idempotencyKey) =>
      protection.pause({ by: idOf('grace'), reason: 'Strange calls', idempotencyKey }),
    )
  const elapsedMs = world.now().getTime() - before
  await keepOthers(world)
  new DatabaseSync(world.file).prepare('vacuum into ?').run(file)
  await world.end()
  const [, ...live] = requests
  return { elapsedMs, accounts: world.cognito.accounts, requests, live }

  function last(): RequestId {
    const id = requests.at(-1)
    if (id === undefined) throw new Error('nothing was opened')
    return id
  }

  async function open(index: number, method: Method = 'reset'): Promise<void> {
    world.pass(minute)
    const sub = world.cognito.accounts[index]?.sub
    if (sub === undefined) throw new Error(`there is no account ${index}`)
    const application = {
      ...{ pool: 'customers', method, sub, reason: 'Lost her phone', ticket: 'HELP-1234' },
      ...{ identityCheck: 'callback', evidence: 'CALL-12' },
    }
    const made = await world.at(({ requests: service }, idempotencyKey) =>
      service.open({ application, by: idOf('ada'), idempotencyKey }),
    )
    if (made?.kind !== 'moved') throw new Error(`not opened: ${made?.kind}`)
    requests.push(made.change.request.id)
  }

  async function approve(name: 'grace' | 'mary'): Promise<void> {
    const request = last()
    const seenVersion = (await world.store.find(request))?.version ?? 0
    const wish = { request, by: idOf(name), seenVersion }
    await world.at(({ decisions }) => decisions.consider({ ...wish, attempt: 'approve' }))
    const made = await world.at(({ decisions }, idempotencyKey) =>
      decisions.approve({ ...wish, idempotencyKey }),
    )
    if (made?.kind !== 'moved') throw new Error(`not approved: ${JSON.stringify(made)}`)
  }

  async function workOn(): Promise<void> {
    for (let turn = 0; turn < 4; turn += 1) {
      await world.work()
      world.pass(6_000)
    }
  }
}

/** What the small world has no use for. */
async function keepOthers(world: SmallWorld): Promise<void> {
  const { checkpoints, posts } = world.opened
  const signer = new CheckpointSigner({
    ...{ key: signing, ledger: world.ledger, witnesses: [], now: world.now },
    checkpoints: new OwnCheckpoints(checkpoints, {
      ledger: world.ledger,
      verifiers: [signing.verifier],
    }),
    alarm: { stray: async () => {}, withheld: async () => {} },
  })
  await signer.sign(false)
  const [{ size = 0 } = {}] = await checkpoints.all()
  await checkpoints.addCosignature({ size, witness: 'witness.example.com', line: '— w AAAA' })
  await posts.keep('card', { channel: 'C0APPROVE', ts: '1.000001', digest: 'a' })
  await posts.keep('audit 1', { channel: 'C0AUDIT', ts: '1.000002', digest: 'b' })
}

/** What a Rekey has made of a database. */
export interface Outcome {
  /** Whether it has said that somebody has been at the database. */
  readonly isRefused: boolean
  /** What must never be, whatever was changed. */
  readonly faults: readonly string[]
}

/** Goes on for forty minutes, while everybody presses what they can. */
export async function goOn(file: string, told: Told): Promise<Outcome> {
  const world = new SmallWorld(policy, structuredClone(told.accounts))
  copyFileSync(file, world.file)
  world.pass(told.elapsedMs)
  const errors: unknown[] = []
  world.onFailure = (error) => errors.push(error)
  try {
    await world.start()
  } catch (error) {
    rmSync(world.folder, { recursive: true })
    if (error instanceof CannotOpen) return { isRefused: true, faults: [] }
    throw error
  }
  try {
    const before = await typesIn(world)
    const shown: Shown[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      await world.work().catch((error: unknown) => errors.push(error))
      if (turn === 1) await press(world, { told, errors, shown })
      world.pass(turn === 0 ? 16_000 : 11 * minute)
    }
    const isSaid = (await typesIn(world)) > before
    const isRefused = isSaid || errors.some(isAltered)
    return { isRefused, faults: await faultsOf(world, shown) }
  } finally {
    await world.end()
  }
}

interface Shown {
  readonly request: RequestId
  readonly by: string
}

/** Nobody who presses here may approve anything that waits. */
async function press(
  world: SmallWorld,
  { told, errors, shown }: { told: Told; errors: unknown[]; shown: Shown[] },
): Promise<void> {
  const note = (error: unknown) => void errors.push(error)
  for (const request of told.live) {
    for (const name of ['eve', 'bob', 'ada'] as const) {
      await world
        .at(async ({ outcomes }, idempotencyKey) => {
          const wish = { request, by: idOf(name), view: 'V', idempotencyKey: own(idempotencyKey) }
          const showing = await outcomes.reveal(wish)
          if (showing.kind !== 'showing') return
          shown.push({ request, by: idOf(name) })
          await showing.shown()
        })
        .catch(note)
    }
    const wish = { request, by: idOf('eve'), seenVersion: 1 }
    await world
      .at(({ decisions }, idempotencyKey) =>
        decisions.approve({ ...wish, idempotencyKey: own(idempotencyKey) }),
      )
      .catch(note)
  }
}

/** The clicks of the story have been counted already. */
function own(idempotencyKey: string): string {
  return `later ${idempotencyKey}`
}

function isAltered(error: unknown): boolean {
  return error instanceof RecordAltered || error instanceof DatabaseAltered
}

async function typesIn({ ledger }: SmallWorld): Promise<number> {
  let count = 0
  try {
    for await (const { entry } of ledger.entries())
      if (entry.type === 'request.stopped' || entry.type === 'request.altered') count += 1
  } catch {
    // An entry that cannot be read is for verify to name.
  }
  return count
}

/** Calls that nobody has approved, and passwords that somebody else has seen. */
async function faultsOf(
  { ledger, cognito }: SmallWorld,
  shown: readonly Shown[],
): Promise<readonly string[]> {
  const replay = new Replay()
  const faults: string[] = []
  try {
    for await (const { entry } of ledger.entries()) {
      const fault = replay.next(entry)
      if (fault !== undefined) faults.push(`entry ${fault.seq}: ${fault.because}`)
    }
  } catch {
    return []
  }
  const requests = [...replay.requests.values()]
  for (const call of cognito.made) {
    const whose = requests.find(({ effects }) => effects.some(({ id }) => id === call.effect))
    if (whose?.target.sub !== call.sub) faults.push(`${call.kind} was called for ${call.sub}`)
    else if (whose.approvals.length < whose.approvalsNeeded)
      faults.push(`${call.kind} was called with ${whose.approvals.length} approvals`)
  }
  for (const { request, by } of shown)
    if (replay.requests.get(request)?.opener !== by) faults.push(`${by} saw ${request}`)
  return faults
}

/** `audit -- verify`, with the key and without. */
export class Verifier {
  readonly #keyed: OpenStore
  readonly #keyless: OpenStore

  private constructor(keyed: OpenStore, keyless: OpenStore) {
    this.#keyed = keyed
    this.#keyless = keyless
  }

  static async of(url: string): Promise<Verifier> {
    return new Verifier(
      await openStore(url, { readOnly: true, sealer: rowSealer }),
      await openStore(url, { readOnly: true }),
    )
  }

  finds(): Promise<boolean> {
    return finds(this.#keyed)
  }

  findsWithoutKey(): Promise<boolean> {
    return finds(this.#keyless)
  }

  async close(): Promise<void> {
    await this.#keyed.close()
    await this.#keyless.close()
  }
}

async function finds(opened: OpenStore): Promise<boolean> {
  const evidence = {
    ...{ readings: [], posted: [], verifiers: [signing.verifier] },
    ...{ testimonies: [], witnessKeys: [], isKeyGiven: false, at: new Date() },
  }
  return (await verifyLedger(opened, evidence, () => {})) === 1
}
