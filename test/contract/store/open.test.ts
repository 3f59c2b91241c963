import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CannotOpen } from '../../../src/store/engine.ts'
import { type OpenOptions, openStore } from '../../../src/store/open.ts'
import { sqliteFault } from '../../../src/store/sqlite-fault.ts'
import { type Postgres, startPostgres } from '../../support/postgres.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import { startProxy } from '../../support/tcp-proxy.ts'

const localhost = join(import.meta.dirname, '..', '..', 'fixtures', 'localhost')

/** Why it does not open, in words that give no password away. */
async function whyNot(url: string, options: OpenOptions = { sealer: rowSealer }): Promise<string> {
  const fault = await openStore(url, options).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(fault).toBeInstanceOf(CannotOpen)
  const told = JSON.stringify(fault, Object.getOwnPropertyNames(fault))
  expect(told).not.toMatch(/hunter2|the-password-of/)
  return String(fault)
}

describe('a PostgreSQL that cannot be used', () => {
  let postgres: Postgres
  let url: string
  beforeAll(async () => {
    postgres = await startPostgres()
    url = await postgres.freshUrl()
    await query("create role poor login password 'hunter2'")
    await query("create role shut nologin password 'hunter2'")
    await query('create database empty')
    await query('alter database empty connection limit 0')
  })
  afterAll(() => postgres.stop())

  const changed = (change: (url: URL) => void) => {
    const other = new URL(url)
    change(other)
    return other.href
  }
  const as = (user: string) =>
    changed((other) => {
      other.username = user
      other.password = 'hunter2'
    })

  async function query(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(text)
    await client.end()
  }

  it('does not listen', async () => {
    expect(await whyNot('postgres://rekey:hunter2@127.0.0.1:1/rekey')).toBe(
      'CannotOpen: DATABASE_URL: nothing listens at 127.0.0.1:1 (ECONNREFUSED). Start PostgreSQL there, or write its host and port',
    )
    const read: OpenOptions = { readOnly: true, source: '--database' }
    expect(await whyNot('postgres://rekey:hunter2@127.0.0.1:1/rekey', read)).toContain(
      'CannotOpen: --database: nothing listens at 127.0.0.1:1',
    )
  })

  it.each<[what: string, urlOf: () => string, sentence: string]>([
    [
      'a host that nobody knows',
      () => 'postgres://rekey:hunter2@nowhere.invalid/rekey',
      'the host nowhere.invalid is not known',
    ],
    [
      'a wrong password',
      () => changed((other) => Object.assign(other, { password: 'hunter2' })),
      'the server does not take this user and password (postgres, 28P01)',
    ],
    [
      'no password',
      () => changed((other) => Object.assign(other, { password: '' })),
      'the server asks for the password of postgres, and there is none',
    ],
    [
      'a role that may not log in',
      () => as('shut'),
      'the server has no role shut that may log in. Write another, or run: create role shut login',
    ],
    [
      'a database that is not there',
      () => changed((other) => Object.assign(other, { pathname: '/nowhere' })),
      'the server has no database nowhere (3D000). Run: create database nowhere, or write',
    ],
    ['a role without rights', () => as('poor'), 'poor may not make or use the tables (42501)'],
    [
      'too many connections',
      () => as('poor').replace(/\/[^/]*$/, '/empty'),
      'the server takes no more connections (53300)',
    ],
    [
      'TLS that the server does not have',
      () => `${url}?sslmode=verify-full`,
      'the server has no TLS, and sslmode=verify-full asks for it',
    ],
    [
      'a file of certificates that is not there',
      () => `${url}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`,
      'sslrootcert is /nowhere/ca.pem, which cannot be read (ENOENT)',
    ],
    [
      'a socket that is not there',
      () => 'postgres://rekey:hunter2@localhost/rekey?host=/nowhere',
      'there is no PostgreSQL socket at /nowhere/.s.PGSQL.5432',
    ],
  ])('says so: %s', async (_, urlOf, sentence) => {
    expect(await whyNot(urlOf())).toContain(`CannotOpen: DATABASE_URL: ${sentence}`)
  })

  it('F9 goes nowhere that only the environment names', async () => {
    const { PGHOST: before } = process.env
    process.env['PGHOST'] = 'nowhere.invalid'
    try {
      const { username: user, password, port, pathname } = new URL(url)
      const login = new URLSearchParams({ user, password, port })
      await (await openStore(`postgres://${pathname}?${login}`, { sealer: rowSealer })).close()
    } finally {
      if (before === undefined) delete process.env['PGHOST']
      else process.env['PGHOST'] = before
    }
  })

  it('says so: rights to read that are missing are no old schema', async () => {
    await (await openStore(url, { sealer: rowSealer })).close()
    expect(await whyNot(as('poor'), { readOnly: true })).toContain(
      'poor may not make or use the tables (42501)',
    )
  })

  it('F9 says so: a certificate that nobody vouches for, or of another name, and takes it where somebody does', async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query('show data_directory')
    const data: string = rows[0].data_directory
    const { uid, gid } = statSync(data)
    for (const name of ['key.pem', 'certificate.pem']) {
      copyFileSync(join(localhost, name), join(data, name))
      chmodSync(join(data, name), 0o600)
      chownSync(join(data, name), uid, gid)
    }
    await client.query("alter system set ssl_key_file = 'key.pem'")
    await client.query("alter system set ssl_cert_file = 'certificate.pem'")
    await client.query('alter system set ssl = on')
    appendFileSync(join(data, 'new_hba.conf'), 'hostssl all postgres all password\n')
    chownSync(join(data, 'new_hba.conf'), uid, gid)
    await client.end()
    await postgres.shutDown('fast')
    await postgres.resume()
    const secure = `${url}?sslmode=verify-full`
    expect(await whyNot(secure)).toContain(
      'certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Add sslrootcert=PATH',
    )
    const trusted = `${secure}&sslrootcert=${join(localhost, 'certificate.pem')}`
    await (await openStore(trusted, { sealer: rowSealer })).close()
    expect(await whyNot(trusted.replace('127.0.0.1', '127.1'))).toContain(
      'the server’s certificate is for another name than 127.1',
    )
    expect(await whyNot(`${secure}&sslrootcert=${join(localhost, 'nowhere.pem')}`)).toContain(
      'nowhere.pem, which cannot be read (ENOENT)',
    )
    copyFileSync(join(data, 'new_hba.conf'), join(data, 'pg_hba.conf'))
    await postgres.shutDown('fast')
    await postgres.resume()
    expect(await whyNot(url)).toContain('from this machine without TLS (28000). Add ?sslmode=ver')
    expect(await whyNot(trusted.replace('postgres:the', 'poor:the'))).toContain(
      'does not let poor into test_1 from this machine (28000). Add a line to its pg_hba.conf',
    )
  })

  it('says so: a server that says nothing', async () => {
    const proxy = await startProxy(postgres.port)
    proxy.become('black-hole')
    expect(await whyNot(proxy.urlOf(url))).toMatch(/127\.0\.0\.1:\d+ does not answer \(timeout\)/)
    proxy.become('cut')
    expect(await whyNot(proxy.urlOf(url))).toMatch(/127\.0\.0\.1:\d+ closes the connection/)
    await proxy.close()
  })
})

describe('an SQLite file that cannot be used', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-open-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'notes.txt')
  writeFileSync(file, 'Notes, and no database. '.repeat(100))
  mkdirSync(join(folder, 'folder'))

  it.each([
    ['a folder', 'folder', 'folder is a folder. Write the path of a file in it'],
    ['a file that is no database', 'notes.txt', 'notes.txt is there and is no SQLite database'],
    ['a file on the way', 'notes.txt/rekey.db', 'is a file where a folder has to be'],
    ['a file further up', 'notes.txt/data/rekey.db', 'is a file where a folder has to be'],
  ])('says so: %s', async (_, path, sentence) => {
    const why = await whyNot(`sqlite:${join(folder, path)}`)
    expect(why).toContain(`CannotOpen: DATABASE_URL: `)
    expect(why).toContain(sentence)
  })

  // Places where nobody can make anything, root included.
  it.runIf(process.platform === 'linux').each([
    ['a folder that cannot be written to', '/sys/rekey.db', 'the folder /sys cannot be written'],
    [
      'a folder that cannot be made',
      '/sys/a/rekey.db',
      'the folder /sys/a is not there and cannot',
    ],
  ])('says so: %s', async (_, path, sentence) => {
    expect(await whyNot(`sqlite:${path}`)).toContain(`CannotOpen: DATABASE_URL: ${sentence}`)
  })

  it.each([
    [{ errcode: 13 }, 'the disk of notes.txt is full (SQLITE_FULL). Make room there'],
    [{ code: 'ENOSPC' }, 'the disk of notes.txt is full (ENOSPC)'],
    [{ code: 'EROFS' }, 'notes.txt cannot be written to (EROFS)'],
    [{ errcode: 8 | (1 << 8) }, 'notes.txt cannot be written to (SQLITE_READONLY)'],
    [{ errcode: 11 }, 'notes.txt is damaged. Restore a backup there'],
    [{ errcode: 10 }, 'notes.txt cannot be opened (SQLITE_IOERR)'],
  ])('says what %j means', (code, sentence) => {
    const why = sqliteFault(Object.assign(new Error('no'), code), file)
    expect(why.replaceAll(file, 'notes.txt')).toContain(sentence)
  })

  it('says so to whoever only reads', async () => {
    const read: OpenOptions = { readOnly: true }
    expect(await whyNot(`sqlite:${join(folder, 'none.db')}`, read)).toContain(
      'there is no database to read at ',
    )
    expect(await whyNot(`sqlite:${file}`, read)).toContain('is no SQLite database')
    expect(await whyNot(`sqlite:${join(folder, 'folder')}`, read)).toContain('is a folder')
  })

  it('is made, with the folder that is missing', async () => {
    await (
      await openStore(`sqlite:${join(folder, 'new', 'deeper', 'rekey.db')}`, { sealer: rowSealer })
    ).close()
  })
})
