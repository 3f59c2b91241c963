/** A witness of transparency logs on the real wire: C2SP tlog-witness, with every refusal that it names. */

import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isConsistent } from './consistency.ts'
import { idOf, keyLine, type PublicKey, readKeyLine } from './keys.ts'
import { type AddCheckpoint, readRequest } from './request.ts'

export interface Seen {
  readonly size: number
  readonly root: Buffer
  /** The checkpoint and the witness's own signature of it, as a signed note. */
  readonly note: string
}

export interface WitnessSeed {
  /** Without blanks and plus signs. */
  readonly name: string
  /** The public keys of the logs that it knows, each in one line. */
  readonly logs: readonly string[]
  readonly now?: () => Date
}

export interface Witness {
  /** What comes before `/add-checkpoint`. */
  readonly url: string
  /** Its public key, in one line. */
  readonly key: string
  /** What it has signed last for a log. It forgets nothing and takes nothing back. */
  seen(origin: string): Seen | undefined
  /** From now on it answers everything with this status; with none, as it should. */
  failWith(status: number | undefined): void
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
}

const longestBody = 65_536

/** Starts a witness on a port of this machine. */
export async function startWitness({ name, logs, now = () => new Date() }: WitnessSeed) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const open = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const id = Buffer.from(idOf(name, Buffer.concat([Buffer.of(4), open])), 'hex')
  const known = new Map<string, PublicKey[]>()
  for (const log of logs.map((line) => readKeyLine(line, 1)))
    known.set(log.name, [...(known.get(log.name) ?? []), log])
  const latest = new Map<string, Seen>()
  let failure: number | undefined

  const server = createServer(async (request, response) => {
    const { status, type = 'text/plain', body = '' } = await answer(request)
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    key: keyLine(name, 4, open),
    seen: (origin) => latest.get(origin),
    failWith: (status) => {
      failure = status
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  } satisfies Witness

  async function answer(request: IncomingMessage): Promise<Answer> {
    const body = await bodyOf(request)
    if (failure !== undefined) return { status: failure }
    if (request.url !== '/add-checkpoint') return { status: 404 }
    if (request.method !== 'POST') return { status: 405 }
    const asked = body === undefined ? undefined : readRequest(body)
    return asked === undefined ? { status: 400 } : addCheckpoint(asked)
  }

  // From here on nothing waits: what is compared is what is replaced.
  function addCheckpoint(asked: AddCheckpoint): Answer {
    const keys = known.get(asked.origin)
    if (keys === undefined) return { status: 404 }
    if (!isSigned(asked, keys)) return { status: 403 }
    if (asked.old > asked.size) return { status: 400 }
    const last = latest.get(asked.origin)
    const conflict = { status: 409, type: 'text/x.tlog.size', body: `${last?.size ?? 0}\n` }
    if (asked.old !== (last?.size ?? 0)) return conflict
    if (last !== undefined && asked.old === asked.size) {
      if (!last.root.equals(asked.root)) return conflict
      if (asked.proof.length > 0) return { status: 422 }
    } else if (last !== undefined && last.size > 0) {
      if (!isConsistent(last, asked, asked.proof)) return { status: 422 }
    } else if (asked.proof.length > 0) return { status: 422 }
    const line = cosign(asked.text)
    const { size, root } = asked
    latest.set(asked.origin, { size, root, note: `${asked.text}\n${line}` })
    return { status: 200, body: line }
  }

  function cosign(text: string): string {
    const seconds = Math.floor(now().getTime() / 1_000)
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(BigInt(seconds))
    const signature = sign(
      null,
      Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`),
      privateKey,
    )
    return `— ${name} ${Buffer.concat([id, time, signature]).toString('base64')}\n`
  }
}

function isSigned({ text, signatures }: AddCheckpoint, keys: readonly PublicKey[]): boolean {
  const ours = signatures.flatMap(({ name, id, bytes }) => {
    const key = keys.find((each) => each.name === name && each.id === id)
    return key === undefined ? [] : [verify(null, Buffer.from(text), key.key, bytes)]
  })
  return ours.length > 0 && ours.every((isValid) => isValid)
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length <= longestBody) parts.push(part)
  }
  const bytes = Buffer.concat(parts)
  const text = bytes.toString('utf8')
  return length <= longestBody && Buffer.from(text).equals(bytes) ? text : undefined
}
