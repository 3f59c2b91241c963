/**
 * `npm run audit -- verify`: the ledger against itself, against the checkpoints that were signed of it, and
 * against what the audit channel shows, live or in an export; each request against its entries, and the
 * tables against all of them.
 */

import { isVerifier, partsOfNote, readCheckpoint } from '../audit/checkpoint.ts'
import { type SignedCheckpoint, signedTree } from '../audit/checkpoint-signer.ts'
import { readCosigned, witnessName } from '../audit/cosignature.ts'
import type { ChainedEntry } from '../audit/entry.ts'
import { Replay } from '../audit/replay/replay.ts'
import {
  type Broken,
  broken,
  Check,
  first,
  UnreadableEntry,
  type Verdict,
} from '../audit/verify.ts'
import { DatabaseAltered } from '../recovery/ports/altered.ts'
import type { Cosignature, Ledger } from '../recovery/ports/ledger.ts'
import type { KeptPost } from '../recovery/ports/posts.ts'
import type { Rows } from '../recovery/ports/rows.ts'
import { notesIn } from '../slack/auditor/checkpoint-post.ts'
import type { OpenStore } from '../store/open.ts'
import { type AuditReading, lostPost, shownBy } from './audit-channel.ts'
import { policiesAsked, unlikeLedger } from './tables.ts'
import { text } from './text/text.ts'
import type { Testimony } from './witness.ts'

/** What has been found in the audit channel, and what vouches for the ledger besides. */
export interface Evidence {
  /** Each way in which the channel was read; none where nobody wanted it read. */
  readonly readings: readonly AuditReading[]
  /** What Rekey knew to have posted, before the channel was read. */
  readonly posted: readonly KeptPost[]
  /** The public keys that checkpoints are checked with. */
  readonly verifiers: readonly string[]
  /** Whether they were asked for by name: then there has to be a checkpoint of theirs. */
  readonly isKeyGiven: boolean
  /** When all of this was read. */
  readonly at: Date
  /** What each witness says that was asked. */
  readonly testimonies: readonly Testimony[]
  /** The public keys that kept signatures of witnesses are checked with. */
  readonly witnessKeys: readonly string[]
}

/** @returns as `verifyAll` does, and 1 where so much is gone that there is nothing to compare */
export async function verifyLedger(
  opened: Pick<OpenStore, 'ledger' | 'checkpoints' | 'rows'>,
  evidence: Evidence,
  print: (line: string) => void,
): Promise<number> {
  try {
    return await verifyAll(opened, evidence, print)
  } catch (error) {
    if (!(error instanceof DatabaseAltered)) throw error
    print(text.tables.broken(error.message))
    return 1
  }
}

/** @returns the exit status: 0 intact, 1 broken, 2 where the witnesses that were asked for are not to be found */
async function verifyAll(
  { ledger, checkpoints, rows }: Pick<OpenStore, 'ledger' | 'checkpoints' | 'rows'>,
  { readings, posted, verifiers, isKeyGiven, at, testimonies, witnessKeys }: Evidence,
  print: (line: string) => void,
): Promise<number> {
  const faulty = verifiers.find((verifier) => !isVerifier(verifier))
  if (faulty !== undefined) {
    print(text.verify.noVerifier(faulty))
    return 2
  }
  const stored = await checkpoints.all()
  const notes = [
    ...stored.map(({ note }) => note),
    ...readings.flatMap((each) => notesIn(each.messages)),
  ]
  const signed = notes.flatMap((note) => signedBy(verifiers, note) ?? [])
  const cosigned = testimonies.flatMap((each) => (each.kind === 'cosigned' ? each.cosigned : []))
  const kept = keptCosignatures(stored, await checkpoints.cosignatures(), {
    witnessKeys,
    verifiers,
  })
  const heads = readings.flatMap((each) => each.heads)
  const policies = policiesAsked(await rows.policies())
  const check = new Check(heads, [...signed, ...cosigned], readings.flatMap(shownBy))
  const reader = new Reader(check, new Replay(policies.asked))
  const verdict = await walk(ledger, reader)
  const fault =
    verdict.kind === 'broken'
      ? verdict
      : first([
          ...unsigned(stored, verifiers),
          ...kept.faults,
          ...testimonies.flatMap((each) => (each.kind === 'contradicts' ? each.broken : [])),
          ...readings.flatMap((reading) => lostPost(posted, reading) ?? []),
        ])
  if (fault !== undefined) {
    print(text.verify.broken(fault.seq, fault.because))
    return 1
  }
  const tables = await compare(rows, reader)
  if (tables.fault !== undefined) {
    print(text.verify.broken(tables.fault.seq, tables.fault.because))
    return 1
  }
  const unlike = [...policies.faults, ...policies.missing(reader.replay), ...tables.unlike]
  if (unlike.length > 0) {
    sayUnlike(unlike, print)
    return 1
  }
  if (verdict.kind === 'intact') print(text.verify.intact(verdict.head.seq, verdict.head.hash))
  const status = Math.max(
    sayWhoVouches(readings, testimonies.length, print),
    sayWhatWitnessesSay(testimonies, at, print),
    isKeyGiven && signed.length === 0 && isOverdue(reader, at) ? sayUnsigned(print) : 0,
  )
  print(text.verify.tables(reader.replay.requests.size))
  print(tables.isSealed ? text.verify.sealed : text.verify.notSealed)
  print(text.verify.checkpoints(signed.length, notes.length - signed.length))
  if (kept.valid > 0) print(text.witness.kept(kept.valid))
  return status
}

/** Reads an entry in its place: whether it is as it was written, and whether it follows. */
class Reader {
  readonly check: Check
  readonly replay: Replay
  /** The newest entry that was read. */
  seq = 0
  /** When the first one was written. */
  since: string | undefined

  constructor(check: Check, replay: Replay) {
    this.check = check
    this.replay = replay
  }

  next(chained: ChainedEntry): Broken | undefined {
    const fault = this.check.next(chained) ?? this.replay.next(chained.entry)
    this.seq = chained.entry.seq
    this.since ??= chained.entry.time
    return fault
  }
}

/** A request may move while this reads: what has been written since the walk is read with the rows, as of one moment. */
function compare(rows: Rows, reader: Reader): Promise<Comparison> {
  return rows.atOneMoment(async (then) => {
    for await (const chained of then.entries(reader.seq + 1)) {
      const fault = reader.next(chained)
      if (fault !== undefined) return { fault, unlike: [], isSealed: false }
    }
    const unlike = await unlikeLedger(then, reader.replay)
    return { unlike, isSealed: (await then.headSeal()) === 'fits' }
  })
}

interface Comparison {
  readonly fault?: Broken
  readonly unlike: readonly string[]
  /** Whether the seals were looked at, and fit. */
  readonly isSealed: boolean
}

// More of them say no more, and would push the first ones off the screen.
const mostUnlike = 20

function sayUnlike(unlike: readonly string[], print: (line: string) => void): void {
  for (const because of unlike.slice(0, mostUnlike)) print(text.tables.broken(because))
  if (unlike.length > mostUnlike) print(text.tables.more(unlike.length - mostUnlike))
}

async function walk(ledger: Ledger, reader: Reader): Promise<Verdict> {
  // What is written while the walk is under way comes after it.
  const head = await ledger.head()
  try {
    for await (const chained of ledger.entries()) {
      const fault = reader.next(chained)
      if (fault !== undefined) return fault
      if (chained.entry.seq === head.seq && chained.hash !== head.hash)
        return broken(head.seq, text.broken.otherHead)
    }
  } catch (error) {
    if (!(error instanceof UnreadableEntry)) throw error
    return broken(error.seq, error.message)
  }
  const verdict = reader.check.end()
  return verdict.kind === 'intact' && verdict.head.seq < head.seq
    ? broken(verdict.head.seq + 1, text.broken.longer(head.seq))
    : verdict
}

function signedBy(verifiers: readonly string[], note: string) {
  return verifiers.map((each) => readCheckpoint(note, each)).find((read) => read)
}

/**
 * Whoever rewrites the ledger can put checkpoints of their own in the place of Rekey's: to whoever has a
 * key, one that it has not signed is no better than an entry that does not fit; nor is what is kept beside it.
 */
function unsigned(stored: readonly SignedCheckpoint[], verifiers: readonly string[]): Broken[] {
  if (verifiers.length === 0) return []
  return stored
    .filter((each) => verifiers.every((key) => signedTree(each, key) === undefined))
    .map(({ size, note }) =>
      broken(
        size,
        signedBy(verifiers, note) === undefined ? text.broken.unsigned : text.broken.otherTree,
      ),
    )
}

/** What witnesses have signed and Rekey has kept: whoever can write to the database can take it away, and not make it. */
function keptCosignatures(
  stored: readonly SignedCheckpoint[],
  cosignatures: readonly Cosignature[],
  { witnessKeys: keys, verifiers }: Pick<Evidence, 'witnessKeys' | 'verifiers'>,
): { readonly valid: number; readonly faults: readonly Broken[] } {
  // Without the log's own key, anybody's log might be what they have signed.
  if (verifiers.length === 0) return { valid: 0, faults: [] }
  const keyOf = new Map(keys.map((key) => [witnessName(key), key]))
  const known = cosignatures.filter(({ witness }) => keyOf.has(witness))
  const faults = known.flatMap(({ size, witness, line }) => {
    const note = stored.find((each) => each.size === size)?.note ?? ''
    const cosigned = `${partsOfNote(note).text}\n${line}\n`
    return readCosigned(cosigned, keyOf.get(witness) ?? '', verifiers) === undefined
      ? [broken(size, text.broken.cosignature(witness))]
      : []
  })
  return { valid: known.length - faults.length, faults }
}

// Rekey signs once an hour.
const signedWithinMs = 2 * 60 * 60_000

function isOverdue({ since }: Reader, now: Date): boolean {
  return since !== undefined && now.getTime() - Date.parse(since) > signedWithinMs
}

function sayUnsigned(print: (line: string) => void): number {
  print(text.verify.noneSigned)
  return 2
}

function sayWhatWitnessesSay(
  testimonies: readonly Testimony[],
  now: Date,
  print: (line: string) => void,
): number {
  for (const each of testimonies) {
    if (each.kind === 'silent') print(each.because)
    if (each.kind !== 'cosigned') continue
    const newest = each.cosigned.toSorted((one, other) => other.size - one.size)[0]
    if (newest) print(text.witness.agrees(each.place, newest, now))
  }
  return testimonies.some(({ kind }) => kind === 'silent') ? 2 : 0
}

function sayWhoVouches(
  readings: readonly AuditReading[],
  witnesses: number,
  print: (line: string) => void,
): number {
  if (readings.length === 0 && witnesses === 0) print(text.verify.noWitness)
  for (const { name, heads, others } of readings) {
    const seqs = heads.map(({ seq }) => seq).toSorted((one, other) => one - other)
    print(
      seqs.length === 0 ? text.verify.noPost(name, others) : text.verify.posts(name, seqs, others),
    )
  }
  return readings.some(({ heads }) => heads.length === 0) ? 2 : 0
}
