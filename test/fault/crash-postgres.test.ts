import { afterAll, beforeAll } from 'vitest'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { crashMatrix } from './crash-matrix.ts'
import { randomKill } from './random-kill.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

crashMatrix('PostgreSQL', 1, () => postgres.freshUrl())
randomKill('PostgreSQL', () => postgres.freshUrl())
