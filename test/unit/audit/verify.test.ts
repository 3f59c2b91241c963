import { describe, expect, it } from 'vitest'
import { chain, emptyHead } from '../../../src/audit/chain.ts'
import type { ChainedEntry, EntryBody } from '../../../src/audit/entry.ts'
import { MerkleTree } from '../../../src/audit/merkle.ts'
import { Check, first, type Shown, UnreadableEntry, verify } from '../../../src/audit/verify.ts'
import { noon } from '../../support/examples.ts'

/** Started, opened, refused, looked up, refused, opened: what is posted, in either order, and what is not. */
const types = [
  'rekey.started',
  'request.opened',
  'decision.refused',
  'account.looked-up',
  'open.refused',
  'request.denied',
] as const
const entries = ledgerOf(types.map((type) => ({ type })))
const hashes = entries.map(({ hash }) => hash)

describe('what is wrong is said in words', () => {
  it.each<[string, ChainedEntry[], number, string]>([
    ['a gap', entries.toSpliced(2, 1), 3, 'entry 3 is missing; 4 stands there'],
    ['another beginning', relinked(0), 1, 'it does not follow from the entry before'],
    ['a broken link', relinked(3), 4, 'it does not follow from the entry before'],
    [
      'another hash',
      entries.with(5, { ...(entries[5] as ChainedEntry), hash: 'f'.repeat(64) }),
      6,
      'its content does not match its hash',
    ],
  ])('%s', (_, chained, seq, because) => {
    expect(verify(chained)).toEqual({ kind: 'broken', seq, because })
  })
})

describe('a witness', () => {
  const witness = (seq: number, hash = hashes[seq - 1] ?? '') => ({ seq, hash })

  it('that saw the beginning of each hash has nothing to say', () => {
    const seen = hashes.map((hash, place) => witness(place + 1, hash.slice(0, 16)))
    expect(verify(entries, seen)).toEqual({
      kind: 'intact',
      head: { seq: 6, hash: hashes[5] },
    })
  })

  it.each([
    ['alone', [witness(2, 'f'.repeat(16))]],
    ['after one that saw the same', [witness(2), witness(2, 'f'.repeat(16))]],
    ['before one that saw the same', [witness(2, 'f'.repeat(16)), witness(2)]],
    ['which is the end of the right one', [witness(2, hashes[1]?.slice(1))]],
  ])('that saw another hash is believed, %s', (_, witnesses) => {
    expect(verify(entries, witnesses)).toEqual({
      kind: 'broken',
      seq: 2,
      because: 'a witness saw another hash in this place',
    })
  })

  it('knows that the end is cut off, however many saw less', () => {
    expect(verify(entries.slice(0, 3), [witness(2), witness(6), witness(3)])).toEqual({
      kind: 'broken',
      seq: 4,
      because: 'the chain ends before entry 6, which a witness saw',
    })
    expect(verify(entries, [witness(6)]).kind).toBe('intact')
  })
})

describe('a signed checkpoint', () => {
  const signed = (size: number, of = hashes) => ({ size, root: rootOf(of.slice(0, size)) })

  it('agrees with the entries that it was signed for, at each size', () => {
    const all = hashes.map((_, place) => signed(place + 1))
    expect(checked(entries, { checkpoints: all }).kind).toBe('intact')
  })

  it.each([
    ['alone', [signed(4, hashes.toReversed())]],
    ['after one that has the right root', [signed(4), signed(4, hashes.toReversed())]],
    ['before one that has', [signed(4, hashes.toReversed()), signed(4)]],
  ])('that has another root is believed, %s', (_, checkpoints) => {
    expect(checked(entries, { checkpoints })).toEqual({
      kind: 'broken',
      seq: 4,
      because: 'a signed checkpoint has another root for the entries up to here',
    })
  })

  it('knows that the end is cut off, however many are of less', () => {
    const checkpoints = [signed(2), signed(6), signed(3)]
    expect(checked(entries.slice(0, 3), { checkpoints })).toEqual({
      kind: 'broken',
      seq: 4,
      because: 'the chain ends before entry 6, which a checkpoint has',
    })
  })
})

describe('a channel that was read from end to end', () => {
  const gone = (seq: number, more = '') => ({
    kind: 'broken',
    seq,
    because: `its post is gone from the audit channel${more}`,
  })
  const all = [1, 2, 3, 5, 6]

  it('shows whatever is public; that nobody posts what is not is no fault', () => {
    expect(checked(entries, { shown: [shows(all)] }).kind).toBe('intact')
  })

  it.each<[string, number[], object]>([
    ['an entry', [1, 3, 5, 6], gone(2)],
    ['the first entry', [2, 3, 5, 6], gone(1)],
    ['a refusal', [1, 2, 5, 6], gone(3)],
    ['two entries', [3, 5, 6], gone(1, ' (and 1 more)')],
    ['all but the last of each', [5, 6], gone(1, ' (and 2 more)')],
  ])('misses %s that was posted before what it shows', (_, seqs, verdict) => {
    expect(checked(entries, { shown: [shows(seqs)] })).toEqual(verdict)
  })

  it.each([
    ['entries', [1, 3, 5]],
    ['refusals', [1, 2, 6]],
    ['anything', []],
  ])('may not show the last %s yet: nothing after them has been posted', (_, seqs) => {
    expect(checked(entries, { shown: [shows(seqs)] }).kind).toBe('intact')
  })

  it('does not tell by a refusal what has become of another entry, nor the other way round', () => {
    expect(checked(entries, { shown: [shows([1, 3, 5])] }).kind).toBe('intact')
    expect(checked(entries, { shown: [shows([1, 2, 6])] }).kind).toBe('intact')
    expect(checked(entries, { shown: [shows([1, 5, 6])] })).toEqual(gone(2, ' (and 1 more)'))
  })

  it('misses no refusal that was not to be posted', () => {
    const quiet = ledgerOf([
      { type: 'open.refused' },
      { type: 'open.refused', data: { posted: false } },
      { type: 'open.refused' },
    ])
    expect(checked(quiet, { shown: [shows([1, 3])] }).kind).toBe('intact')
    expect(checked(quiet, { shown: [shows([3])] })).toEqual(gone(1))
  })

  it('says nothing by a post of this moment: those before it may be on their way', () => {
    const shown = { ...shows([1, 3, 5, 6]), settled: new Set([1, 3, 5]) }
    expect(checked(entries, { shown: [shown] }).kind).toBe('intact')
  })

  it('may have forgotten what is older than its first post', () => {
    expect(checked(entries, { shown: [shows([6, 5], 3)] })).toEqual(gone(3))
    expect(checked(entries, { shown: [shows([6, 5], 4)] }).kind).toBe('intact')
  })

  it('is not excused by another that shows the post', () => {
    const shown = [shows(all), shows([1, 2, 5, 6]), shows([2, 3, 5, 6])]
    expect(checked(entries, { shown })).toEqual(gone(1))
  })

  it('counts no entry of another lane twice when posts go on', () => {
    const more = ledgerOf([...types, ...types].map((type) => ({ type })))
    expect(checked(more, { shown: [shows([1, 3, 5, 6, 7, 8, 9, 11, 12])] })).toEqual(gone(2))
  })
})

describe('of several faults', () => {
  it('the first is the one that is furthest back', () => {
    const fault = (seq: number) => ({ kind: 'broken', seq, because: `${seq}` }) as const
    expect(first([fault(7), fault(2), fault(10)])).toEqual(fault(2))
    expect(first([])).toBeUndefined()
  })
})

describe('an entry that cannot be read', () => {
  it('says which, and why', () => {
    const cause = new Error('no JSON')
    const error = new UnreadableEntry(7, 'it cannot be read from the database', cause)
    expect(error).toMatchObject({ name: 'UnreadableEntry', seq: 7, cause })
    expect(error.message).toBe('ledger entry 7: it cannot be read from the database')
  })
})

function shows(seqs: readonly number[], from = 1): Shown {
  return { seqs: new Set(seqs), settled: new Set(seqs), from }
}

function checked(
  chained: readonly ChainedEntry[],
  outside: {
    readonly checkpoints?: ConstructorParameters<typeof Check>[1]
    readonly shown?: readonly Shown[]
  },
) {
  const check = new Check([], outside.checkpoints, outside.shown)
  for (const each of chained) {
    const fault = check.next(each)
    if (fault !== undefined) return fault
  }
  return check.end()
}

function rootOf(leaves: readonly string[]): string {
  const tree = new MerkleTree()
  for (const leaf of leaves) tree.push(leaf)
  return tree.root().toString('base64')
}

/** The entry at `index` holds on to another before it, and its hash fits. */
function relinked(index: number): ChainedEntry[] {
  const { entry } = entries[index] as ChainedEntry
  return entries.with(index, chain({ seq: index, hash: 'f'.repeat(64) }, entry, noon))
}

function ledgerOf(
  written: readonly { readonly type: EntryBody['type']; readonly data?: EntryBody['data'] }[],
): ChainedEntry[] {
  const made: ChainedEntry[] = []
  for (const { type, data = {} } of written) {
    const last = made.at(-1)
    const head = last === undefined ? emptyHead : { seq: last.entry.seq, hash: last.hash }
    const draft: EntryBody = {
      type,
      actor: { kind: 'rekey' },
      request: null,
      version: null,
      target: null,
      policy: 'a'.repeat(64),
      data,
    }
    made.push(chain(head, draft, noon))
  }
  return made
}
