/** A pretend world with Rekey as a process of its own, that dies where it is told to and comes back. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import { RekeyProcess } from '../../sandbox/rekey-process.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import type { ChainedEntry } from '../../src/audit/entry.ts'
import { openStore } from '../../src/store/open.ts'
import { SecretWatch } from './canary-watch.ts'
import { type Failpoint, struckFile } from './failpoint.ts'
import { brokenInvariants } from './invariants.ts'
import { limits, policyWith } from './policies.ts'
import { unlikeItsLedger } from './replayed.ts'
import { settle, Waiting } from './settle.ts'

export interface Stage extends World {
  readonly database: string
  readonly rekey: RekeyProcess
  readonly patienceMs: number
  readonly mia: ReturnType<World['slack']['person']>
  readonly sam: ReturnType<World['slack']['person']>
  /** Somebody new in the pool, with a verified address. @returns the address */
  newcomer(): string
  /** Sets the moment at which Rekey's process ends. */
  arm(point: Failpoint): void
  /** Whether the moment that was set has come. */
  hasStruck(): boolean
  /** Starts another Rekey on the same database, which no failpoint strikes. */
  another(): Promise<RekeyProcess>
  /** Waits until Rekey was killed, and is back. */
  backAgain(): Promise<void>
  /** Lets time pass, for everybody, until this is so. */
  settle(isSettled: () => unknown): Promise<void>
  /** Lets time pass until every invariant holds. @throws saying which do not */
  settleInOrder(): Promise<void>
  letAllPass(milliseconds: number): Promise<void>
  /** Every entry of the ledger, read beside the running Rekey. */
  ledger(): Promise<readonly ChainedEntry[]>
  /** Ends it all, and looks whether a secret was left anywhere. */
  end(): Promise<void>
}

/** The owner of an account is in the workspace, too, and has to be told. */
function joins({ slack }: World, id: string, email: string): void {
  const { directory } = slack.workspace
  const colleague = directory.memberOrThrow('U0JANE')
  directory.members = [
    ...directory.members,
    { ...colleague, id, email, handle: id.toLowerCase(), realName: id, displayName: id },
  ]
}

const failpoints = join(import.meta.dirname, 'failpoint.ts')

/** @throws naming every row that is not as the ledger has it */
async function checkRows(database: string): Promise<void> {
  const opened = await openStore(database, { readOnly: true })
  const faults = await unlikeItsLedger(opened)
  await opened.close()
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

export interface StageOptions {
  /** Instead of an SQLite file. */
  readonly databaseUrl?: string | undefined
  /** Where Rekey's process ends at its very first start; it is started anew then. */
  readonly first?: Failpoint
  /** A program, with its arguments, that becomes Rekey. */
  readonly through?: readonly string[]
  /** Whether the recovery page is on, which is a process more. */
  readonly hasPage?: boolean
}

export async function beginStage(options: StageOptions = {}): Promise<Stage> {
  const { databaseUrl, first, through, hasPage = false } = options
  const folder = mkdtempSync(join(tmpdir(), 'rekey-faults-'))
  const database = databaseUrl ?? `sqlite:${join(folder, 'rekey.db')}`
  const watch = new SecretWatch()
  const world = await startWorld({ onPassword: watch.onPassword })
  const policyFile = join(folder, 'policy.yml')
  writeFileSync(policyFile, policyWith({ limits: limits({}), minimumReadingTime: '0s' }))
  const pointFile = join(folder, 'failpoint.json')
  const { RECOVERY_PAGE_URL, ...withoutPage } = world.environment(database)
  const environment: Record<string, string> = {
    ...withoutPage,
    ...(hasPage && { RECOVERY_PAGE_URL }),
    POLICY_FILE: policyFile,
  }
  const rekey = new RekeyProcess({
    environment: { ...environment, FAILPOINT_FILE: pointFile },
    logFile: join(folder, 'rekey.log'),
    preload: [failpoints],
    ...(through === undefined ? {} : { through }),
  })
  const others: RekeyProcess[] = []
  const arm = (point: Failpoint) => writeFileSync(pointFile, JSON.stringify(point))
  if (first !== undefined) {
    arm(first)
    await expect(rekey.start()).rejects.toThrow('Rekey ended')
  }
  await rekey.start()
  let newcomers = 0
  const waiting = new Waiting(database)
  const letAllPass = async (milliseconds: number) => {
    world.advanceClock(milliseconds)
    await rekey.advanceClock(milliseconds)
    waiting.aheadMs += milliseconds
  }
  const ledger = async () => {
    const opened = await openStore(database, { readOnly: true })
    const entries = await Array.fromAsync(opened.ledger.entries())
    await opened.close()
    return entries
  }
  return {
    ...world,
    database,
    rekey,
    patienceMs: 5_000,
    mia: world.slack.person('U0MIA'),
    sam: world.slack.person('U0SAM'),
    newcomer: () => {
      newcomers += 1
      const email = `newcomer${newcomers}@example.com`
      world.cognito.pools.get('customers').add(userSeed(`New Comer ${newcomers}`, { email }))
      joins(world, `U0NEW${newcomers}`, email)
      return email
    },
    arm,
    another: async () => {
      const other = new RekeyProcess({
        environment: { ...environment, PORT: '0', PAGE_PORT: '0' },
        logFile: join(folder, `rekey-${others.length + 2}.log`),
      })
      others.push(other)
      await other.start()
      return other
    },
    hasStruck: () => !existsSync(pointFile),
    backAgain: async () => {
      const struck = existsSync(struckFile(pointFile))
        ? Number(readFileSync(struckFile(pointFile)))
        : 0
      const isBack = () => rekey.isRunning && rekey.pid !== struck
      await expect.poll(isBack).toBe(true)
    },
    letAllPass,
    ledger,
    settle: (isSettled) => settle({ rekey, waiting, letAllPass }, isSettled),
    settleInOrder: async () => {
      let broken: readonly string[] = []
      const holds = async () => {
        broken = brokenInvariants(world, await ledger())
        return broken.length === 0
      }
      await settle({ rekey, waiting, letAllPass }, holds, 200).catch((error: unknown) => {
        throw new Error(broken.join('\n'), { cause: error })
      })
    },
    end: async () => {
      try {
        await watch.look({ folder }, Number(environment['PORT']))
        await Promise.all([rekey, ...others].map((each) => each.stop()))
        await waiting.close()
        await watch.search({ ...world, environment, database, folder })
        await checkRows(database)
      } finally {
        await world.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}
