import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { migrate } from '../../../../src/store/migrate.ts'
import { type Migration, migrations } from '../../../../src/store/migrations/all.ts'
import { openStore } from '../../../../src/store/open.ts'
import { noon } from '../../../support/examples.ts'
import { rowSealer } from '../../../support/row-sealer.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { entryAbout, moved, somePending } from '../../../support/store/things.ts'

/** Opening, opening again, and opening what should not be opened. */
export function openingSuite(bench: Bench): void {
  describe('opening', () => {
    it('finds what an earlier process has stored', async () => {
      const url = await bench.freshUrl()
      const request = somePending()
      const before = await openStore(url, { sealer: rowSealer })
      await before.store.record(moved(request), noon, 'form')
      await before.close()

      const after = await openStore(url, { sealer: rowSealer })
      expect(await after.store.find(request.id)).toStrictEqual(request)
      expect(await after.store.record(moved(somePending()), noon, 'form')).toBe('repeated')
      await after.ready()
      await after.close()
    })

    it('refuses a database that a newer Rekey has used', async () => {
      const url = await bench.freshUrl()
      await (await openStore(url, { sealer: rowSealer })).close()
      await bench.query(url, 'update rekey_schema set version = 99')
      await expect(openStore(url, { sealer: rowSealer })).rejects.toThrow(
        /schema 99 .* used by a newer Rekey/,
      )
      await expect(openStore(url, { readOnly: true })).rejects.toThrow(/schema 99/)
    })

    it('applies what is missing, once, also when processes start together', async () => {
      const url = await bench.freshUrl()
      for (const replica of await bench.replicas(url)) await replica.close()
      const engine = await bench.engine(url)
      const noted: Migration = async (db) => {
        await sql.raw('create table notes (id integer primary key)').execute(db)
      }
      await Promise.all([1, 2, 3].map(() => migrate(engine, [...migrations, noted])))
      expect(await bench.query(url, 'select version from rekey_schema')).toMatchObject([
        { version: migrations.length + 1 },
      ])
      await engine.close()
    })

    it('leaves a schema as it was when a migration fails half way', async () => {
      const url = await bench.freshUrl()
      await (await openStore(url, { sealer: rowSealer })).close()
      const engine = await bench.engine(url)
      const broken: Migration = async (db) => {
        await sql.raw('create table notes (id integer primary key)').execute(db)
        throw new Error('half way')
      }
      await expect(migrate(engine, [...migrations, broken])).rejects.toThrow('half way')
      await expect(bench.query(url, 'select * from notes')).rejects.toThrow(/notes/)
      await engine.close()
      await (await openStore(url, { sealer: rowSealer })).close()
    })

    it('to read only shows the ledger beside the process that writes it', async () => {
      const url = await bench.freshUrl()
      const writer = await openStore(url, { sealer: rowSealer })
      const reader = await openStore(url, { readOnly: true })
      await writer.store.write(entryAbout(null), noon)
      expect(await Array.fromAsync(reader.ledger.entries())).toHaveLength(1)
      await reader.close()
      await writer.close()
    })

    it('to read only makes nothing that is not there', async () => {
      const url = await bench.freshUrl()
      await expect(openStore(url, { readOnly: true })).rejects.toThrow(/database/)
    })

    it('leaves a store that no longer answers once it is closed', async () => {
      const opened = await openStore(await bench.freshUrl(), { sealer: rowSealer })
      await opened.close()
      await expect(opened.ready()).rejects.toThrow()
    })
  })
}
