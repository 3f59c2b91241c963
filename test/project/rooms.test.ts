import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** What each room may import besides itself. Everything else is a border crossed. */
const borders: Record<string, { rooms: readonly string[]; packages: readonly string[] }> = {
  names: { rooms: [], packages: ['node:crypto'] },
  secret: { rooms: [], packages: ['node:util'] },
  policy: { rooms: ['names'], packages: ['node:crypto', 'node:vm', 'canonicalize', 'yaml', 'zod'] },
  audit: { rooms: ['names', 'secret'], packages: ['node:crypto', 'canonicalize', 'zod'] },
  sealer: { rooms: ['names', 'secret'], packages: ['node:crypto', 'canonicalize'] },
  recovery: { rooms: ['names', 'secret', 'policy', 'audit', 'vault'], packages: [] },
  store: {
    rooms: ['names', 'policy', 'recovery', 'audit', 'vault'],
    packages: ['kysely', 'pg', 'zod', 'canonicalize', 'node:*'],
  },
  outbox: { rooms: ['names', 'recovery'], packages: ['pino'] },
  cognito: {
    rooms: ['names', 'secret', 'policy', 'recovery'],
    packages: [
      '@aws-sdk/client-cognito-identity-provider',
      '@aws-sdk/credential-provider-node',
      'node:crypto',
    ],
  },
  slack: {
    rooms: ['names', 'secret', 'policy', 'audit', 'recovery', 'outbox'],
    packages: ['@slack/bolt', '@slack/types', 'pino', 'zod', 'node:crypto'],
  },
  web: { rooms: ['secret', 'recovery'], packages: ['prom-client', 'pino', 'node:*'] },
}

/** Files of their own that introduce rooms to each other, or that everybody may use. */
const doors = ['main', 'rekey', 'job-handlers', 'config', 'settings', 'policy-check', 'log', 'cli']

interface Import {
  readonly file: string
  readonly room: string
  readonly from: string
}

const imports: Import[] = []
for await (const file of glob('src/**/*.ts', { cwd: root })) {
  for (const [, from = ''] of readFileSync(join(root, file), 'utf8').matchAll(/from '([^']+)'/g)) {
    imports.push({ file, room: roomOf(file), from: target(file, from) })
  }
}

describe('rooms', () => {
  it('are all known here', () => {
    const rooms = new Set(imports.map(({ room }) => room))
    expect([...rooms].filter((room) => !(room in borders) && !doors.includes(room))).toEqual([])
  })

  it.each(Object.keys(borders))('%s/ imports only what it may', (room) => {
    const { rooms, packages } = borders[room] ?? { rooms: [], packages: [] }
    const crossed = imports
      .filter((each) => each.room === room)
      .filter(({ from }) =>
        from.startsWith('src/')
          ? roomOf(from) !== room && !rooms.includes(roomOf(from))
          : !packages.includes(from) && !(packages.includes('node:*') && from.startsWith('node:')),
      )
    expect(crossed).toEqual([])
  })

  it('nothing in src/ knows the sandbox or the tests', () => {
    expect(imports.filter(({ from }) => /^(sandbox|test)\//.test(from))).toEqual([])
  })

  it('the core does not wait for anything, but in its services and in the signer', async () => {
    const waiting: string[] = []
    for await (const file of glob('src/{recovery,policy,audit}/**/*.ts', { cwd: root })) {
      if (/\bawait\b/.test(readFileSync(join(root, file), 'utf8'))) waiting.push(file)
    }
    const others = waiting.filter((file) => !file.startsWith('src/recovery/services/'))
    expect(others).toEqual(['src/audit/checkpoint-signer.ts'])
  })

  it('only config.ts reads the environment', async () => {
    const readers: string[] = []
    for await (const file of glob('src/**/*.ts', { cwd: root })) {
      if (
        /process\.env/.test(
          readFileSync(join(root, file), 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, ''),
        )
      ) {
        readers.push(file)
      }
    }
    expect(readers).toEqual(['src/config.ts'])
  })
})

function roomOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '')
}

function target(file: string, from: string): string {
  return from.startsWith('.') ? normalize(relative('.', join(dirname(file), from))) : from
}
