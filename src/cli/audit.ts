/**
 * `npm run audit -- verify` recomputes the ledger and compares it with what the audit channel has
 * witnessed; `npm run audit -- export` writes it out. Both only read, also beside a running Rekey.
 */

import { parseArgs } from 'node:util'
import { checkpointKey } from '../audit/checkpoint.ts'
import { witnessName } from '../audit/cosignature.ts'
import { UnreadableEntry } from '../audit/verify.ts'
import { type Environment, loadEnvFile, loadEnvironment } from '../config.ts'
import { faultsIn, proxyOf, readDatabaseUrl, readSecretKeys, witnessesOf } from '../config-parts.ts'
import type { Ledger } from '../recovery/ports/ledger.ts'
import { RowSealer } from '../sealing/row-sealer.ts'
import { openStore } from '../store/open.ts'
import { type AuditReading, readExport, readLive } from './audit-channel.ts'
import { csvHeader, csvLine, jsonLine } from './ledger-lines.ts'
import { terminalError, terminalLine } from './terminal.ts'
import { text } from './text/text.ts'
import { verifyLedger } from './verify.ts'
import { hear, type Testimony } from './witness.ts'

/**
 * @param now when the audit channel is read, which takes a while
 * @returns the exit status: 0 intact or exported, 1 broken, 2 where there is no telling: a command that makes no sense, or witnesses that are not to be found
 */
export async function audit(
  args: readonly string[],
  env: Environment,
  print: (line: string) => void,
  now: () => Date = () => new Date(),
): Promise<number> {
  const asked = readArguments(args)
  if (asked === undefined) {
    print(text.audit.usage)
    return 2
  }
  const withDatabase = asked.database ? { ...env, DATABASE_URL: asked.database } : env
  const [fault] = faultsIn(withDatabase, [
    ...(asked.command === 'key' ? [] : (['DATABASE_URL'] as const)),
    ...(asked.command === 'export' || asked.keys ? [] : keyVariables),
  ])
  if (fault !== undefined)
    return fail(asked.database ? fault.replace(/^DATABASE_URL/, databaseOption) : fault)
  const verifiers = asked.keys ?? verifiersOf(env)
  if (asked.command === 'key') {
    if (verifiers.length === 0) return fail(text.audit.noKey)
    verifiers.forEach(print)
    return 0
  }
  const opened = await openStore(readDatabaseUrl(withDatabase).reveal(), {
    readOnly: true,
    ...sealerOf(env),
    ...(asked.database && { source: databaseOption }),
  })
  try {
    if (asked.command === 'export') return await exportLedger(opened.ledger, asked, print)
    const posted = await opened.posts.since('0')
    const named = await botsOf(opened.ledger)
    const readings = await readChannel(asked, named, env, now())
    if (typeof readings === 'string') return fail(readings)
    if (asked.slackExport !== undefined && (asked.bots ?? named) === undefined)
      say(text.audit.unnamedBot)
    const witnessKeys = asked.witnessKeys ?? witnessesOf(env).map(({ key }) => key)
    const faulty = witnessKeys.find((key) => witnessName(key) === undefined)
    if (faulty !== undefined) return fail(text.witness.notKey(faulty))
    if (asked.witnesses.length > 0 && verifiers.length === 0) return fail(text.witness.noLog)
    const proxy = proxyOf(env)
    const options = { keys: witnessKeys, verifiers, now, ...(proxy && { proxy }) }
    const testimonies: Testimony[] = []
    for (const place of asked.witnesses) testimonies.push(await hear(place, opened, options))
    const given = { verifiers, isKeyGiven: asked.keys !== undefined, witnessKeys, at: now() }
    const evidence = { readings, posted, testimonies, ...given }
    return await verifyLedger(opened, evidence, say)
  } finally {
    await opened.close()
  }

  // All but the export, which has to be exact.
  function say(line: string): void {
    print(terminalLine(line))
  }

  function fail(why: string): number {
    say(why)
    return 2
  }
}

/**
 * @param named the bots that the ledger names: in Slack itself, Rekey is whoever its token is
 * @returns each reading that is asked for, or a sentence about what is missing for it
 */
async function readChannel(
  { live, slackExport, bots }: Asked,
  named: readonly string[] | undefined,
  env: Environment,
  now: Date,
): Promise<readonly AuditReading[] | string> {
  const readings: AuditReading[] = []
  if (live) readings.push(await readLive(env, bots, now))
  if (slackExport === undefined) return readings
  const exported = readExport(slackExport, bots ?? named)
  return typeof exported === 'string' ? exported : [...readings, exported]
}

interface Asked {
  readonly command: 'verify' | 'export' | 'key'
  readonly keys: readonly string[] | undefined
  readonly live: boolean
  readonly slackExport: string | undefined
  readonly bots: readonly string[] | undefined
  readonly witnesses: readonly string[]
  readonly witnessKeys: readonly string[] | undefined
  readonly database: string | undefined
  readonly format: 'jsonl' | 'csv'
  readonly since: Date | undefined
}

const databaseOption = '--database'
const keyVariables = ['REKEY_SECRET_KEY', 'REKEY_SECRET_KEYS_OLD', 'WITNESSES'] as const

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        live: { type: 'boolean', default: false },
        'slack-export': { type: 'string' },
        bot: { type: 'string', multiple: true },
        key: { type: 'string', multiple: true },
        witness: { type: 'string', multiple: true, default: [] },
        'witness-key': { type: 'string', multiple: true },
        database: { type: 'string' },
        format: { type: 'string', default: 'jsonl' },
        since: { type: 'string' },
      },
    })
    const [command] = positionals
    const { live, bot: bots, key: keys, database, format } = values
    const { witness: witnesses, 'witness-key': witnessKeys } = values
    const slackExport = values['slack-export']
    const since = values.since === undefined ? undefined : new Date(values.since)
    if (command !== 'verify' && command !== 'export' && command !== 'key') return undefined
    if (format !== 'jsonl' && format !== 'csv') return undefined
    if (positionals.length > 1 || Number.isNaN(since?.getTime())) return undefined
    return {
      ...{ command, keys, live, slackExport, bots, witnesses, witnessKeys },
      ...{ database, format, since },
    }
  } catch {
    return undefined
  }
}

/** The public halves of the operator's keys, the present one first; whoever has only those gives them with `--key`. */
function verifiersOf(env: Environment): string[] {
  return readSecretKeys(env).map((secretKey) => checkpointKey(secretKey).verifier)
}

/** What seals are checked with, where there is a key. */
function sealerOf(env: Environment): { readonly sealer?: RowSealer } {
  const [present, ...former] = readSecretKeys(env)
  return present === undefined ? {} : { sealer: new RowSealer(present, former) }
}

/** The bots whose posts are Rekey's, as the ledger has them; undefined where it is too old to name any. */
async function botsOf(ledger: Ledger): Promise<readonly string[] | undefined> {
  const bots = new Set<string>()
  try {
    for await (const { entry } of ledger.entries()) {
      const { bot } = entry.type === 'rekey.started' ? entry.data : {}
      if (typeof bot === 'string') bots.add(bot)
    }
  } catch (error) {
    // Named in its place by the walk that verifies.
    if (!(error instanceof UnreadableEntry)) throw error
  }
  return bots.size === 0 ? undefined : [...bots]
}

async function exportLedger(ledger: Ledger, asked: Asked, print: (line: string) => void) {
  if (asked.format === 'csv') print(csvHeader)
  for await (const chained of ledger.entries()) {
    if (asked.since !== undefined && new Date(chained.entry.time) < asked.since) continue
    print(asked.format === 'csv' ? csvLine(chained) : jsonLine(chained))
  }
  return 0
}

if (import.meta.main) {
  try {
    const file = loadEnvFile()
    for (const { line } of file.faults) console.error(terminalLine(line))
    process.exitCode = await audit(process.argv.slice(2), loadEnvironment(file), console.log)
  } catch (error) {
    console.error(terminalError(error))
    process.exitCode = 2
  }
}
