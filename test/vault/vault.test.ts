import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { EffectId, RequestId } from '../../src/names.ts'
import { Secret } from '../../src/secret.ts'
import { Vault } from '../../src/vault/vault.ts'

const request = 'REQ-0000000001' as RequestId
const effect = 'EFF-1' as EffectId

function aVault(): Vault {
  return new Vault(new Secret(randomBytes(32).toString('base64')))
}

describe('the vault', () => {
  const vault = aVault()

  it('gives back what was sealed, and shows nothing of it before', () => {
    const sealed = vault.seal(request, effect, new Secret('pass-wörd'))
    expect(sealed.box.toString('latin1')).not.toContain('pass')
    expect(vault.open(sealed).reveal()).toBe('pass-wörd')
  })

  it('seals the same password differently every time', () => {
    const boxes = [1, 2].map(() =>
      vault.seal(request, effect, new Secret('same')).box.toString('hex'),
    )
    expect(boxes[0]).not.toBe(boxes[1])
  })

  it.each([
    ['moved to another request', { request: 'REQ-0000000002' as RequestId }],
    ['moved to another effect', { effect: 'EFF-2' as EffectId }],
    ['with another nonce', { nonce: Buffer.alloc(12) }],
    ['with another salt', { salt: Buffer.alloc(32) }],
  ])('SX-03 does not open a box %s', (_, changed) => {
    const sealed = vault.seal(request, effect, new Secret('secret'))
    expect(() => vault.open({ ...sealed, ...changed })).toThrow()
  })

  it('SX-03 does not open a box with one bit changed, or its tag cut', () => {
    const sealed = vault.seal(request, effect, new Secret('secret'))
    for (let at = 0; at < sealed.box.length; at++) {
      const box = Buffer.from(sealed.box)
      box[at] = (box[at] ?? 0) ^ 1
      expect(() => vault.open({ ...sealed, box })).toThrow()
    }
    expect(() => vault.open({ ...sealed, box: sealed.box.subarray(0, -4) })).toThrow()
  })

  it('says plainly that the key is another one', () => {
    const sealed = vault.seal(request, effect, new Secret('secret'))
    expect(() => aVault().open(sealed)).toThrow(/another REKEY_SECRET_KEY/)
  })
})
