/** Ledgers under one key, and a door before a witness that can say something else in its place. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkpointKey } from '../../../src/audit/checkpoint.ts'
import type { ChainedEntry } from '../../../src/audit/entry.ts'
import { Secret } from '../../../src/secret.ts'
import type { OpenStore } from '../../../src/store/open.ts'
import { compareWith, type Witness } from '../../../src/witness/comparison.ts'
import { createSigning } from '../../../src/witness/signing.ts'
import { key } from '../../support/config.ts'
import { later, noon, policy } from '../../support/examples.ts'
import type { Bench } from '../../support/store/bench.ts'
import { entryAbout } from '../../support/store/things.ts'

export const secretKey = new Secret(key)
export const { origin, verifier } = checkpointKey(secretKey)

/** A ledger, as one Rekey or two see it. */
export class Log {
  readonly url: string
  readonly replicas: readonly OpenStore[]
  readonly warned: string[] = []
  readonly #witnesses: readonly Witness[]
  now = noon

  constructor(url: string, replicas: readonly OpenStore[], witnesses: readonly Witness[]) {
    this.url = url
    this.replicas = replicas
    this.#witnesses = witnesses
  }

  /** @param size how many entries @param by in whose ledger they are: two names write two ledgers */
  static async open(bench: Bench, witnesses: readonly Witness[], size: number, by = noon) {
    const url = await bench.freshUrl()
    const log = new Log(url, await bench.replicas(url), witnesses)
    await log.grow(size, by)
    return log
  }

  get store(): OpenStore {
    return this.replica(0)
  }

  replica(turn: number): OpenStore {
    const store = this.replicas[turn % this.replicas.length]
    if (store === undefined) throw new Error('the bench has opened no store')
    return store
  }

  async grow(entries: number, at = noon): Promise<void> {
    for (let n = 0; n < entries; n += 1) await this.store.store.write(entryAbout(null), at)
  }

  /** Another entry in each place. */
  static readonly otherHistory = later(1_000)

  signing({ secret = secretKey, turn = 0 } = {}) {
    return createSigning({
      ...this.replica(turn),
      secretKey: secret,
      witnesses: this.#witnesses,
      policy: () => policy,
      now: () => this.now,
      log: {
        warn: (found: object) => this.warned.push(JSON.stringify(found)),
        error: (found: object) => this.warned.push(JSON.stringify(found)),
      },
      timeoutMs: 5_000,
    })
  }

  /** Signs what there is, and shows it to the witness. */
  async show(witness: Witness) {
    await this.signing().checkpointSigner.sign(false)
    return this.compare(witness)
  }

  async compare(witness: Witness, timeoutMs = 5_000) {
    const lastCosigned = await this.store.checkpoints.lastCosigned(witness.name)
    const verifiers = [verifier]
    return compareWith(witness, this.store, {
      ...{ lastCosigned, verifiers, now: () => this.now, timeoutMs },
    })
  }

  async entries(type: string): Promise<readonly ChainedEntry[]> {
    const all = await Array.fromAsync(this.store.ledger.entries())
    return all.filter(({ entry }) => entry.type === type)
  }

  async close(): Promise<void> {
    for (const replica of this.replicas) await replica.close()
  }
}

export interface Said {
  readonly status: number
  readonly type?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

type Answer = (
  /** The size that the witness is believed to have signed last. */
  old: number,
  /** What the witness behind the door says. */
  pass: () => Promise<Said>,
  response: ServerResponse,
) => Promise<Said | undefined> | Said | undefined

/** Between Rekey and a witness. */
export async function startDoor(behind: string) {
  let answer: Answer = (_, pass) => pass()
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const old = Number(/^old (\d+)\n/.exec(body)?.[1])
    const said = await answer(old, () => ask(`${behind}${request.url}`, body), response)
    if (said === undefined) return
    const { status, type = 'text/plain', headers = {} } = said
    response.writeHead(status, { 'content-type': type, ...headers }).end(said.body ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on it says this. */
    says: (next: Answer) => {
      answer = next
    },
    passes: () => {
      answer = (_, pass) => pass()
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type Door = Awaited<ReturnType<typeof startDoor>>

export function sizeIs(size: number): Said {
  return { status: 409, type: 'text/x.tlog.size', body: `${size}\n` }
}

async function ask(url: string, body: string): Promise<Said> {
  const response = await fetch(url, { method: 'POST', body })
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, body: await response.text() }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
