import { describe, expect, it } from 'vitest'
import { persisting } from '../../../src/store/commit.ts'

describe('persisting', () => {
  function failing(times: number, code: string) {
    let tries = 0
    return () => {
      tries += 1
      return tries <= times
        ? Promise.reject(Object.assign(new Error('turned away'), { code }))
        : Promise.resolve(tries)
    }
  }

  it.each(['40001', '40P01'])('tries again after %s', async (code) => {
    expect(await persisting(failing(4, code))).toBe(5)
  })

  it('gives up after five tries', async () => {
    await expect(persisting(failing(5, '40001'))).rejects.toThrow('turned away')
  })

  it('does not repeat what failed for another reason', async () => {
    await expect(persisting(failing(1, '23505'))).rejects.toThrow('turned away')
  })
})
