import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../../../src/audit/verify.ts'
import { openStore } from '../../../src/store/open.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { noon } from '../../support/examples.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import {
  executingOf,
  moved,
  someEffect,
  somePending,
  someSealed,
} from '../../support/store/things.ts'

describe('an SQLite file', () => {
  let folder: string
  let path: string
  let children: ChildProcess[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rekey-file-'))
    path = join(folder, 'data', 'rekey.db')
    children = []
  })
  afterEach(async () => {
    for (const child of children) await kill(child)
    rmSync(folder, { recursive: true })
  })

  it('is made in a folder of its own, for nobody else to read', async () => {
    const opened = await openStore(`sqlite:${path}`, { sealer: rowSealer })
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o077).toBe(0)
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0)
    await opened.close()
  })

  it('gives the jobs of a process that died to the next one at once', async () => {
    const first = await openStore(`sqlite:${path}`, { sealer: rowSealer })
    await first.store.record(moved(somePending()), noon)
    const held = await first.jobs.claim(noon, 60_000, 10)
    expect(held.length).toBeGreaterThan(0)
    await first.close()
    const second = await openStore(`sqlite:${path}`, { sealer: rowSealer })
    expect(await second.jobs.claim(noon, 60_000, 10)).toHaveLength(held.length)
    await second.close()
  })

  it('DB-09 serves one process: a second is told why it cannot have it', async () => {
    const first = await openStore(`sqlite:${path}`, { sealer: rowSealer })
    await expect(openStore(`sqlite:${path}`, { sealer: rowSealer })).rejects.toThrow(
      `another Rekey is using ${path}: an SQLite file serves one process.`,
    )
    await first.ready()
    await first.close()
    await (await openStore(`sqlite:${path}`, { sealer: rowSealer })).close()
  })

  it('DB-10 is free again, and has every recorded entry, after its process was killed', async () => {
    const child = writeForever()
    const told = await numbersUntil(child, 50)
    await expect(openStore(`sqlite:${path}`, { sealer: rowSealer })).rejects.toThrow(
      'another Rekey',
    )
    await kill(child)

    const { ledger, close } = await openStore(`sqlite:${path}`, { sealer: rowSealer })
    const entries = await Array.fromAsync(ledger.entries())
    expect(entries.length).toBeGreaterThanOrEqual(told)
    expect(verify(entries)).toStrictEqual({ kind: 'intact', head: await ledger.head() })
    await close()
  })

  it('DB-10 has every commit on the disk before it counts', async () => {
    const engine = await openSqlite(path)
    const pragma = async (name: string) =>
      (await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(engine.db)).rows[0]
    // 2 is FULL. Whether the disk keeps its word when the power fails, no test here can tell.
    expect(await pragma('synchronous')).toEqual({ synchronous: 2 })
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(await pragma('fullfsync')).toEqual({ fullfsync: 1 })
    await engine.close()
  })

  it('T15 holds nothing of a shredded password, in any of its parts', async () => {
    const { store, close } = await openStore(`sqlite:${path}`, { sealer: rowSealer })
    const request = somePending()
    const effect = someEffect(request.id)
    const sealed = someSealed(effect)
    const executing = executingOf(request, effect)
    await store.record(moved(request), noon)
    await store.record(moved(executing, { effect, secret: { keep: sealed } }), noon)
    expect(filesWith(sealed.box)).not.toStrictEqual([])

    await store.record(moved({ ...executing, version: 3 }, { secret: { shred: true } }), noon)
    for (const part of [sealed.box, sealed.salt, sealed.nonce]) {
      expect(filesWith(part)).toStrictEqual([])
    }
    await close()
  })

  it('T15 empties its journal as soon as it can where something else is just being written', async () => {
    const engine = await openSqlite(path)
    await engine.db.transaction().execute(async (trx) => {
      await sql`create table some (thing text)`.execute(trx)
      await engine.wipe()
    })
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
    await expect.poll(() => statSync(`${path}-wal`).size).toBe(0)
    await engine.close()
  })

  function writeForever(): ChildProcess {
    const script = join(import.meta.dirname, 'write-forever.ts')
    const child = spawn(process.execPath, [script, `sqlite:${path}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    return child
  }

  function filesWith(bytes: Buffer): string[] {
    return [path, `${path}-wal`, `${path}-shm`, `${path}-journal`].filter(
      (file) => existsSync(file) && readFileSync(file).includes(bytes),
    )
  }
})

async function numbersUntil(child: ChildProcess, wanted: number): Promise<number> {
  if (child.stdout === null) throw new Error('the child has no output')
  for await (const line of createInterface(child.stdout)) {
    if (Number(line) >= wanted) return Number(line)
  }
  throw new Error('the child has ended by itself')
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
