/** What somebody can send to a port without any right, and how much of it is looked at. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listen, type ServerParts, type WebServer } from '../../../src/web/server.ts'

let server: WebServer
let answered: number
let made: number
const count = () => {
  made += 1
}
beforeEach(() => {
  answered = 0
  made = 0
  // Where Node makes a request and a response of what it has read.
  subscribe('http.server.request.start', count)
})
afterEach(async () => {
  unsubscribe('http.server.request.start', count)
  await server.close()
})

async function serve(parts: Partial<ServerParts> = {}): Promise<void> {
  server = await listen({
    host: '127.0.0.1',
    port: 0,
    portName: 'PORT',
    connections: 100,
    answer: (_, response) => later(response),
    ...parts,
  })
}

/** As both ports do, not before everything that was read at once has been looked at. */
function later(response: ServerResponse): void {
  answered += 1
  setImmediate(() => response.writeHead(200, { 'content-type': 'text/plain' }).end('x'))
}

async function open(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1').on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Sends something, and reads what comes until the connection is closed. */
async function told(bytes: string | Buffer): Promise<string> {
  const socket = await open()
  socket.write(bytes)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

const atOnce = 65_536
const filled = (one: string) => one.repeat(Math.floor(atOnce / one.length))

describe('F1 requests one behind the other', () => {
  it.each([
    ['GET', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['HEAD', 'HEAD / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['DELETE', 'DELETE / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['POST with a body', 'POST / HTTP/1.1\r\nHost:\r\nContent-Length: 1\r\n\r\nx'],
    ['POST in chunks', 'POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['HTTP/1.0', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'],
    ['Expect', 'GET / HTTP/1.1\r\nHost:\r\nExpect: 100-continue\r\n\r\n'],
    ['an Expect that nobody knows', 'GET / HTTP/1.1\r\nHost:\r\nExpect: x\r\n\r\n'],
    ['Upgrade', 'GET / HTTP/1.1\r\nHost:\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost:\r\n\r\n'],
    ['an unknown method', 'REKEY / HTTP/1.1\r\nHost:\r\n\r\n'],
  ])(
    '%s: the connection ends with the second, and what follows is not looked at',
    async (_, one) => {
      await serve()
      await Promise.all(Array.from({ length: 20 }, () => told(filled(one))))
      expect(answered).toBeLessThanOrEqual(20)
      expect(made).toBeLessThanOrEqual(40)
    },
  )

  it('one after the answer to the other has nobody to answer it: each has its own connection', async () => {
    await serve()
    const one = 'GET / HTTP/1.1\r\nHost: rekey\r\n\r\n'
    const socket = await open()
    socket.write(one)
    const [first] = await once(socket, 'data')
    expect(String(first)).toMatch(/^HTTP\/1.1 200 .*^connection: close/ims)
    socket.write(one)
    await once(socket, 'close')
    expect(answered).toBe(1)
  })

  it('answers what comes in any pieces', async () => {
    await serve()
    const socket = await open()
    for (const each of 'GET / HTTP/1.1\r\nHost: rekey\r\n\r\n') socket.write(each)
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 200 /)
    socket.destroy()
  })
})

describe('F1 a body', () => {
  it('is handed on a little at a time, and no more of it once there is an answer', async () => {
    let pieces = 0
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      request.on('data', () => {
        pieces += 1
      })
      request.once('data', () => later(response))
    }
    await serve({ answer })
    const head = 'POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n'
    await told(head + filled('1\r\nx\r\n'))
    expect(answered).toBe(1)
    // Some 170 such chunks are in what is looked at in one go.
    expect(pieces).toBeLessThan(1_000)
  })

  it('that arrives whole arrives as it was', async () => {
    let body = ''
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      for await (const chunk of request) body += chunk
      later(response)
    }
    await serve({ answer })
    // With ends of heads in it, and longer than what is read at once.
    const sent = 'a\r\n\r\n0123456789'.repeat(6_000)
    const url = `http://127.0.0.1:${server.port}`
    expect((await fetch(url, { method: 'POST', body: sent })).status).toBe(200)
    expect(body).toBe(sent)
  })
})

describe('F1 somebody who keeps us waiting', () => {
  const patience = { asksWithinMs: 100, endsWithinMs: 200 }

  it.each([
    ['says nothing', ''],
    ['does not end what they ask', 'GET / HTTP/1.1\r\nHost:'],
  ])('is not waited for: %s', async (_, bytes) => {
    await serve({ patience })
    expect(await told(bytes)).toBe('')
    expect(answered).toBe(0)
  })

  it('is not waited for: announces a body and sends none', async () => {
    await serve({ patience, answer: (request) => request.resume() })
    expect(await told('POST / HTTP/1.1\r\nHost:\r\nContent-Length: 9\r\n\r\n')).toBe('')
  })

  it('is not waited for: does not read the answer', async () => {
    // More than any system keeps for somebody who does not read.
    const large = Buffer.alloc(64 * 1_024 * 1_024)
    const closed = Promise.withResolvers<void>()
    const answer = (_: IncomingMessage, response: ServerResponse) => {
      response.once('close', closed.resolve).end(large)
    }
    await serve({ patience, answer })
    const socket = await open()
    socket.pause().write('GET / HTTP/1.1\r\nHost:\r\n\r\n')
    await closed.promise
    socket.destroy()
  })
})
