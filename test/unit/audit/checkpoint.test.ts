import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkpointKey, openNote, readCheckpoint } from '../../../src/audit/checkpoint.ts'
import { MerkleTree } from '../../../src/audit/merkle.ts'
import { Secret } from '../../../src/secret.ts'

const secretKey = new Secret(Buffer.alloc(32, 7).toString('base64'))
const key = checkpointKey(secretKey)

describe('the Merkle tree', () => {
  // The vectors of certificate-transparency-go, which others use as well.
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
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]

  it('has the roots that RFC 6962 gives', () => {
    const tree = new MerkleTree()
    expect(tree.root()).toEqual(createHash('sha256').digest())
    for (const [at, leaf] of leaves.entries()) {
      tree.push(leaf)
      expect(tree.root().toString('hex')).toBe(roots[at])
    }
  })

  it('goes on from its frontier as if it had never stopped, and is what the recursive definition says', () => {
    let tree = new MerkleTree()
    const hashes: string[] = []
    for (let size = 1; size <= 300; size++) {
      const leaf = createHash('sha256').update(String(size)).digest('hex')
      hashes.push(leaf)
      tree = new MerkleTree(tree.size, tree.frontier)
      tree.push(leaf)
      expect(tree.root()).toEqual(recursiveRoot(hashes))
    }
  })

  it('takes no frontier that is not of its size', () => {
    expect(() => new MerkleTree(3, ['00'.repeat(32)])).toThrow('no frontier of 3')
  })
})

describe('a signed note', () => {
  it('is opened as Go opens it', () => {
    // The example of golang.org/x/mod/sumdb/note.
    const verifier = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    const signature =
      'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='
    const note = `${text}\n— PeterNeumann ${signature}\n`
    expect(openNote(note, verifier)).toBe(text)
    expect(openNote(note.replace('problem', 'question'), verifier)).toBeUndefined()
    expect(openNote(note, key.verifier)).toBeUndefined()
    expect(openNote(note, verifier.replace('c74f', 'c74e'))).toBeUndefined()
  })

  it('is a checkpoint when it says how many entries had which root', () => {
    const root = createHash('sha256').update('root').digest()
    const note = key.sign(42, root)
    expect(readCheckpoint(note, key.verifier)).toEqual({
      origin: key.origin,
      size: 42,
      root: root.toString('base64'),
    })
    const cosigned = `${note}— witness.example AAAAAAAAAAAA\n`
    expect(readCheckpoint(cosigned, key.verifier)?.size).toBe(42)
    expect(readCheckpoint(note.replace('\n42\n', '\n43\n'), key.verifier)).toBeUndefined()
    expect(readCheckpoint('', key.verifier)).toBeUndefined()
  })

  it('CR-21 is the same however often it is made, so that a size never has two roots', () => {
    const root = createHash('sha256').digest()
    expect(checkpointKey(secretKey).sign(7, root)).toBe(key.sign(7, root))
    const other = checkpointKey(new Secret(Buffer.alloc(32, 8).toString('base64')))
    expect(other.origin).not.toBe(key.origin)
    expect(readCheckpoint(other.sign(7, root), key.verifier)).toBeUndefined()
  })

  it('does not show the key that it is derived from', () => {
    expect(JSON.stringify([key, key.sign(1, Buffer.alloc(32))])).not.toContain(secretKey.reveal())
  })
})

/** RFC 6962, section 2.1, word for word. */
function recursiveRoot(leaves: readonly string[]): Buffer {
  const [only] = leaves
  if (only === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) {
    return createHash('sha256').update(Buffer.of(0)).update(only, 'hex').digest()
  }
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return createHash('sha256')
    .update(Buffer.of(1))
    .update(recursiveRoot(leaves.slice(0, half)))
    .update(recursiveRoot(leaves.slice(half)))
    .digest()
}
