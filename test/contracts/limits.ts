import { describe, expect, it } from 'vitest'
import type { OpenStore } from '../../src/store/open.ts'
import { noon } from '../helpers/examples.ts'
import type { Bench } from './bench.ts'

const hourMs = 60 * 60 * 1000
const later = (ms: number) => new Date(noon.getTime() + ms)

/** What strangers may try, and how often. */
export function limitsSuite(bench: Bench, opened: () => OpenStore, url: () => string): void {
  const take = (key: string, at = noon) => opened().limits.take(key, 3, hourMs, at)

  describe('a limit', () => {
    it('lets pass as many as it says, for each key of its own', async () => {
      const taken = [await take('ada'), await take('ada'), await take('ada'), await take('ada')]
      expect(taken).toEqual([true, true, true, false])
      expect(await take('grace')).toBe(true)
    })

    it('counts within any hour, and only what it let pass', async () => {
      for (const minutes of [0, 50, 55])
        expect(await take('ada', later(minutes * 60_000))).toBe(true)
      expect(await take('ada', later(59 * 60_000))).toBe(false)
      expect(await take('ada', later(hourMs))).toBe(true)
      expect(await take('ada', later(hourMs + 1))).toBe(false)
    })

    it('holds when they come all at once', async () => {
      const taken = await Promise.all(Array.from({ length: 12 }, () => take('ada')))
      expect(taken.filter(Boolean)).toHaveLength(3)
    })

    it('leaves nothing behind once its time is over', async () => {
      await take('ada')
      await take('grace', later(hourMs))
      expect(await bench.query(url(), 'select key from limits')).toEqual([{ key: 'grace' }])
    })
  })
}
