/**
 * F2: every column of every table, changed one at a time by somebody who can write to the database and has
 * no key. The list is the database's own: a column without a verdict fails.
 */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/store/open.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import { soak } from '../../support/soak.ts'
import { postgresBench } from '../../support/store/bench.ts'
import { type Column, columnsOf, evenly, type Mutation, mutationsOf } from './mutations.ts'
import { goOn, type Told, tell, Verifier } from './story.ts'
import { type Verdict, verdicts } from './verdicts.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-columns-'))
const running = join(folder, 'running.db')
const paused = join(folder, 'paused.db')
const changed = join(folder, 'changed.db')
let told: Told
let columns: readonly Column[]
let mutations: readonly (Mutation & { readonly file: string })[]

beforeAll(async () => {
  told = await tell(running, false)
  await tell(paused, true)
  const found = [running, paused].flatMap((file) => {
    const database = new DatabaseSync(file)
    unguard(database)
    columns = columnsOf(database)
    const all = mutationsOf(database, columns).map((each) => ({ ...each, file }))
    database.close()
    return all
  })
  // Where everything is paused, the pause is what matters.
  mutations = found.filter(({ file, table }) => (table === 'pause') === (file === paused))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Whoever owns the tables can drop these. */
function unguard(database: DatabaseSync): void {
  const guards = database
    .prepare(
      "select type, name from sqlite_master where type = 'trigger' or name = 'requests_one_open'",
    )
    .all()
  for (const { type, name } of guards) database.exec(`drop ${String(type)} ${String(name)}`)
}

function verdictOf({ table, column }: Mutation): Verdict | undefined {
  return verdicts[table]?.[column]
}

/** @returns whether the database has taken it: some are against what it holds by itself */
function change(mutation: Mutation & { readonly file: string }): boolean {
  copyFileSync(mutation.file, changed)
  const database = new DatabaseSync(changed)
  try {
    mutation.apply(database)
    return true
  } catch {
    return false
  } finally {
    database.close()
  }
}

describe('F2 T16 every column of every table', () => {
  const named = Object.entries(verdicts).flatMap(([table, own]) =>
    Object.keys(own).flatMap((column) => (column === '*' ? [] : `${table}.${column}`)),
  )

  it('F2 has a verdict, and a row in the story', () => {
    expect(columns.map(({ table, name }) => `${table}.${name}`).toSorted()).toEqual(
      named.toSorted(),
    )
    const tables = new Set(mutations.map(({ table }) => table))
    expect([...tables].toSorted()).toEqual(Object.keys(verdicts).toSorted())
  })

  it('F2 is the same on PostgreSQL', async () => {
    const bench = postgresBench()
    await bench.start()
    try {
      const url = await bench.freshUrl()
      await openStore(url, { sealer: rowSealer }).then((opened) => opened.close())
      const found = await bench.query(
        url,
        "select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'",
      )
      expect(found.map(({ name }) => String(name)).toSorted()).toEqual(named.toSorted())
    } finally {
      await bench.stop()
    }
  })

  it('F2 is as Rekey left it, and goes on', async () => {
    for (const file of [running, paused]) {
      const verifier = await Verifier.of(`sqlite:${file}`)
      expect(await verifier.finds()).toBe(false)
      expect(await verifier.findsWithoutKey()).toBe(false)
      await verifier.close()
      expect(await goOn(file, told)).toEqual({ isRefused: false, faults: [] })
    }
  })

  it('P8 F2 is found by verify wherever it is bound to the key, or the ledger speaks of it', async () => {
    const unfound: string[] = []
    for (const mutation of drawn(looksPerColumn)) {
      const verdict = verdictOf(mutation)
      if ((verdict !== 'sealed' && verdict !== 'told') || !change(mutation)) continue
      const verifier = await Verifier.of(`sqlite:${changed}`)
      if (!(await verifier.finds())) unfound.push(mutation.what)
      if (verdict === 'told' && !(await verifier.findsWithoutKey()))
        unfound.push(`${mutation.what}, without the key`)
      await verifier.close()
    }
    expect(unfound).toEqual([])
  })

  it(`F2 carries no right that nobody gave, ${soak.columnChanges} changes of each`, async () => {
    const faults: string[] = []
    for (const mutation of drawn(soak.columnChanges)) {
      if (!change(mutation)) continue
      const outcome = await goOn(changed, told)
      const { what } = mutation
      faults.push(...outcome.faults.map((fault) => `${what}: ${fault}`))
      const verdict = verdictOf(mutation)
      if (verdict === 'sealed' && isOfLive(mutation) && !outcome.isRefused)
        faults.push(`${what}: nobody has said so`)
    }
    expect(faults).toEqual([])
  })
})

/** What Rekey goes on with, it reads. */
function isOfLive({ row, table }: Mutation): boolean {
  const id = String(row['request_id'] ?? (table === 'requests' ? row['id'] : ''))
  return told.live.some((each) => each === id)
}

// A look costs a tenth of going on.
const looksPerColumn = 3 * soak.columnChanges

/** @param most so many of each column, evenly over what there is */
function drawn(most: number) {
  const byColumn = Map.groupBy(mutations, ({ table, column }) => `${table}.${column}`)
  return [...byColumn.values()].flatMap((all) => evenly(all, most))
}
