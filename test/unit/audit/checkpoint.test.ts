import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  checkpointKey,
  isVerifier,
  openNote,
  readCheckpoint,
} from '../../../src/audit/checkpoint.ts'
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
    expect(() => new MerkleTree(4, ['00'.repeat(32), '00'.repeat(32)])).toThrow('no frontier of 4')
    expect(() => new MerkleTree(1)).toThrow('no frontier of 1')
    expect(new MerkleTree(2 ** 40, ['00'.repeat(32)]).size).toBe(2 ** 40)
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

  it('is pinned: whoever was given the line of the verifier can check every later note', () => {
    expect(key.origin).toMatchInlineSnapshot(`"rekey-ledger/feee80014743244e"`)
    expect(key.verifier).toMatchInlineSnapshot(
      `"rekey-ledger/feee80014743244e+fed972bf+AbGA8ORRB5JqMqW72LtmxbcUzTZz7bkBuAO+6E83jghR"`,
    )
    expect(key.sign(42, Buffer.alloc(32, 1))).toMatchInlineSnapshot(`
      "rekey-ledger/feee80014743244e
      42
      AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=

      — rekey-ledger/feee80014743244e /tlyvzVyM4kotNPPVC9LE/SonVOEqtzrYx9ILprk05XJHLI6a0JpGhviuiI/hhJTYtoJy4pQ/3KnsOGT1O+mVLu/bQc=
      "
    `)
  })

  it('does not show the key that it is derived from', () => {
    expect(JSON.stringify([key, key.sign(1, Buffer.alloc(32))])).not.toContain(secretKey.reveal())
  })
})

describe('a signed text', () => {
  const root = Buffer.alloc(32, 1).toString('base64')
  const { verifier, note } = otherKey('rekey-ledger/other')

  it.each([['0'], ['1'], ['42'], ['999999999999999']])('is a checkpoint of %s entries', (size) => {
    const text = `rekey-ledger/other\n${size}\n${root}\n`
    expect(readCheckpoint(note(text), verifier)).toEqual({
      origin: 'rekey-ledger/other',
      size: Number(size),
      root,
    })
  })

  it.each([
    ['no size', `rekey-ledger/other\n\n${root}\n`],
    ['a size in another spelling', `rekey-ledger/other\n042\n${root}\n`],
    ['a size below nothing', `rekey-ledger/other\n-1\n${root}\n`],
    ['a size and more', `rekey-ledger/other\n42a\n${root}\n`],
    ['something before the size', `rekey-ledger/other\n 42\n${root}\n`],
    ['a larger size than can be counted', `rekey-ledger/other\n1000000000000000\n${root}\n`],
    ['no root', 'rekey-ledger/other\n42\n'],
    ['a shorter root', `rekey-ledger/other\n42\n${root.slice(4)}\n`],
    ['a longer root', `rekey-ledger/other\n42\n${root.slice(0, -1)}AAAA\n`],
    ['another log', `rekey-ledger/another\n42\n${root}\n`],
    ['the beginning of the log’s name', `rekey-ledger\n42\n${root}\n`],
    ['no log', `\n42\n${root}\n`],
  ])('is no checkpoint with %s', (_, text) => {
    expect(openNote(note(text), verifier)).toBe(text)
    expect(readCheckpoint(note(text), verifier)).toBeUndefined()
  })
})

describe('whose note it is', () => {
  const one = otherKey('one.example')
  const other = otherKey('other.example')
  const text = 'a text\n'
  const [head, ofOne] = one.note(text).split('— ')
  const [, ofOther] = other.note(text).split('— ')

  it('is told by any of its signatures', () => {
    const both = `${head}— ${ofOther}— ${ofOne}`
    expect(openNote(both, one.verifier)).toBe(text)
    expect(openNote(both, other.verifier)).toBe(text)
    expect(openNote(`${head}— ${ofOther}— ${ofOther}`, one.verifier)).toBeUndefined()
  })

  it.each([
    ['under another name', `${head}— ${ofOne?.replace('one.example', 'two.example')}`],
    ['without its signature', head ?? ''],
    ['with an empty line less', one.note(text).replace('\n\n', '\n')],
    ['without its last line feed', one.note(text).slice(0, -1)],
    ['with words behind it', `${one.note(text)}and more\n`],
    ['with another sign before the name', one.note(text).replace('—', '-')],
    ['with words before the signature', one.note(text).replace('— ', 'so — ')],
    ['with a name of two words', one.note(text).replace('one.example', 'one example')],
    ['without a text', one.note(text).slice(text.length)],
  ])('is not to be told %s', (_, note) => {
    expect(openNote(note, one.verifier)).toBeUndefined()
  })

  it('is not to be told by the id of a key alone', () => {
    const [name, id = ''] = one.verifier.split('+')
    const forged = Buffer.concat([Buffer.from(id, 'hex'), Buffer.alloc(64)]).toString('base64')
    expect(openNote(`${head}— ${name} ${forged}\n`, one.verifier)).toBeUndefined()
  })

  it('may be told of a text with empty lines', () => {
    expect(openNote(one.note('a\n\nb\n'), one.verifier)).toBe('a\n\nb\n')
  })
})

describe('the line of a verifier', () => {
  it('has a name, an id and a key', () => {
    expect(isVerifier(key.verifier)).toBe(true)
    expect(isVerifier(verifierOf('one.example', Buffer.alloc(32, 1)))).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['words before it', `the key ${key.verifier}`],
    ['words behind it', `${key.verifier} is it`],
    ['a key that is cut', `${key.verifier.slice(0, -4)}`],
    ['another id', key.verifier.replace(/\+\w{8}\+/, '+00000000+')],
    ['an id in capitals', key.verifier.replace(/\+\w{8}\+/, (text) => text.toUpperCase())],
    ['no name', verifierOf('', Buffer.alloc(32, 1))],
    ['a name with a space', verifierOf('one example', Buffer.alloc(32, 1))],
    ['a name with a plus', verifierOf('one+example', Buffer.alloc(32, 1))],
    ['a longer key', verifierOf('one.example', Buffer.alloc(33, 1))],
    ['a shorter key', verifierOf('one.example', Buffer.alloc(31, 1))],
    ['a key of another kind', verifierOf('one.example', Buffer.alloc(32, 1), 2)],
    // Its id is that of the key which it would be, were its kind 1.
    [
      'a key that says it is of another kind',
      verifierOf('one.example', Buffer.alloc(32, 1)).replace('+AQ', '+Ag'),
    ],
  ])('is not %s', (_, text) => {
    expect(isVerifier(text)).toBe(false)
  })
})

/** Somebody else’s key, as signed-note has it. */
function otherKey(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const open = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const verifier = verifierOf(name, open)
  const id = Buffer.from(verifier.slice(name.length + 1, name.length + 9), 'hex')
  const note = (text: string) => {
    const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)])
    return `${text}\n— ${name} ${signature.toString('base64')}\n`
  }
  return { verifier, note }
}

function verifierOf(name: string, open: Buffer, kind = 1): string {
  const key = Buffer.concat([Buffer.of(kind), open])
  const id = createHash('sha256').update(`${name}\n`).update(key).digest('hex').slice(0, 8)
  return `${name}+${id}+${key.toString('base64')}`
}

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
