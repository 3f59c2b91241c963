/** Whoever changes a ledger is found out: thousands of changes of every kind, each looked for. */

import { describe, expect, it } from 'vitest'
import { chain, emptyHead, hashOf } from '../../src/audit/chain.ts'
import type { ChainedEntry, EntryBody } from '../../src/audit/entry.ts'
import { MerkleTree } from '../../src/audit/merkle.ts'
import { Check, type Signed, type Verdict } from '../../src/audit/verify.ts'
import { noon } from '../support/examples.ts'
import { soak } from '../support/soak.ts'

const size = 6
const entries = ledgerOf((place) => ({ place, why: 'because', worked: true }))
const lines = entries.map((chained) => JSON.stringify(chained))
const signed: Signed = { size, root: rootOf(entries) }

/** Each gives a ledger that is not the one above, and the first place where that can be seen. */
const changes: Readonly<Record<string, () => readonly [ChainedEntry[], number] | undefined>> = {
  'AU-01 a byte': () => {
    const index = below(size)
    const line = Buffer.from(lines[index] ?? '')
    const at = below(line.length)
    line[at] = (line[at] ?? 0) ^ (1 + below(127))
    const changed = parsed(line.toString('utf8'))
    if (changed === undefined || JSON.stringify(changed) === lines[index]) return undefined
    return [entries.map((entry, place) => (place === index ? changed : entry)), index + 1]
  },
  'AU-01 a word, with its hash made to fit': () => {
    const index = below(size)
    const { entry } = entries[index] as ChainedEntry
    const forged = { ...entry, data: { ...entry.data, why: `another story ${below(1_000)}` } }
    const changed = { entry: forged, hash: hashOf(forged) }
    return [entries.map((each, place) => (place === index ? changed : each)), index + 1]
  },
  'AU-02 an entry taken out': () => {
    const index = below(size)
    return [entries.toSpliced(index, 1), index + 1]
  },
  'AU-02 an entry put in twice': () => {
    const index = below(size)
    return [entries.toSpliced(index, 0, entries[index] as ChainedEntry), index + 2]
  },
  'AU-02 two entries swapped': () => {
    const [one, other] = [below(size), below(size)]
    if (one === other) return undefined
    const swapped = [...entries]
    swapped[one] = entries[other] as ChainedEntry
    swapped[other] = entries[one] as ChainedEntry
    return [swapped, Math.min(one, other) + 1]
  },
  'AU-02 the end cut off': () => {
    const left = below(size)
    return [entries.slice(0, left), left + 1]
  },
  'AU-03 everything rewritten from some place on': () => {
    const from = 1 + below(size)
    const story = `another story ${below(1_000)}`
    const rewritten = ledgerOf((place) => ({
      place,
      why: place >= from ? story : 'because',
      worked: true,
    }))
    return [rewritten, size]
  },
}

describe('a ledger that is not as it was', () => {
  it(`P8 AU-01 AU-02 AU-03 AU-04 is found out, ${soak.ledgerChanges} times`, () => {
    const tried = new Map<string, number>()
    const kinds = Object.entries(changes)
    for (let round = 0; round < soak.ledgerChanges; round++) {
      const [name, change] = kinds[round % kinds.length] as (typeof kinds)[number]
      const changed = change()
      if (changed === undefined) continue
      tried.set(name, (tried.get(name) ?? 0) + 1)
      const verdict = check(changed[0], [signed])
      if (verdict.kind !== 'broken')
        throw new Error(`${name} was not found: ${JSON.stringify(changed)}`)
      // A changed hash shows in its own entry, or in the next one that holds on to it.
      expect([changed[1], changed[1] + 1]).toContain(verdict.seq)
    }
    for (const [name] of kinds) expect(tried.get(name), name).toBeGreaterThan(1_000)
  })

  it('AU-03 that was rewritten whole is intact in itself: only a checkpoint or a witness can tell', () => {
    const rewritten = ledgerOf((place) => ({ place, why: 'another story', worked: true }))
    expect(check(rewritten, []).kind).toBe('intact')
    expect(check(rewritten, [signed])).toMatchObject({ kind: 'broken', seq: size })
  })

  it('AU-04 with two roots for one size contradicts one of them', () => {
    const fork = { size, root: rootOf(ledgerOf((place) => ({ place, why: 'x', worked: true }))) }
    expect(check(entries, [signed])).toMatchObject({ kind: 'intact' })
    expect(check(entries, [signed, fork])).toMatchObject({ kind: 'broken', seq: size })
  })
})

describe('canonical JSON', () => {
  const hash = (data: EntryBody['data']) => chain(emptyHead, draft(data), noon).hash

  it('AU-05 takes what is equal for equal', () => {
    expect(hash({ a: 1, b: 2 })).toBe(hash({ b: 2, a: 1 }))
    expect(hash({ n: -0 })).toBe(hash({ n: 0 }))
    expect(hash({ n: 1e21 })).toBe(hash({ n: 1_000_000_000_000_000_000_000 }))
  })

  it('AU-05 takes what differs for different, however alike it looks', () => {
    expect(hash({ why: 'é' })).not.toBe(hash({ why: 'e\u0301' }))
    expect(hash({ why: '\u2028' })).not.toBe(hash({ why: '\n' }))
    expect(hash({ why: '1' })).not.toBe(hash({ why: 1 }))
    expect(hash({ why: null })).not.toBe(hash({}))
  })

  it.each([['\ud800'], [Number.NaN], [Number.POSITIVE_INFINITY], [10n]])(
    'AU-05 has no form for %o',
    (value) => {
      expect(() => hash({ why: value } as never)).toThrow()
    },
  )
})

function check(chained: readonly ChainedEntry[], checkpoints: readonly Signed[]): Verdict {
  const walk = new Check([], checkpoints)
  for (const each of chained) {
    const fault = walk.next(each)
    if (fault !== undefined) return fault
  }
  return walk.end()
}

function ledgerOf(data: (place: number) => EntryBody['data']): ChainedEntry[] {
  const made: ChainedEntry[] = []
  for (let place = 1; place <= size; place++) {
    const last = made.at(-1)
    const head = last === undefined ? emptyHead : { seq: last.entry.seq, hash: last.hash }
    made.push(chain(head, draft(data(place)), noon))
  }
  return made
}

function draft(data: EntryBody['data']): EntryBody {
  return {
    type: 'rekey.started',
    actor: { kind: 'rekey' },
    request: null,
    version: null,
    target: null,
    policy: 'a'.repeat(64),
    data,
  }
}

function rootOf(chained: readonly ChainedEntry[]): string {
  const tree = new MerkleTree()
  for (const { hash } of chained) tree.push(hash)
  return tree.root().toString('base64')
}

function below(most: number): number {
  return Math.floor(Math.random() * most)
}

function parsed(text: string): ChainedEntry | undefined {
  try {
    const value: ChainedEntry | null = JSON.parse(text)
    return typeof value?.entry === 'object' && value.entry !== null ? value : undefined
  } catch {
    return undefined
  }
}
