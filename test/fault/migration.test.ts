/** Killed while the schema is being made: the next start makes it whole. Outgrown by a newer one: it ends. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld } from '../../sandbox/world/world.ts'
import { openStore } from '../../src/store/open.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { beginStage } from '../support/stage.ts'
import { postgresBench, sqliteBench } from '../support/store/bench.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

describe.each(['SQLite', 'PostgreSQL'])('a migration on %s', (engine) => {
  it.each([
    ['before its first table', ['create table requests']],
    ['in the middle', ['create trigger']],
    // The end of the statement, where its parameter follows.
    ['when all that is left is to say so', ['update rekey_schema', 'where id = 1\n']],
  ])('CR-20: killed %s is made anew', async (_, writing) => {
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

it.each([
  ['SQLite', sqliteBench()],
  ['PostgreSQL', postgresBench()],
])(
  'CR-20: a Rekey under which a newer one has changed the schema on %s ends, with 1, and says why',
  async (_, bench) => {
    await bench.start()
    const databaseUrl = await bench.freshUrl()
    const folder = mkdtempSync(join(tmpdir(), 'rekey-outgrown-'))
    const world = await startWorld()
    const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
    const older = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...world.environment(databaseUrl) },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      let said = ''
      older.stdout.on('data', (line) => {
        said += String(line)
      })
      await expect.poll(() => said).toContain('Rekey is running')
      await bench.query(databaseUrl, 'update rekey_schema set version = version + 1')
      const [status] = await once(older, 'exit', { signal: AbortSignal.timeout(20_000) })
      expect(status).toBe(1)
      expect(said).toContain('a newer Rekey has changed the database')
    } finally {
      older.kill('SIGKILL')
      await world.close()
      await bench.stop()
      rmSync(folder, { recursive: true })
    }
  },
)
