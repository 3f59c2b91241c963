/**
 * Somebody with the key and the database: the seal fits, and the ledger alone says otherwise. Over the real
 * SDK and a real store.
 */

import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestId } from '../../../src/ids.ts'
import { readAggregate } from '../../../src/store/aggregate.ts'
import { Seals } from '../../../src/store/seals.ts'
import { openSqliteToRead } from '../../../src/store/sqlite.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import { idOf } from '../../support/small-world/people.ts'
import { beginWireWorld, type WireWorld } from '../../support/wire-world.ts'

let world: WireWorld
beforeAll(async () => {
  world = await beginWireWorld()
})
afterAll(() => world.end())

/** Changes something of the request, and seals it as Rekey would have. */
async function forge(id: RequestId, statement: string): Promise<void> {
  const database = new DatabaseSync(world.file, { timeout: 5_000 })
  database.exec(statement.replaceAll('{id}', id))
  const reading = openSqliteToRead(world.file)
  const changed = await readAggregate(reading.db, id)
  if (changed === undefined) throw new Error(`there is no request ${id}`)
  const seal = new Seals(rowSealer).ofRequest(changed)
  database.prepare('update requests set seal = ? where id = ?').run(seal, id)
  database.close()
  await reading.close()
}

const changes = () =>
  world.cognito.calls.filter(({ operation }) => /^(Admin(?!Get|List)|Forgot)/.test(operation))
    .length

const said = async (id: RequestId) =>
  (await world.entries(id)).flatMap(({ type, data }) =>
    type === 'request.stopped' || type === 'request.altered' ? [data['differs']] : [],
  )

const approvalOf = `update approvals set approver = 'U0MARY' where request_id = '{id}'`
const requesterOf = `update requests set requested_by = 'U0BOB' where id = '{id}'`
const body = (from: string, to: string) =>
  `update requests set body_json = replace(body_json, '${from}', '${to}') where id = '{id}'`

const ways: readonly (readonly [string, string])[] = [
  ['approvals', approvalOf],
  ['requester', requesterOf],
  ['method', body('"method":"reset"', '"method":"recovery-code"')],
  ['tier', body('"tier":"', '"tier":"un')],
  ['approvalsNeeded', body('"approvalsNeeded":1', '"approvalsNeeded":0')],
  ['openedAt', `update requests set opened_at = opened_at - 1 where id = '{id}'`],
  ['expiresAt', `update requests set expires_at = expires_at + 1 where id = '{id}'`],
]

describe('F2 a request that fits its seal and not its entries', () => {
  it.each(ways)('is not carried out where the %s differs', async (part, statement) => {
    const id = await world.approved(world.newcomer().sub, 'reset')
    const before = changes()
    await forge(id, statement)
    await world.work(id)
    expect(changes()).toBe(before)
    expect(await said(id)).toEqual([[part]])
    expect(await world.find(id)).toMatchObject({
      state: 'failed',
      failure: { name: 'RecordAltered' },
    })
  })

  it.each([
    ['approvals', approvalOf],
    ['effectAttempts', `update effects set attempts = attempts + 1 where request_id = '{id}'`],
    ['effectId', `update effects set kind = 'recovery-code' where request_id = '{id}'`],
  ])('is not called again where the %s differs', async (part, statement) => {
    const id = await world.approved(world.newcomer().sub, 'reset')
    world.cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'throttle' })
    await world.work(id)
    const before = changes()
    await forge(id, statement)
    world.pass(60_000)
    await world.work(id)
    expect(changes()).toBe(before)
    expect(await said(id)).toEqual([[part]])
  })

  it('shows its password to nobody whom the ledger does not know for its requester', async () => {
    const id = await world.approved(world.newcomer().sub, 'temporary-password')
    await world.work(id)
    await forge(id, `update requests set requested_by = '${idOf('bob')}' where id = '{id}'`)
    expect(await world.reveal(id, idOf('bob'))).toMatchObject({ kind: 'refused' })
    expect(await said(id)).toEqual([['requester']])
  })
})
