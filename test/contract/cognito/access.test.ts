import { describe, expect, it } from 'vitest'
import { Access, type TurnedAway } from '../../../src/cognito/access.ts'
import { customers, openWire } from '../../support/cognito/wire.ts'

const denied = { name: 'AccessDeniedException', message: 'not you' }

async function watched() {
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const told: TurnedAway[] = []
  const access = new Access(now, (call) => told.push(call))
  const wire = await openWire({ access })
  const sub = wire.sub('Jane Doe')
  const look = () => wire.accounts.inspect(customers.name, sub)
  const pass = (milliseconds: number) => {
    ahead += milliseconds
  }
  return { ...wire, access, told, look, pass }
}

describe('CG-14: what AWS turns away', () => {
  it('is told once, and is over when the same call succeeds', async () => {
    const { cognito, access, told, look, close } = await watched()
    cognito.faults.add({ operation: 'AdminGetUser', kind: denied, times: 2 })
    await look()
    await look()
    const call = { operation: 'AdminGetUser', error: denied.name }
    expect(told).toEqual([call])
    expect(access.turnedAway).toEqual([call])
    await look()
    expect(access.turnedAway).toEqual([])
    await close()
  })

  it('is forgotten after a while, since nobody may ever call that again', async () => {
    const { cognito, access, told, look, pass, close } = await watched()
    cognito.faults.add({ operation: 'AdminGetUser', kind: denied, times: 2 })
    await look()
    pass(15 * 60_000 + 1_000)
    expect(access.turnedAway).toEqual([])
    await look()
    expect(told).toHaveLength(2)
    await close()
  })

  it('is not what Cognito says no to, or is too busy for', async () => {
    const { cognito, access, look, close } = await watched()
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'throttle', times: 3 })
    await look()
    cognito.pools.get('customers').remove('jane@example.com')
    expect((await look()).kind).toBe('gone')
    expect(access.turnedAway).toEqual([])
    await close()
  })
})
