/** The clock is stepped between the intent of a call and its settling. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../../src/audit/verify.ts'
import type { RequestId } from '../../src/ids.ts'
import type { Accounts } from '../../src/recovery/ports/accounts.ts'
import {
  createServices,
  type Services,
  type Workers,
} from '../../src/recovery/services/services.ts'
import { PasswordSealer } from '../../src/sealing/password-sealer.ts'
import { Secret } from '../../src/secret.ts'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import { minute, noon } from '../support/examples.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { idOf, People, policy } from '../support/small-world/people.ts'
import { SmallCognito } from '../support/small-world/small-cognito.ts'

const hour = 60 * minute

let folder: string
let opened: OpenStore
let time: number
let cognito: SmallCognito
/** What happens while a call is under way. */
let meanwhile: () => Promise<void>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-step-'))
  opened = await openStore(`sqlite:${join(folder, 'rekey.db')}`, { sealer: rowSealer })
  time = noon.getTime()
  cognito = new SmallCognito()
  meanwhile = async () => {}
})
afterEach(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

const now = () => new Date(time)

/** One of two processes on the same database. Each has the clock that everybody has. */
function rekey(): Services & Workers {
  const seen = cognito.accountsFor(opened.store, now)
  const accounts: Accounts = {
    search: (query) => seen.search(query),
    inspect: (pool, sub) => seen.inspect(pool, sub),
    newPassword: (pool) => seen.newPassword(pool),
    perform: async (...call) => {
      const answer = await seen.perform(...call)
      await meanwhile()
      return answer
    },
  }
  return createServices({
    store: opened.store,
    ledger: opened.ledger,
    rateLimiter: opened.rateLimiter,
    accounts,
    directory: new People(),
    sealer: new PasswordSealer(new Secret(Buffer.alloc(32, 7).toString('base64'))),
    policy: () => policy,
    now,
    auditBacklog: async () => ({ waiting: 0 }),
    // The gate asks a clock that is not set.
    monotonicMs: () => 0,
  })
}

async function approved({ requests, decisions }: Services): Promise<RequestId> {
  const jane = cognito.accounts[1]
  if (jane === undefined) throw new Error('there is no Jane')
  const application = {
    pool: 'customers',
    sub: jane.sub,
    method: 'reset',
    reason: 'Lost her phone, can’t sign in',
    ticket: 'HELP-1234',
    identityCheck: 'callback',
    evidence: 'CALL-12',
  } as const
  const asked = await requests.open({ application, by: idOf('ada'), idempotencyKey: 'form' })
  if (asked.kind !== 'moved') throw new Error(`not opened: ${JSON.stringify(asked)}`)
  const { id } = asked.change.request
  const agreed = await decisions.approve({
    request: id,
    by: idOf('grace'),
    seenVersion: 1,
    idempotencyKey: 'click',
  })
  expect(agreed.kind).toBe('moved')
  return id
}

describe('TI-04: a step of the clock between a claim and its settling', () => {
  it.each([
    ['two hours ahead, so that the lease seems over', 2 * hour, 'effect.observed'],
    ['two hours back', -2 * hour, 'effect.confirmed'],
    ['to 1970', -noon.getTime(), 'effect.confirmed'],
  ])('%s: one process settles it, once, and no second call is made', async (_, byMs, settled) => {
    const one = rekey()
    const other = rekey()
    const id = await approved(one)
    meanwhile = async () => {
      time += byMs
      await other.executor.execute(id)
    }
    await one.executor.execute(id)

    expect((await opened.store.find(id))?.state).toBe('executed')
    expect(cognito.made.map(({ kind }) => kind)).toEqual(['reset'])
    expect(cognito.unannounced).toEqual([])
    const entries = await Array.fromAsync(opened.ledger.entries())
    expect(verify(entries).kind).toBe('intact')
    const steps = entries.map(({ entry }) => entry.type).filter((type) => type.startsWith('effect'))
    expect(steps).toEqual(['effect.intended', settled])
  })
})
