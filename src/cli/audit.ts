/**
 * `npm run audit -- verify` recomputes the ledger and compares it with what the audit channel has
 * witnessed; `npm run audit -- export` writes it out. Both only read, also beside a running Rekey.
 */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkpointKey, readCheckpoint } from '../audit/checkpoint.ts'
import { Check, type Verdict } from '../audit/verify.ts'
import { type Environment, loadEnvironment, readDatabaseUrl, readSecretKeys } from '../config.ts'
import { createLog } from '../log.ts'
import type { Ledger } from '../recovery/ports.ts'
import { readSettings } from '../settings.ts'
import { notesIn } from '../slack/checkpoint-post.ts'
import { webClient } from '../slack/client.ts'
import { slackLogger } from '../slack/logger.ts'
import { wholeChannel, witnessesIn } from '../slack/witnesses.ts'
import { openStore } from '../store/open.ts'
import { csvHeader, csvLine, jsonLine } from './ledger-lines.ts'

const usage = `npm run audit -- verify [--live] [--slack-export FILE_OR_FOLDER] [--key VERIFIER]... [--database URL]
npm run audit -- export [--format jsonl|csv] [--since YYYY-MM-DD] [--database URL]
npm run audit -- key`

/** @returns the exit status: 0 intact or exported, 1 broken, 2 for a command that makes no sense */
export async function audit(
  args: readonly string[],
  env: Environment,
  print: (line: string) => void,
) {
  const asked = readArguments(args)
  if (asked === undefined) return fail(usage)
  const verifiers = asked.keys ?? verifiersOf(env)
  if (asked.command === 'key') {
    if (verifiers.length === 0) return fail('REKEY_SECRET_KEY is not set, so there is no key')
    verifiers.forEach(print)
    return 0
  }
  const url = asked.database ?? readDatabaseUrl(env)?.reveal()
  if (url === undefined) return fail('DATABASE_URL is not sqlite:PATH or postgres://…')
  const opened = await openStore(url, { readOnly: true })
  try {
    if (asked.command === 'export') return await exportLedger(opened.ledger, asked, print)
    const messages = [
      ...(asked.live ? await liveMessages(env) : []),
      ...(asked.slackExport === undefined ? [] : messagesIn(asked.slackExport)),
    ]
    const witnesses = witnessesIn(messages)
    const notes = [
      ...(await opened.checkpoints.all()).map(({ note }) => note),
      ...notesIn(messages),
    ]
    const signed = notes.flatMap(
      (note) => verifiers.map((each) => readCheckpoint(note, each)).find((read) => read) ?? [],
    )
    const verdict = await verifyLedger(opened.ledger, new Check(witnesses, signed))
    return report(
      verdict,
      { witnesses: witnesses.length, signed: signed.length, notes: notes.length },
      print,
    )
  } finally {
    await opened.close()
  }

  function fail(why: string): number {
    print(why)
    return 2
  }
}

interface Asked {
  readonly command: 'verify' | 'export' | 'key'
  readonly keys: readonly string[] | undefined
  readonly live: boolean
  readonly slackExport: string | undefined
  readonly database: string | undefined
  readonly format: 'jsonl' | 'csv'
  readonly since: Date | undefined
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        live: { type: 'boolean', default: false },
        'slack-export': { type: 'string' },
        key: { type: 'string', multiple: true },
        database: { type: 'string' },
        format: { type: 'string', default: 'jsonl' },
        since: { type: 'string' },
      },
    })
    const [command] = positionals
    const { live, key: keys, database, format } = values
    const since = values.since === undefined ? undefined : new Date(values.since)
    if (command !== 'verify' && command !== 'export' && command !== 'key') return undefined
    if (format !== 'jsonl' && format !== 'csv') return undefined
    if (positionals.length > 1 || Number.isNaN(since?.getTime())) return undefined
    return { command, keys, live, slackExport: values['slack-export'], database, format, since }
  } catch {
    return undefined
  }
}

/** The public halves of the operator's keys, the present one first; whoever has only those gives them with `--key`. */
function verifiersOf(env: Environment): string[] {
  return readSecretKeys(env).map((secretKey) => checkpointKey(secretKey).verifier)
}

async function verifyLedger(ledger: Ledger, check: Check): Promise<Verdict> {
  for await (const chained of ledger.entries()) {
    const fault = check.next(chained)
    if (fault !== undefined) return fault
  }
  const verdict = check.end()
  const head = await ledger.head()
  if (verdict.kind === 'intact' && verdict.head.seq < head.seq) {
    return {
      kind: 'broken',
      seq: verdict.head.seq + 1,
      because: `the store knows of ${head.seq} entries`,
    }
  }
  return verdict
}

function report(
  verdict: Verdict,
  { witnesses, signed, notes }: { witnesses: number; signed: number; notes: number },
  print: (line: string) => void,
): number {
  if (verdict.kind === 'broken') {
    print(`BROKEN at entry ${verdict.seq}: ${verdict.because}`)
    return 1
  }
  const { seq, hash } = verdict.head
  print(`intact: ${seq} entries, head ${hash}`)
  print(
    witnesses === 0
      ? 'no witness was asked: a ledger that was rewritten whole looks intact. Add --live or --slack-export'
      : `${witnesses} posts in the audit channel agree`,
  )
  print(
    notes > signed
      ? `${signed} signed checkpoints agree; ${notes - signed} are not signed by this key, or there is no key: set REKEY_SECRET_KEY (and REKEY_SECRET_KEYS_OLD), or give --key`
      : `${signed} signed checkpoints agree`,
  )
  return 0
}

async function exportLedger(ledger: Ledger, asked: Asked, print: (line: string) => void) {
  if (asked.format === 'csv') print(csvHeader)
  for await (const chained of ledger.entries()) {
    if (asked.since !== undefined && new Date(chained.entry.time) < asked.since) continue
    print(asked.format === 'csv' ? csvLine(chained) : jsonLine(chained))
  }
  return 0
}

async function liveMessages(env: Environment): Promise<unknown[]> {
  const read = readSettings(env)
  if (read.kind === 'faulty')
    throw new Error(`--live needs what Rekey needs:\n- ${read.faults.join('\n- ')}`)
  const { config, policy } = read.settings
  const client = webClient(config.slack, 30_000, slackLogger(createLog('silent')))
  return wholeChannel(client, policy.channels.audit)
}

/** The messages of an export: one file of them, or a channel's folder with a file for each day. */
function messagesIn(path: string): unknown[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(path, name))
    : [path]
  return files.flatMap((file) => {
    const messages: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!Array.isArray(messages)) throw new Error(`${file} is no list of messages`)
    return messages
  })
}

if (import.meta.main) {
  try {
    process.exitCode = await audit(process.argv.slice(2), loadEnvironment(), console.log)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
