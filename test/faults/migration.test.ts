/** Killed while the schema is being made: the next start makes it whole. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { beginStage } from './stage.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.stop())

describe.each(['SQLite', 'PostgreSQL'])('a migration on %s', (engine) => {
  it.each([
    ['before its first table', ['create table requests']],
    ['in the middle', ['create trigger']],
    // The end of the statement, where its parameter follows.
    ['when all that is left is to say so', ['update rekey_schema', 'where id = 1\n']],
  ])('CR-20: killed %s is made anew', { timeout: 60_000 }, async (_, writing) => {
    const databaseUrl = engine === 'SQLite' ? undefined : await postgres.freshUrl()
    const stage = await beginStage({ databaseUrl, first: { writing, when: 'in' } })
    try {
      expect(stage.hasStruck()).toBe(true)
      const opened = await openStore(stage.database, { readOnly: true })
      await opened.close()
      expect((await stage.ledger()).map(({ entry }) => entry.type)).toEqual(['rekey.started'])
    } finally {
      await stage.end()
    }
  })
})
