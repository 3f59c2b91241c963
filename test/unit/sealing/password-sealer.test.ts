import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type EffectId, personId, type RequestId, subOf } from '../../../src/ids.ts'
import { PasswordSealer, type SealedFor } from '../../../src/sealing/password-sealer.ts'
import { Secret } from '../../../src/secret.ts'

const request = 'REQ-0000000001' as RequestId
const effect = 'EFF-1' as EffectId

const whose: SealedFor = {
  requester: personId('U0SAM'),
  userPoolId: 'us-west-2_aaaaaaaaa',
  sub: subOf('11111111-1111-4111-8111-111111111111'),
}

function aKey(): Secret {
  return new Secret(randomBytes(32).toString('base64'))
}

function aSealer(): PasswordSealer {
  return new PasswordSealer(aKey())
}

describe('the password sealer', () => {
  const sealer = aSealer()

  it('gives back what was sealed, and shows nothing of it before', () => {
    const sealed = sealer.seal({ request, effect }, whose, new Secret('pass-wörd'))
    expect(sealed.box.toString('latin1')).not.toContain('pass')
    expect(sealer.open(sealed, whose).reveal()).toBe('pass-wörd')
  })

  it('is pinned: what is in the database must open with every later Rekey', () => {
    const key = new Secret(Buffer.alloc(32, 7).toString('base64'))
    const sealed = {
      request,
      effect,
      keyId: 'db056c6c564d',
      salt: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(12, 2),
      box: Buffer.from('847ff69ed65b85de4d14befefcd45d278c574f3ccaeffeec429d', 'hex'),
    }
    expect(new PasswordSealer(key).seal({ request, effect }, whose, new Secret('')).keyId).toBe(
      sealed.keyId,
    )
    expect(new PasswordSealer(key).open(sealed, whose).reveal()).toBe('pass-wörd')
  })

  it('seals the same password differently every time', () => {
    const boxes = [1, 2].map(() =>
      sealer.seal({ request, effect }, whose, new Secret('same')).box.toString('hex'),
    )
    expect(boxes[0]).not.toBe(boxes[1])
  })

  it.each([
    ['moved to another request', { request: 'REQ-0000000002' as RequestId }],
    ['moved to another effect', { effect: 'EFF-2' as EffectId }],
    ['with another nonce', { nonce: Buffer.alloc(12) }],
    ['with another salt', { salt: Buffer.alloc(32) }],
  ])('SX-03 does not open a box %s', (_, changed) => {
    const sealed = sealer.seal({ request, effect }, whose, new Secret('secret'))
    expect(() => sealer.open({ ...sealed, ...changed }, whose)).toThrow()
  })

  it.each([
    ['another requester', { requester: personId('U0SUKI') }],
    ['another account', { sub: subOf('22222222-1111-4111-8111-111111111111') }],
    ['another pool', { userPoolId: 'us-west-2_bbbbbbbbb' }],
  ])('F2 does not open a box for %s', (_, changed) => {
    const sealed = sealer.seal({ request, effect }, whose, new Secret('secret'))
    expect(() => sealer.open(sealed, { ...whose, ...changed })).toThrow()
  })

  it('SX-03 does not open a box with one bit changed, or its tag cut', () => {
    const sealed = sealer.seal({ request, effect }, whose, new Secret('secret'))
    for (let at = 0; at < sealed.box.length; at++) {
      const box = Buffer.from(sealed.box)
      box[at] = (box[at] ?? 0) ^ 1
      expect(() => sealer.open({ ...sealed, box }, whose)).toThrow()
    }
    expect(() => sealer.open({ ...sealed, box: sealed.box.subarray(0, -4) }, whose)).toThrow()
  })

  it('SX-03 opens neither of two boxes that were swapped', () => {
    const one = sealer.seal({ request, effect }, whose, new Secret('one'))
    const other = sealer.seal(
      { request: 'REQ-0000000002' as RequestId, effect: 'EFF-2' as EffectId },
      whose,
      new Secret('two'),
    )
    const { salt, nonce, box } = other
    expect(() => sealer.open({ ...one, box }, whose)).toThrow()
    expect(() => sealer.open({ ...one, salt, nonce, box }, whose)).toThrow()
  })

  // GCM itself allows shorter tags, and four bytes would be found by trying.
  it('SX-03 takes no tag that is shorter than sixteen bytes, though it begins rightly', () => {
    const sealed = sealer.seal({ request, effect }, whose, new Secret(''))
    expect(sealed.box).toHaveLength(16)
    expect(sealer.open(sealed, whose).reveal()).toBe('')
    for (let length = 0; length < 16; length++) {
      expect(() => sealer.open({ ...sealed, box: sealed.box.subarray(0, length) }, whose)).toThrow()
    }
  })

  it('SX-04 still opens what an earlier key sealed, and seals with the new one alone', () => {
    const [first, second, third] = [aKey(), aKey(), aKey()]
    const [old, older] = [new PasswordSealer(second), new PasswordSealer(first)].map((each) =>
      each.seal({ request, effect }, whose, new Secret('kept')),
    )
    const rotated = new PasswordSealer(third, [second, first])
    if (old === undefined || older === undefined) throw new Error('nothing was sealed')
    expect([old, older].map((each) => rotated.open(each, whose).reveal())).toEqual(['kept', 'kept'])
    const fresh = rotated.seal({ request, effect }, whose, new Secret('new'))
    expect(new PasswordSealer(third).open(fresh, whose).reveal()).toBe('new')
    expect(() => new PasswordSealer(second, [first]).open(fresh, whose)).toThrow(
      /REKEY_SECRET_KEYS_OLD/,
    )
  })

  it('SX-04 opens nothing with an earlier key but what that key sealed', () => {
    const [first, second] = [aKey(), aKey()]
    const rotated = new PasswordSealer(second, [first])
    const old = new PasswordSealer(first).seal({ request, effect }, whose, new Secret('kept'))
    const { keyId } = rotated.seal({ request, effect }, whose, new Secret('new'))
    expect(keyId).not.toBe(old.keyId)
    expect(() => rotated.open({ ...old, keyId }, whose)).toThrow()
  })

  it('SX-05 says nothing of the secret or the key when it does not open', () => {
    const key = aKey()
    const sealed = new PasswordSealer(key).seal({ request, effect }, whose, new Secret('pass-wörd'))
    const failures = [
      { ...sealed, box: Buffer.alloc(40) },
      { ...sealed, keyId: 'other' },
    ].map((each) => {
      try {
        return new PasswordSealer(key).open(each, whose)
      } catch (error) {
        return inspect(error, { depth: 9, showHidden: true })
      }
    })
    expect(failures).toEqual([expect.any(String), expect.any(String)])
    for (const hidden of ['pass-wörd', key.reveal()]) {
      expect(failures.join()).not.toContain(hidden)
    }
  })

  it('says plainly that the key is another one', () => {
    const sealed = sealer.seal({ request, effect }, whose, new Secret('secret'))
    expect(() => aSealer().open(sealed, whose)).toThrow(/another REKEY_SECRET_KEY/)
  })
})
