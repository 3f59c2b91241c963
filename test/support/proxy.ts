/** A proxy on the way out, as companies have one, and TLS in front of what the sandbox serves without. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect as dial } from 'node:net'
import { join } from 'node:path'
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { RequestError, Server } from 'proxy-chain'

export interface ProxyOptions {
  /** Whoever does not give these is answered with 407. */
  readonly login?: { readonly user: string; readonly password: string }
  /** Nobody is let through: 403. */
  readonly forbids?: boolean
}

export interface OutgoingProxy {
  readonly port: number
  /** Where it was asked to go, as `host:port`, in order. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export async function startOutgoingProxy(options: ProxyOptions = {}): Promise<OutgoingProxy> {
  const { login, forbids = false } = options
  const asked: string[] = []
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ hostname, port, username, password }) => {
      asked.push(`${hostname}:${port}`)
      if (forbids) throw new RequestError('not that one', 403)
      const isKnown = username === login?.user && password === login?.password
      return { requestAuthentication: login !== undefined && !isKnown }
    },
  })
  await server.listen()
  return { port: server.port, asked, close: () => server.close(true) }
}

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'localhost')

/** TLS as `localhost` in front of the server at this URL. @returns its URL with https, and how to end it */
export async function withTls(
  url: string,
): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }> {
  const [key, cert] = ['key.pem', 'certificate.pem'].map((name) =>
    readFileSync(join(fixtures, name), 'utf8'),
  ) as [string, string]
  setDefaultCACertificates([...getCACertificates('default'), cert])
  const { port, pathname } = new URL(url)
  const sockets = new Set<{ destroy(): unknown }>()
  const front = createServer({ key, cert }, (client) => {
    const server = dial(Number(port), '127.0.0.1')
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        server.destroy()
      })
    }
    client.pipe(server).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  const own = (front.address() as AddressInfo).port
  return {
    url: `https://localhost:${own}${pathname === '/' ? '' : pathname}`,
    port: own,
    close: async () => {
      const closed = once(front, 'close')
      front.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
