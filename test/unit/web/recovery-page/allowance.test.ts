import { expect, it } from 'vitest'
import { network } from '../../../../src/web/recovery-page/address.ts'
import { Allowance } from '../../../../src/web/recovery-page/allowance.ts'

const hour = 3_600_000

it('F1 whoever is refused from many addresses of one network keeps nobody else waiting', async () => {
  let now = Date.parse('2026-03-01T12:00:00Z')
  let asked = 0
  const usedUp = new Set<string>()
  const take = async (key: string) => {
    asked += 1
    return !usedUp.has(key)
  }
  const allowance = new Allowance({ rateLimiter: { take }, now: () => new Date(now) })
  const enter = async (address: string) => {
    const entered = await allowance.enter([{ key: network(address), most: 30, windowMs: hour }])
    if (typeof entered === 'function') entered()
    return typeof entered === 'function' ? 'begun' : entered
  }
  // As many /64s as a house has, each of which has used up its own.
  const house = Array.from({ length: 256 }, (_, n) => `2001:db8:0:${n.toString(16)}::1`)
  for (const address of house) usedUp.add(network(address))
  for (let minute = 0; minute < 60; minute += 1) {
    for (const address of house) expect(await enter(address)).toBe('used-up')
    expect(await enter('192.0.2.7')).toBe('begun')
    now += 60_000
  }
  expect(asked).toBe(6 * house.length + 60)
})
