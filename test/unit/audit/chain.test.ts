import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chain, emptyHead, hashOf } from '../../../src/audit/chain.ts'
import type { ChainedEntry, EntryBody } from '../../../src/audit/entry.ts'
import { verify } from '../../../src/audit/verify.ts'
import { noon } from '../../support/examples.ts'

function draft(data: EntryBody['data'] = {}): EntryBody {
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

function ledger(length: number): ChainedEntry[] {
  const entries: ChainedEntry[] = []
  for (let place = 1; place <= length; place++) {
    const last = entries.at(-1)
    const head = last === undefined ? emptyHead : { seq: last.entry.seq, hash: last.hash }
    entries.push(chain(head, draft({ place, why: 'because' }), noon))
  }
  return entries
}

describe('the chain', () => {
  it('gives the same entry the same hash, whatever order its keys were written in', () => {
    const [first] = ledger(1)
    const turned = Object.fromEntries(Object.entries(first?.entry ?? {}).reverse())
    expect(hashOf(turned as ChainedEntry['entry'])).toBe(first?.hash)
  })

  it('is pinned: a change of format must be a new version, not a new hash for old entries', () => {
    expect(chain(emptyHead, draft(), noon).hash).toMatchInlineSnapshot(
      `"43a244bdb9c13efcf84e6ab052899b53df7358c1e8badaa0ad5a707fe2cb701e"`,
    )
  })

  it('refuses what canonical JSON has no form for', () => {
    expect(() => chain(emptyHead, draft({ why: '\ud800' }), noon)).toThrow()
    expect(() => chain(emptyHead, draft({ count: Number.NaN }), noon)).toThrow()
  })
})

describe('verify', () => {
  it('finds an untouched chain intact, and says where it ends', () => {
    const entries = ledger(5)
    expect(verify(entries)).toEqual({ kind: 'intact', head: { seq: 5, hash: entries[4]?.hash } })
    expect(verify([])).toEqual({ kind: 'intact', head: emptyHead })
  })

  it('AU-01 names the entry in which anything at all was changed', () => {
    const entries = ledger(6)
    const lines = entries.map((chained) => JSON.stringify(chained))
    fc.assert(
      fc.property(fc.nat(5), fc.nat(), fc.integer({ min: 1, max: 127 }), (index, offset, flip) => {
        const line = Buffer.from(lines[index] ?? '')
        const at = offset % line.length
        line[at] = (line[at] ?? 0) ^ flip
        const changed = parsed(line.toString('utf8'))
        // What isn't JSON any more, or says the same in other bytes, is not for the chain to find.
        if (changed === undefined || JSON.stringify(changed) === lines[index]) return
        const verdict = verify(entries.map((entry, place) => (place === index ? changed : entry)))
        // A changed hash shows in its own entry, or in the next one that holds on to it.
        expect(verdict.kind).toBe('broken')
        if (verdict.kind === 'broken') expect([index + 1, index + 2]).toContain(verdict.seq)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['a deleted entry', (all: ChainedEntry[]) => all.toSpliced(2, 1), 3],
    ['an inserted entry', (all: ChainedEntry[]) => all.toSpliced(2, 0, all[1] as ChainedEntry), 3],
    [
      'two swapped entries',
      (all: ChainedEntry[]) => [all[0], all[2], all[1], all[3]] as ChainedEntry[],
      2,
    ],
    ['a missing beginning', (all: ChainedEntry[]) => all.slice(1), 1],
  ])('AU-02 finds %s', (_, tamper, seq) => {
    expect(verify(tamper(ledger(4)))).toMatchObject({ kind: 'broken', seq })
  })

  it('AU-02 finds a cut-off end by the head that a witness saw', () => {
    const entries = ledger(5)
    const witness = { seq: 5, hash: entries[4]?.hash ?? '' }
    expect(verify(entries.slice(0, 3), [witness])).toMatchObject({ kind: 'broken', seq: 4 })
  })

  it('AU-03 T16 finds a chain that was rewritten whole by the head that a witness saw', () => {
    const witness = { seq: 3, hash: ledger(3)[2]?.hash ?? '' }
    const rewritten: ChainedEntry[] = []
    for (const { entry } of ledger(5)) {
      const last = rewritten.at(-1)
      const head = last === undefined ? emptyHead : { seq: last.entry.seq, hash: last.hash }
      rewritten.push(chain(head, { ...entry, data: { ...entry.data, why: 'another story' } }, noon))
    }
    expect(verify(rewritten).kind).toBe('intact')
    expect(verify(rewritten, [witness])).toMatchObject({ kind: 'broken', seq: 3 })
  })
})

function parsed(text: string): ChainedEntry | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' &&
      value !== null &&
      'entry' in value &&
      typeof value.entry === 'object'
      ? (value as ChainedEntry)
      : undefined
  } catch {
    return undefined
  }
}
