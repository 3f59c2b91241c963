/** Two replicas that have read different policies: only the newer one decides, and only it acts. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PersonId } from '../../src/ids.ts'
import { PolicyOutdated } from '../../src/recovery/ports/store.ts'
import { openStore } from '../../src/store/open.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { ada, grace, mary, policyWith, RaceWorld, type Replica, type Round } from './race-world.ts'

let folder: string
let world: RaceWorld
let round: Round
const seen = {
  at: new Date(0),
  members: new Map([
    ['S0SUPPORT', [ada]],
    ['S0LEADS', [grace, mary]],
  ]),
}

let old: Replica
let newer: Replica

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-policies-'))
  world = new RaceWorld([
    await openStore(`sqlite:${join(folder, 'rekey.db')}`, { sealer: rowSealer }),
  ])
  round = world.round()
  old = round.calm
  newer = world.replica(1, round, (port) => port, policyWith('requestExpiresAfter: 20m'))
  await old.journal.begin('a key', seen)
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

it('CO-05: from the moment a newer policy is in force, the older Rekey decides nothing', async () => {
  const id = await round.open()
  await newer.journal.begin('a key', seen)
  const wish = (by: PersonId) => ({
    request: id,
    by,
    seenVersion: 1,
    idempotencyKey: round.idempotencyKey(),
  })
  await expect(old.decisions.approve(wish(grace))).rejects.toThrow(PolicyOutdated)
  const denial = { ...wish(mary), comment: 'No' }
  await expect(old.decisions.deny(denial)).rejects.toThrow(PolicyOutdated)
  await expect(old.decisions.withdraw(wish(ada))).rejects.toThrow(PolicyOutdated)
  expect((await round.request(id)).version).toBe(1)
  expect(await newer.decisions.approve(wish(grace))).toMatchObject({ kind: 'moved' })
  expect(await world.faults()).toEqual([])
})

it('CO-05: nor does it carry anything out, and the newer one does', async () => {
  const id = await round.openAndApprove()
  await newer.journal.begin('a key', seen)
  await expect(old.executor.execute(id)).rejects.toThrow(PolicyOutdated)
  expect(round.done).toEqual([])
  await newer.executor.execute(id)
  expect(round.done).toHaveLength(1)
  expect((await round.request(id)).state).toBe('executed')
  expect(await world.faults()).toEqual([])
})

it('CO-05: what Cognito answers the older Rekey meanwhile is kept', async () => {
  const id = await round.openAndApprove()
  round.meanwhile = () => newer.journal.begin('a key', seen)
  await old.executor.execute(id)
  expect(round.done).toHaveLength(1)
  expect(await round.request(id)).toMatchObject({ state: 'executed', confirmedBy: 'answer' })
  expect(await world.faults()).toEqual([])
})
