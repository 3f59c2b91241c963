/**
 * `npm run audit -- verify` recomputes the ledger and compares it with what the audit channel has
 * witnessed; `npm run audit -- export` writes it out. Both only read, also beside a running Rekey.
 */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkpointKey, readCheckpoint } from '../audit/checkpoint.ts'
import { Check, type Signed, UnreadableEntry, type Verdict } from '../audit/verify.ts'
import { type Environment, loadEnvironment, readDatabaseUrl, readSecretKeys } from '../config.ts'
import { createLog } from '../log.ts'
import type { KeptPost, Ledger } from '../recovery/ports.ts'
import { readSettings } from '../settings.ts'
import { notesIn } from '../slack/checkpoint-post.ts'
import { webClient } from '../slack/client.ts'
import { slackLogger } from '../slack/logger.ts'
import { type PostedHead, wholeChannel, witnessesIn } from '../slack/witnesses.ts'
import { openStore } from '../store/open.ts'
import { csvHeader, csvLine, jsonLine } from './ledger-lines.ts'

const usage = `npm run audit -- verify [--live] [--slack-export FILE_OR_FOLDER] [--bot BOT_ID] [--key VERIFIER]... [--database URL]
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
    const channel = await channelOf(asked, env)
    if (typeof channel === 'string') return fail(channel)
    const { heads, notes } = channel
    const signed = signedBy(verifiers, [
      ...(await opened.checkpoints.all()).map(({ note }) => note),
      ...notes,
    ])
    const check = new Check(heads, signed.known, heads.length > 0)
    const verdict = await verifyLedger(opened.ledger, check)
    const altered =
      verdict.kind === 'intact' ? alteredPost(heads, await opened.posts.since('0')) : undefined
    return report(altered ?? verdict, { heads, signed }, print)
  } finally {
    await opened.close()
  }

  function fail(why: string): number {
    print(why)
    return 2
  }
}

/** What is known of the audit channel. */
interface Channel {
  readonly heads: readonly PostedHead[]
  readonly notes: readonly string[]
}

/** @returns what the channel shows, or a sentence about what is missing in order to tell */
async function channelOf(asked: Asked, env: Environment): Promise<Channel | string> {
  const live = asked.live ? await liveChannel(env) : { messages: [], bot: undefined }
  const exported = asked.slackExport === undefined ? [] : messagesIn(asked.slackExport)
  const all = witnessesIn([...live.messages, ...exported])
  const bots = [...new Set(all.map(({ bot }) => bot))]
  const ours = asked.bot ?? live.bot ?? bots[0]
  if (asked.bot === undefined && live.bot === undefined && bots.length > 1) {
    return `More than one app has posted heads in the export (${bots.join(', ')}): say with --bot which one is Rekey`
  }
  return {
    heads: all.filter(({ bot }) => bot === ours),
    notes: notesIn([...live.messages, ...exported]),
  }
}

/** The first post that does not say any more what Rekey had posted there. */
function alteredPost(
  heads: readonly PostedHead[],
  posted: readonly KeptPost[],
): Verdict | undefined {
  const kept = new Map(posted.map((post) => [post.ts, post]))
  const altered = heads.filter(({ ts, digest }) => {
    const known = kept.get(ts ?? '')?.digest
    return digest !== undefined && known !== undefined && digest !== known
  })
  const [first] = altered.map(({ seq }) => seq).toSorted((one, other) => one - other)
  return first === undefined
    ? undefined
    : {
        kind: 'broken',
        seq: first,
        because: 'its post in the audit channel does not say what Rekey wrote',
      }
}

interface SignedNotes {
  /** What those sign that one of the verifiers knows. */
  readonly known: readonly Signed[]
  readonly unknown: number
}

function signedBy(verifiers: readonly string[], notes: readonly string[]): SignedNotes {
  const known = notes.flatMap(
    (note) => verifiers.map((each) => readCheckpoint(note, each)).find((read) => read) ?? [],
  )
  return { known, unknown: notes.length - known.length }
}

interface Asked {
  readonly command: 'verify' | 'export' | 'key'
  readonly keys: readonly string[] | undefined
  readonly live: boolean
  readonly slackExport: string | undefined
  readonly bot: string | undefined
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
        bot: { type: 'string' },
        key: { type: 'string', multiple: true },
        database: { type: 'string' },
        format: { type: 'string', default: 'jsonl' },
        since: { type: 'string' },
      },
    })
    const [command] = positionals
    const { live, bot, key: keys, database, format } = values
    const slackExport = values['slack-export']
    const since = values.since === undefined ? undefined : new Date(values.since)
    if (command !== 'verify' && command !== 'export' && command !== 'key') return undefined
    if (format !== 'jsonl' && format !== 'csv') return undefined
    if (positionals.length > 1 || Number.isNaN(since?.getTime())) return undefined
    return { command, keys, live, slackExport, bot, database, format, since }
  } catch {
    return undefined
  }
}

/** The public halves of the operator's keys, the present one first; whoever has only those gives them with `--key`. */
function verifiersOf(env: Environment): string[] {
  return readSecretKeys(env).map((secretKey) => checkpointKey(secretKey).verifier)
}

async function verifyLedger(ledger: Ledger, check: Check): Promise<Verdict> {
  try {
    for await (const chained of ledger.entries()) {
      const fault = check.next(chained)
      if (fault !== undefined) return fault
    }
  } catch (error) {
    if (!(error instanceof UnreadableEntry)) throw error
    return { kind: 'broken', seq: error.seq, because: error.message }
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
  { heads, signed }: { readonly heads: readonly PostedHead[]; readonly signed: SignedNotes },
  print: (line: string) => void,
): number {
  if (verdict.kind === 'broken') {
    print(`BROKEN at entry ${verdict.seq}: ${verdict.because}`)
    return 1
  }
  const { seq, hash } = verdict.head
  print(`intact: ${seq} entries, head ${hash}`)
  const oldest = heads.reduce((least, head) => Math.min(least, head.seq), Infinity)
  print(
    heads.length === 0
      ? 'no witness was asked: a ledger that was rewritten whole looks intact. Add --live or --slack-export'
      : `${heads.length} posts in the audit channel agree, from entry ${oldest} on; none since then is gone`,
  )
  const agree = `${signed.known.length} signed checkpoints agree`
  print(
    signed.unknown > 0
      ? `${agree}; ${signed.unknown} are not signed by this key, or there is no key: set REKEY_SECRET_KEY (and REKEY_SECRET_KEYS_OLD), or give --key`
      : agree,
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

async function liveChannel(env: Environment) {
  const read = readSettings(env)
  if (read.kind === 'faulty')
    throw new Error(`--live needs what Rekey needs:\n- ${read.faults.join('\n- ')}`)
  const { config, policy } = read.settings
  const client = webClient(config.slack, 30_000, slackLogger(createLog('silent')))
  const { bot_id: bot } = await client.auth.test()
  return { messages: await wholeChannel(client, policy.channels.audit), bot }
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
