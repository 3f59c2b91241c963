/** A second Rekey on the same SQLite file. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { startWorld } from '../../sandbox/world/world.ts'
import { openStore } from '../../src/store/open.ts'
import { rowSealer } from '../support/row-sealer.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

it('DB-09: ends at once, says why and what to do, and leaves the first alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-second-'))
  const world = await startWorld()
  const database = `sqlite:${join(folder, 'rekey.db')}`
  const first = await openStore(database, { sealer: rowSealer })
  const second = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...world.environment(database) },
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [status]] = await Promise.all([text(second.stderr), once(second, 'exit')])
  expect(status).toBe(1)
  expect(said).toContain('Rekey could not start: another Rekey is using')
  expect(said).toContain('Stop the other one, or set DATABASE_URL to a PostgreSQL database')
  await first.ready()
  await first.close()
  await world.close()
  rmSync(folder, { recursive: true })
})
