/**
 * Whoever holds the database makes one change of what happened, and the hashes and the head fit: `verify`
 * finds what does not follow, with no witness asked. And every column that the ledger speaks of.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChainedEntry, Entry } from '../../src/audit/entry.ts'
import type { EntryType } from '../../src/audit/entry-data.ts'
import { isMove as movesRequest } from '../../src/audit/replay/follow.ts'
import { verifyLedger } from '../../src/cli/verify.ts'
import { type PersonId, personId } from '../../src/ids.ts'
import { ledgerRow } from '../../src/store/ledger-row.ts'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import { load, readKept } from '../support/kept-database.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { soak } from '../support/soak.ts'
import { rechained } from '../support/told.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-forged-'))
const url = `sqlite:${join(folder, 'rekey.db')}`
let database: DatabaseSync
let opened: OpenStore
let honest: readonly Entry[]
beforeAll(async () => {
  // Requests in every state, and every type of entry.
  await load('0.1', url)
  const { ledgerEnd: endsWith } = readKept('0.1')
  await openStore(url, { sealer: rowSealer, endsWith }).then((each) => each.close())
  opened = await openStore(url, { readOnly: true })
  honest = (await Array.fromAsync(opened.ledger.entries())).map(({ entry }) => entry)
  database = new DatabaseSync(join(folder, 'rekey.db'))
  const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all()
  for (const { name } of triggers) database.exec(`drop trigger ${String(name)}`)
  // They were signed: without a key nobody can make them fit, and here nothing else is to tell.
  database.exec('delete from checkpoints')
})
afterAll(async () => {
  await opened.close()
  database.close()
  rmSync(folder, { recursive: true })
})

async function verified(): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = []
  const evidence = {
    ...{ readings: [], posted: [], verifiers: [], testimonies: [], witnessKeys: [] },
    ...{ isKeyGiven: false, at: new Date() },
  }
  const status = await verifyLedger(opened, evidence, (line) => said.push(line))
  return { status, said: said.join('\n') }
}

type Forged = readonly Entry[] | undefined

/** Each changes one entry, and says nothing where there is nothing of its kind to be changed. */
const forgeries: Readonly<Record<string, (entry: Entry) => Forged>> = {
  'an approval taken out': (entry) =>
    entry.type === 'request.approved' ? without(entry) : undefined,
  'an approval taken out, and every version counted anew': (entry) =>
    entry.type === 'request.approved' ? renumbered(without(entry), entry) : undefined,
  'an approval by whoever asked': (entry) =>
    entry.type === 'request.approved' ? by(entry, openerOf(entry)) : undefined,
  'an approval by somebody else': (entry) =>
    entry.type === 'request.approved' ? by(entry, personId('U0EVE')) : undefined,
  'carried out without any approval': (entry) =>
    entry.type === 'effect.intended' && 'fence' in entry.data
      ? renumbered(
          honest.filter(
            ({ type, request }) => request !== entry.request || type !== 'request.approved',
          ),
          entry,
        )
      : undefined,
  'an intent taken out': (entry) =>
    entry.type === 'effect.intended' ? renumbered(without(entry), entry) : undefined,
  'a password shown to somebody else': (entry) =>
    entry.type.startsWith('secret.reveal') ? by(entry, personId('U0EVE')) : undefined,
  'opened by somebody else': (entry) =>
    entry.type === 'request.opened' ? by(entry, personId('U0EVE')) : undefined,
  'a version skipped': (entry) =>
    isMove(entry) ? changed(entry, { version: (entry.version ?? 0) + 1 }) : undefined,
  'a version twice': (entry) =>
    isMove(entry) && (entry.version ?? 0) > 1
      ? changed(entry, { version: (entry.version ?? 0) - 1 })
      : undefined,
  'a step taken out, and every version counted anew': (entry) =>
    isMove(entry) ? renumbered(without(entry), entry) : undefined,
  'another account': (entry) =>
    entry.request !== null && entry.target !== null
      ? changed(entry, { target: { ...entry.target, userPoolId: 'us-west-2_other' } })
      : undefined,
  'another method': (entry) =>
    typeof entry.data['method'] === 'string' && entry.request !== null
      ? said(entry, { method: entry.data['method'] === 'reset' ? 'recovery-code' : 'reset' })
      : undefined,
  'another call': (entry) =>
    typeof entry.data['effect'] === 'string' ? said(entry, { effect: 'EFF-OTHER' }) : undefined,
  'fewer approvals needed': (entry) =>
    typeof entry.data['approvalsNeeded'] === 'number' && isCounted(entry.type)
      ? said(entry, { approvalsNeeded: 0 })
      : undefined,
  'a pause that never was': (entry) =>
    entry.type === 'effect.intended' && 'fence' in entry.data ? pausedBefore(entry) : undefined,
}

describe('F2 a ledger that somebody else has told', () => {
  it('F2 is intact as Rekey has told it', async () => {
    await put(rechained(honest))
    expect(await verified()).toMatchObject({ status: 0 })
  })

  it(`P8 F2 is found out, ${soak.forgeries} times, and the request is named`, async () => {
    for (const [kind, name, entry, forged] of drawn()) {
      await put(rechained(forged))
      const { status, said: words } = await verified()
      const what = `${kind}: entry ${entry.seq}, ${entry.type}: ${words}`
      expect(status, what).toBe(1)
      expect(words, what).toMatch(/^BROKEN/)
      expect(words, what).toContain(name)
    }
    await put(rechained(honest))
  })
})

describe('F2 tables that somebody else has written', () => {
  it.each([
    "requests set state = 'approved' where state = 'pending'",
    "requests set state = 'pending' where state = 'approved'",
    "requests set state = 'denied' where state = 'withdrawn'",
    'requests set version = version + 1',
    "requests set user_pool_id = 'us-west-2_other'",
    "requests set sub = 'other' || rowid",
    "requests set requested_by = 'U0EVE'",
    'requests set opened_at = opened_at + 1',
    'requests set expires_at = expires_at + 1',
    ...bodyKeys().map(([key, value]) => bodyWith(key, value)),
    "approvals set approver = 'U0EVE' || rowid",
    'approvals set at = at + 1',
    "approvals set request_id = 'REQ-0000000000' where rowid = 1",
    "effects set id = id || '0'",
    "effects set request_id = 'REQ-0000000000' where rowid = 1",
    "effects set kind = 'recovery-code' where kind = 'reset'",
    'effects set number = 3 where number = 1',
    "effects set state = 'not-applied' where state = 'confirmed'",
    "effects set state = 'confirmed' where state = 'intended'",
    'effects set fence = fence + 1',
    'effects set attempts = attempts + 1',
    'pause set since = since + 1',
    "pause set by_person = 'U0EVE'",
    "pause set reason = 'Nothing'",
    "freezes set user_pool_id = 'us-west-2_other'",
    "freezes set sub = sub || '0'",
    'freezes set until = until - 1',
    "freezes set request_id = 'REQ-0000000000'",
    'policies set meaning_json = \'{"tiers":[]}\'',
  ])('F2 are found out: update %s', async (change) => {
    await unlike(`update ${change}`)
  })

  it.each([
    'delete from requests where rowid = (select min(rowid) from requests)',
    'delete from approvals where rowid = (select min(rowid) from approvals)',
    'delete from effects where rowid = (select min(rowid) from effects)',
    'delete from pause',
    'delete from freezes',
    "insert into approvals select id, 'U0EVE', opened_at from requests limit 1",
    "insert into freezes values ('us-west-2_aaaaaaaaa', 'other', 1, 'REQ-0000000000')",
  ])('F2 are found out: %s', async (change) => {
    await unlike(change)
  })
})

/** The keys of a request's JSON that its entries speak of, each with another value. */
function bodyKeys(): readonly (readonly [string, string])[] {
  return [
    ['method', "'recovery-code'"],
    ['tier', "'other'"],
    ['approvalsNeeded', '0'],
    ['pendingSince', '9'],
    ['policy', "'other'"],
    ['effect', "'EFF-OTHER'"],
    ['password', "'sealed'"],
    ['reported.by', "'U0EVE'"],
  ]
}

function bodyWith(key: string, value: string): string {
  const path = `'$.${key}'`
  const there = `json_extract(body_json, ${path})`
  return `requests set body_json = json_replace(body_json, ${path}, ${value}) where ${there} is not null and ${there} <> ${value}`
}

async function unlike(sql: string): Promise<void> {
  const tables = ['requests', 'approvals', 'effects', 'pause', 'freezes', 'policies']
  const before = tables.map(
    (name) => [name, database.prepare(`select * from ${name}`).all()] as const,
  )
  const { changes } = database.prepare(sql).run()
  expect(changes).toBeGreaterThan(0)
  try {
    expect(await verified()).toMatchObject({
      status: 1,
      said: expect.stringMatching(/^BROKEN in the tables: /),
    })
  } finally {
    for (const [name, rows] of before) {
      database.exec(`delete from ${name}`)
      for (const row of rows) {
        const places = Object.keys(row).map(() => '?')
        const insert = `insert into ${name} (${Object.keys(row).join()}) values (${places.join()})`
        database.prepare(insert).run(...Object.values(row))
      }
    }
  }
}

/** As many as are asked for, each kind in turn, each about an entry drawn at random. */
function* drawn() {
  const ofKind = Object.entries(forgeries).map(
    ([kind, forge]) =>
      [
        kind,
        honest.flatMap((entry) => {
          const forged = forge(entry)
          return forged === undefined ? [] : [[entry, forged] as const]
        }),
      ] as const,
  )
  for (let round = 0; round < soak.forgeries; round++) {
    const [kind, made] = ofKind[round % ofKind.length] as (typeof ofKind)[number]
    const [entry, forged] = made[Math.floor(Math.random() * made.length)] ?? []
    if (entry === undefined || forged === undefined) throw new Error(`nothing to forge: ${kind}`)
    yield [kind, entry.request ?? '', entry, forged] as const
  }
}

async function put(chained: readonly ChainedEntry[]): Promise<void> {
  const last = chained.at(-1)
  if (last === undefined) throw new Error('nothing is left')
  database.exec('begin; delete from ledger')
  const insert = database.prepare('insert into ledger (seq, hash, entry_json) values (?, ?, ?)')
  for (const each of chained) {
    const { seq, hash, entry_json } = ledgerRow(each)
    insert.run(seq, hash, entry_json)
  }
  database.prepare('update head set seq = ?, hash = ?').run(last.entry.seq, last.hash)
  database.exec('commit')
}

function isMove({ type, request }: Entry): boolean {
  return request !== null && movesRequest(type)
}

function isCounted(type: EntryType): boolean {
  return ['request.opened', 'request.approved', 'approvals.voided'].includes(type)
}

function openerOf({ request }: Entry): PersonId {
  const opening = honest.find((each) => each.request === request && each.type === 'request.opened')
  if (opening?.actor.kind !== 'person') throw new Error(`nobody opened ${request}`)
  return opening.actor.id
}

function without(entry: Entry): readonly Entry[] {
  return honest.filter((each) => each !== entry)
}

function changed(entry: Entry, differs: Partial<Entry>): readonly Entry[] {
  return honest.map((each) => (each === entry ? { ...each, ...differs } : each))
}

function by(entry: Entry, id: PersonId): readonly Entry[] {
  return changed(entry, { actor: { kind: 'person', id } })
}

function said(entry: Entry, data: Entry['data']): readonly Entry[] {
  return changed(entry, { data: { ...entry.data, ...data } })
}

/** Every version of its request without a gap, as if what was taken out had never been. */
function renumbered(entries: readonly Entry[], { request }: Entry): readonly Entry[] {
  let version = 0
  return entries.map((each) => {
    if (each.request !== request) return each
    if (isMove(each)) version += 1
    return { ...each, version }
  })
}

function pausedBefore(entry: Entry): readonly Entry[] {
  const data = { reason: 'Look', since: entry.time }
  const pause = { ...entry, type: 'recovery.paused', request: null, version: null, data } as const
  const actor = { kind: 'person', id: personId('U0PRIYA') } as const
  return honest.flatMap((each) =>
    each === entry ? [{ ...pause, target: null, actor }, each] : [each],
  )
}
