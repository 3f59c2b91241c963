/** The witness for tests against published examples, and against every refusal that C2SP tlog-witness names. */

import { generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isConsistent } from '../../../sandbox/witness/consistency.ts'
import { keyLine, readKeyLine } from '../../../sandbox/witness/keys.ts'
import { startWitness, type Witness } from '../../../sandbox/witness/start.ts'
import { readCosigned } from '../../../src/audit/cosignature.ts'
import { consistencyProof, MerkleTree } from '../../../src/audit/merkle.ts'

// certificate-transparency-go's, as in test/unit/audit/checkpoint.test.ts.
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const published: readonly (readonly [number, number, readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

function treeOf(hashes: readonly string[]): MerkleTree {
  const tree = new MerkleTree()
  for (const hash of hashes) tree.push(hash)
  return tree
}

describe('proofs that a ledger goes on from a smaller one', () => {
  it.each(published)('of %i in %i entries are the published ones', (old, next, proof) => {
    const made = consistencyProof(treeOf(leaves.slice(0, old)), leaves.slice(old, next))
    expect(made.map((hash) => hash.toString('hex'))).toEqual(proof)
  })

  it('hold for every two sizes, and for no other tree', () => {
    const hashes = Array.from({ length: 40 }, (_, at) => at.toString(16).padStart(64, '0'))
    for (let old = 1; old < hashes.length; old += 1) {
      for (let next = old + 1; next <= hashes.length; next += 1) {
        const [small, large] = [treeOf(hashes.slice(0, old)), treeOf(hashes.slice(0, next))]
        const proof = consistencyProof(small, hashes.slice(old, next))
        const oldTree = { size: old, root: small.root() }
        const nextTree = { size: next, root: large.root() }
        expect(isConsistent(oldTree, nextTree, proof)).toBe(true)
        const other = { ...oldTree, root: treeOf(hashes.slice(1, old + 1)).root() }
        expect(isConsistent(other, nextTree, proof)).toBe(false)
        expect(isConsistent(oldTree, nextTree, proof.slice(1))).toBe(false)
      }
    }
  })
})

describe('a witness', () => {
  const origin = 'example.com/log'
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const log = keyLine(
    origin,
    1,
    Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  )
  let witness: Witness
  beforeEach(async () => {
    witness = await startWitness({ name: 'witness.example/w1', logs: [log] })
  })
  afterEach(() => witness.close())

  function note(size: number, key = privateKey, from = origin): string {
    const text = `${from}\n${size}\n${treeOf(leaves.slice(0, size)).root().toString('base64')}\n`
    const signed = [Buffer.from(readKeyLine(log, 1).id, 'hex'), sign(null, Buffer.from(text), key)]
    return `${text}\n— ${from} ${Buffer.concat(signed).toString('base64')}\n`
  }

  async function add(old: number, body: string, proof: readonly Buffer[] = []) {
    const lines = [`old ${old}`, ...proof.map((hash) => hash.toString('base64')), '', body]
    return post(lines.join('\n'))
  }

  async function post(body: string) {
    const answer = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body })
    const type = answer.headers.get('content-type')
    return { status: answer.status, type, text: await answer.text() }
  }

  it('signs what goes on from what it has signed, and the same again', async () => {
    expect((await add(0, note(3))).status).toBe(200)
    const proof = consistencyProof(treeOf(leaves.slice(0, 3)), leaves.slice(3, 8))
    const { status, text } = await add(3, note(8), proof)
    expect(status).toBe(200)
    const cosigned = readCosigned(`${note(8).split('\n\n')[0]}\n\n${text}`, witness.key, [log])
    expect(cosigned).toMatchObject({ origin, size: 8 })
    expect(
      readCosigned(`${note(3).split('\n\n')[0]}\n\n${text}`, witness.key, [log]),
    ).toBeUndefined()
    expect((await add(8, note(8))).status).toBe(200)
  })

  it('F5 refuses everything else', async () => {
    await add(0, note(3))
    const proof = consistencyProof(treeOf(leaves.slice(0, 3)), leaves.slice(3, 8))
    const conflict = { status: 409, type: 'text/x.tlog.size', text: '3\n' }
    expect(await add(0, note(8))).toEqual(conflict)
    expect(await add(2, note(2))).toEqual(conflict)
    expect((await add(4, note(3))).status).toBe(400)
    expect((await add(3, note(8), proof.slice(1))).status).toBe(422)
    expect((await add(3, note(8), [...proof, ...proof])).status).toBe(422)
    const other = generateKeyPairSync('ed25519').privateKey
    expect((await add(3, note(8, other), proof)).status).toBe(403)
    expect((await add(0, note(8, privateKey, 'example.com/other'))).status).toBe(404)
    expect((await post(`old 03\n\n${note(3)}`)).status).toBe(400)
    expect((await post(note(3))).status).toBe(400)
    expect(witness.seen(origin)?.size).toBe(3)
  })
})

it('reads the cosignature that C2SP shows', () => {
  // tlog-cosignature's key is not published with it; its id and time are in the line.
  const line =
    'jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=='
  expect(Buffer.from(line, 'base64').length).toBe(4 + 8 + 64)
  expect(Buffer.from(line, 'base64').readBigUInt64BE(4)).toBe(1_679_315_147n)
})
