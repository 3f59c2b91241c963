/** Where the driver really connects to with what Rekey takes for a database's URL, whatever the environment says. */

import pg from 'pg'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { databaseFaults, databaseProblem } from '../../src/config-forms.ts'
import { withHost } from '../../src/database-url.ts'

beforeEach(() => {
  vi.stubEnv('PGHOST', 'evil.example')
  vi.stubEnv('PGSSLMODE', 'disable')
})
afterEach(() => vi.unstubAllEnvs())

const hosts = [
  '',
  'localhost',
  'LOCALHOST',
  '%6Cocalhost',
  '127.0.0.1',
  '127.1.2.3',
  '127.0.0.1.example.com',
  'localhost.',
  '%2Frun%2Fpg',
  '%2F%2Fevil.example',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:10.0.0.7]',
  '0.0.0.0',
  'db',
  'localhost%00db',
  'localhost%2Cdb',
  'user:hunter2@db:5433',
]
const given = [
  '',
  'localhost',
  '/tmp',
  '::1',
  '[::1]',
  'db',
  '10.0.0.7',
  'localhost,db',
  '%2Ftmp',
  'db%0A',
]
const hostParameters = [
  '',
  ...given.map((host) => `host=${host}`),
  ...given.map((host) => `host=/tmp&host=${host}`),
  ...given.map((host) => `host=${host}&host=/tmp`),
  'h%6Fst=db',
  'hostaddr=10.0.0.7',
  'host=localhost&hostaddr=10.0.0.7',
  'host=/tmp&HOST=db',
  'connectionString=postgres://db/x',
]
const secure = [
  '',
  'sslmode=verify-full',
  'sslmode=disable',
  'sslmode=no-verify',
  'sslmode=verify-full&sslmode=disable',
  'sslmode=disable&sslmode=verify-full',
  'sslmode=verify-full&sslmode=',
  'sslmode=VERIFY-FULL',
  'sslmode=verify-full%20',
  'sslmode=verify-full&ssl=0',
  'ssl=0&sslmode=verify-full',
  'sslmode=verify-full&ssl=no-verify',
  'sslmode=verify-full&rejectUnauthorized=false',
  'sslmode=verify-full&uselibpqcompat=true',
  'uselibpqcompat=true&sslmode=require',
  'ssl=true',
  'ssl=1',
  'ssl=no-verify',
  'sslnegotiation=direct',
  'sslmode=verify-full&sslnegotiation=direct',
]

it('F9 goes to this machine, or by TLS that checks the certificate, and is refused otherwise', () => {
  const seen = { here: 0, byTls: 0, refused: 0 }
  for (const host of hosts)
    for (const parameter of hostParameters)
      for (const mode of secure) {
        const query = [parameter, mode].filter(Boolean).join('&')
        const url = `postgres://${host}/rekey${query && `?${query}`}`
        if (isRefused(url)) {
          seen.refused += 1
          continue
        }
        const client = new pg.Client({ connectionString: withHost(url) })
        const isHere = /^(\/|localhost$|127(\.\d+){3}$|::1$|::ffff:7f00:1$)/i.test(client.host)
        expect(isHere || checksCertificate(client), url).toBe(true)
        seen[isHere ? 'here' : 'byTls'] += 1
      }
  expect(seen.here).toBeGreaterThan(1_000)
  expect(seen.byTls).toBeGreaterThan(100)
  expect(seen.refused).toBeGreaterThan(1_000)
})

function isRefused(url: string): boolean {
  if (databaseProblem(url) !== undefined) return true
  return databaseFaults((name) => (name === 'DATABASE_URL' ? url : undefined)).length > 0
}

function checksCertificate({ ssl }: pg.Client): boolean {
  if (typeof ssl === 'boolean') return ssl
  const { rejectUnauthorized, checkServerIdentity } = ssl as pg.ConnectionConfig['ssl'] & object
  return rejectUnauthorized !== false && checkServerIdentity === undefined
}
