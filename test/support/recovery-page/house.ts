/** The recovery page as it is served, on a real store, over the real SDK, with the sandbox's Cognito behind it. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect } from 'vitest'
import type { CognitoSeed } from '../../../sandbox/cognito/pool.ts'
import { customersPool, secretClient, staffPool } from '../../../sandbox/world/user-pool-seed.ts'
import { createLog } from '../../../src/log.ts'
import type { Pool } from '../../../src/policy/policy.ts'
import { Secret } from '../../../src/secret.ts'
import { openStore } from '../../../src/store/open.ts'
import { pageKeys } from '../../../src/web/recovery-page/keys.ts'
import { type RecoveryPageParts, recoveryPage } from '../../../src/web/recovery-page/serve.ts'
import { listen } from '../../../src/web/server.ts'
import { customers, openWire, type Wire } from '../cognito/wire.ts'
import { rowSealer } from '../row-sealer.ts'

export interface House {
  readonly url: string
  readonly port: number
  readonly wire: Wire
  /** Moves every clock: the page's and Cognito's. */
  pass(ms: number): void
  /** The newest code that was sent to an address. The page answers before Cognito has sent it. */
  code(address: string): Promise<string>
  isPassword(name: string, password: string): boolean
  /** Everything logged so far. */
  log(): string
  /** Ends what serves the page, and starts another on the same store, at another port. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface Given {
  readonly pools?: readonly Pool[]
  readonly seed?: CognitoSeed
  /** The public URL, where it is not the local one. */
  readonly publicUrl?: string
  readonly parts?: Partial<RecoveryPageParts>
}

/** Everybody, with more tries than Cognito allows at the least, so that ours end first. */
export const generous: CognitoSeed = {
  pools: [customersPool(undefined, { attemptsPerHour: 20 }), staffPool()],
}

export async function openHouse(given: Given = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-page-'))
  let clock = Date.parse('2026-03-01T12:00:00Z')
  const now = () => new Date(clock)
  const lines: string[] = []
  const wire = await openWire({
    now,
    seed: given.seed ?? generous,
    pools: given.pools ?? [customers],
    clientSecrets: secretsFor(given),
  })
  let port = 0
  let stop = async () => {}
  const start = async () => {
    const store = await openStore(`sqlite:${join(folder, 'rekey.db')}`, { sealer: rowSealer })
    const server = await listen({
      host: '127.0.0.1',
      port: 0,
      portName: 'PAGE_PORT',
      connections: 100,
      answer: (request, response) => page(request, response),
    })
    port = server.port
    const page = recoveryPage({
      page: { url: given.publicUrl ?? `http://127.0.0.1:${port}/recover`, proxies: [] },
      owners: wire.accounts.ownerRecovery(),
      rateLimiter: store.rateLimiter,
      keys: pageKeys(new Secret(Buffer.alloc(32, 7).toString('base64'))),
      log: createLog('trace', sink(lines)),
      now,
      answerAfterMs: 0,
      ...given.parts,
    })
    stop = async () => {
      await server.close()
      await store.close()
    }
  }
  await start()
  return {
    get url() {
      return `http://127.0.0.1:${port}/recover`
    },
    get port() {
      return port
    },
    wire,
    pass: (ms) => {
      clock += ms
    },
    code: async (address) => {
      const letters = () => wire.cognito.mailbox.to(address)
      await expect.poll(letters).not.toEqual([])
      return letters().at(-1)?.code ?? ''
    },
    isPassword: (name, password) =>
      wire.cognito.pools.get('customers').isPassword(wire.sub(name), password),
    log: () => lines.join(''),
    restart: async () => {
      await stop()
      await start()
    },
    close: async () => {
      await stop()
      await wire.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function secretsFor({ pools = [] }: Given): ReadonlyMap<string, Secret> {
  const secret = new Secret(secretClient.secret)
  const wanting = pools.filter(({ client }) => client?.secretEnv !== undefined)
  return new Map(wanting.map(({ name }) => [name, secret]))
}

function sink(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, written) {
      lines.push(chunk.toString('utf8'))
      written()
    },
  })
}
