import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkpointKey, readCheckpoint } from '../../../src/audit/checkpoint.ts'
import { CheckpointSigner, type SignedCheckpoint } from '../../../src/audit/checkpoint-signer.ts'
import { MerkleTree } from '../../../src/audit/merkle.ts'
import { Secret } from '../../../src/secret.ts'
import { later, minute, noon } from '../../support/examples.ts'

const key = checkpointKey(new Secret(Buffer.alloc(32, 7).toString('base64')))

describe('signing the ledger as it stands', () => {
  it('signs every entry up to now, and comes back in an hour', async () => {
    const ledger = ledgerOf(3)
    expect(await ledger.sign(true)).toEqual({
      kind: 'again',
      at: later(60 * minute),
      because: 'there may be more by then',
    })
    expect(ledger.signed()).toEqual([{ size: 3, root: ledger.root(3), at: noon }])
  })

  it('does not come back where it was asked for once', async () => {
    const ledger = ledgerOf(3)
    expect(await ledger.sign(false)).toEqual({ kind: 'done' })
    expect(ledger.signed()).toHaveLength(1)
  })

  it('goes on from the newest checkpoint, and from as little before as shows that it is the same ledger', async () => {
    const ledger = ledgerOf(3)
    await ledger.sign(false)
    ledger.grow(8)
    await ledger.sign(false)
    expect(ledger.signed()).toEqual([
      { size: 3, root: ledger.root(3), at: noon },
      { size: 8, root: ledger.root(8), at: noon },
    ])
    expect(ledger.readFrom).toEqual([1, 3])
  })

  it.each([
    ['another frontier', { frontier: ['00'.repeat(32), '11'.repeat(32)] }],
    ['no frontier', { frontier: [] }],
    ['a size that was not signed', { size: 1_000_000 }],
    ['a note of nobody', { note: 'nothing' }],
  ])('F2 goes on from no checkpoint with %s: it reads the ledger anew', async (_, differs) => {
    const ledger = ledgerOf(3)
    await ledger.sign(false)
    ledger.replaceNewest(differs)
    ledger.grow(8)
    await ledger.sign(false)
    const { size, note = '' } = ledger.newest() ?? {}
    expect([size, readCheckpoint(note, key.verifier)?.root]).toEqual([8, ledger.root(8)])
    expect(ledger.readFrom).toEqual([1, 1])
  })

  it('does nothing where there is nothing new, and does not come back until there is', async () => {
    const ledger = ledgerOf(3)
    await ledger.sign(true)
    expect(await ledger.sign(true)).toEqual({ kind: 'done' })
    expect(ledger.signed()).toHaveLength(1)
    expect(await ledgerOf(0).sign(true)).toEqual({ kind: 'done' })
  })

  it('signs nothing of a ledger with a gap', async () => {
    const ledger = ledgerOf(5)
    ledger.lose(4)
    await ledger.sign(true)
    expect(ledger.signed()).toEqual([])
    expect(ledger.withheld).toEqual([0])
  })
})

/** A ledger of so many entries, and what was signed of it. */
function ledgerOf(length: number) {
  const hash = (seq: number) => createHash('sha256').update(`${seq}`).digest('hex')
  const missing = new Set<number>()
  const kept: { checkpoint: SignedCheckpoint; at: Date }[] = []
  const readFrom: number[] = []
  const withheld: number[] = []
  let head = length
  const signer = new CheckpointSigner({
    key,
    ledger: {
      head: async () => ({ seq: head }),
      hashesFrom: async (fromSeq) => {
        readFrom.push(fromSeq)
        const seqs = Array.from({ length: head - fromSeq + 1 }, (_, at) => fromSeq + at)
        return seqs.some((seq) => missing.has(seq)) ? undefined : seqs.map(hash)
      },
    },
    checkpoints: {
      latest: async () => kept.at(-1)?.checkpoint,
      stray: async () => undefined,
      add: async (checkpoint, at) => void kept.push({ checkpoint, at }),
    },
    witnesses: [],
    alarm: {
      stray: async () => {},
      withheld: async (size) => void withheld.push(size),
    },
    now: () => noon,
  })
  return {
    readFrom,
    withheld,
    sign: (comesBack: boolean) => signer.sign(comesBack),
    grow: (to: number) => {
      head = to
    },
    lose: (seq: number) => missing.add(seq),
    /** As somebody else writes it. */
    replaceNewest: (differs: Partial<SignedCheckpoint>) => {
      kept.push(
        ...kept
          .splice(-1)
          .map(({ checkpoint, at }) => ({ checkpoint: { ...checkpoint, ...differs }, at })),
      )
    },
    newest: () => kept.at(-1)?.checkpoint,
    root: (size: number) => {
      const tree = new MerkleTree()
      for (let seq = 1; seq <= size; seq++) tree.push(hash(seq))
      return tree.root().toString('base64')
    },
    /** What each signed note says, which is also what the checkpoint beside it says. */
    signed: () =>
      kept.map(({ checkpoint: { note, size, frontier }, at }) => {
        const read = readCheckpoint(note, key.verifier)
        expect(new MerkleTree(size, frontier).root().toString('base64')).toBe(read?.root)
        expect(read?.size).toBe(size)
        return { size, root: read?.root, at }
      }),
  }
}
