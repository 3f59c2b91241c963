/** Starts a world with Rekey in it, in the process of the test, and ends both. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Writable } from 'node:stream'
import { secretClient } from '../../../sandbox/world/user-pool-seed.ts'
import { startWorld } from '../../../sandbox/world/world.ts'
import { UnreadableEntry } from '../../../src/audit/verify.ts'
import { createLog } from '../../../src/log.ts'
import { type Rekey, type RekeyOptions, startRekey } from '../../../src/rekey.ts'
import { RowSealer } from '../../../src/sealing/row-sealer.ts'
import { readSettings, type Settings } from '../../../src/settings.ts'
import { openStore } from '../../../src/store/open.ts'
import { SecretWatch } from '../canary-watch.ts'
import { unlikeItsSchema } from '../entry-schema.ts'
import { patientTimeouts } from '../patient-timeouts.ts'
import { unlikeItsLedger } from '../replayed.ts'
import { readLedger } from './reading.ts'
import type { Story } from './story.ts'

/** The secrets that a story's policy may name. */
const secrets = { CUSTOMERS_CLIENT_SECRET: secretClient.secret }

export async function beginStory(
  databaseUrl?: string,
  policy?: string,
  options: Pick<RekeyOptions, 'timeouts'> = {},
): Promise<Story> {
  let offset = 0
  const now = () => new Date(Date.now() + offset)
  const watch = new SecretWatch()
  const world = await startWorld({ now, onPassword: watch.onPassword })
  const folder = mkdtempSync(join(tmpdir(), 'rekey-story-'))
  const database = databaseUrl ?? `sqlite:${join(folder, 'rekey.db')}`
  // A process more for each story would take as long as most stories do.
  const { RECOVERY_PAGE_URL: _, ...withoutPage } = world.environment(database)
  const environment: Record<string, string> = { ...withoutPage, ...secrets }
  // The SDK reads these by itself; the rest goes through Rekey's own front door.
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  const lines: string[] = []
  const out = new Writable({
    write(line: Buffer, _encoding, written) {
      lines.push(line.toString('utf8'))
      written()
    },
  })
  const settings = (text?: string): Settings => {
    if (text !== undefined) {
      environment['POLICY_FILE'] = join(folder, 'policy.yml')
      writeFileSync(environment['POLICY_FILE'], text)
    }
    const read = readSettings(environment)
    if (read.kind === 'faulty') throw new Error(read.faults.join('\n'))
    return read.settings
  }
  const start = (text?: string): Promise<Rekey> => {
    const timeouts = { ...patientTimeouts, ...options.timeouts }
    const log = createLog('debug', out)
    // What a test reads of its health is what is so at that moment.
    return startRekey(settings(text), { timeouts, log, now, pollMs: 50, rememberForMs: 0 })
  }
  let isTampered = false
  let rekey: Rekey | undefined = await start(policy)
  const stopRekey = async () => {
    await rekey?.stop()
    rekey = undefined
  }
  const person = (id: string) => world.slack.person(id)
  return {
    ...world,
    sam: person('U0SAM'),
    mia: person('U0MIA'),
    noor: person('U0NOOR'),
    priya: person('U0PRIYA'),
    gus: person('U0GUS'),
    otto: person('U0OTTO'),
    ana: person('U0ANA'),
    folder,
    pass: (milliseconds) => {
      offset += milliseconds
    },
    restart: async (changes = {}) => {
      await stopRekey()
      Object.assign(environment, changes)
      rekey = await start()
    },
    stopRekey,
    env: environment,
    startWith: async (text) => {
      rekey = await start(text)
    },
    reload: async (text) => rekey?.reload(settings(text)),
    overrule: async (text) =>
      putInForce(
        join(folder, 'rekey.db'),
        settings(text).policy.hash,
        new RowSealer(settings(text).config.secretKey),
      ),
    readiness: async () => (await fetch(`http://127.0.0.1:${rekey?.port}/readyz`)).text(),
    metrics: async () => (await fetch(`http://127.0.0.1:${rekey?.port}/metrics`)).text(),
    ledger: () => readLedger(database),
    logged: () => lines.join(''),
    beware: (secret) => watch.beware(secret),
    tampered: () => {
      isTampered = true
    },
    end: async () => {
      try {
        await watch.look({ folder }, rekey?.port)
        await stopRekey()
        await watch.search({ ...world, environment, database, folder, logged: lines.join('') })
        if (!isTampered) await checkEntries(database)
      } finally {
        await world.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** What is left in the file by another Rekey, as SQLite lets only one process write. */
function putInForce(file: string, hash: string, sealer: RowSealer): void {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  const rows = (query: string) => database.prepare(query).all()
  database
    .prepare('insert or ignore into policies (hash, meaning_json) values (?, ?)')
    .run(hash, '{}')
  const seal = sealer.seal('head', {
    ...rows('select seq, hash from head')[0],
    policy: hash,
    pause: rows('select * from pause')[0] ?? null,
    freezes: rows('select * from freezes order by user_pool_id, sub'),
    groups: rows('select * from group_members order by group_id'),
  })
  database.prepare('update head set policy = ?, seal = ?').run(hash, seal)
  database.close()
}

/** @throws naming every entry that is not as docs/ledger.md has it, or does not follow, and every row that is not as the ledger has it */
async function checkEntries(database: string): Promise<void> {
  const opened = await openStore(database, { readOnly: true })
  try {
    const entries = await Array.fromAsync(opened.ledger.entries())
    const unlike = entries.flatMap(({ entry }) => unlikeItsSchema(entry))
    const faults = [...unlike, ...(await unlikeItsLedger(opened))]
    if (faults.length > 0) throw new Error(faults.join('\n'))
  } catch (error) {
    // Some journeys are about somebody who has been at the rows.
    if (!(error instanceof UnreadableEntry)) throw error
  } finally {
    await opened.close()
  }
}
