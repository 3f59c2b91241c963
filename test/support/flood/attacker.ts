/**
 * A client without any right, as a process of its own: `attacker.ts KIND URL CONNECTIONS`. It floods until its
 * standard input ends, and then writes one line of JSON: how often it was answered, by status.
 */

import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { argv, stdin, stdout } from 'node:process'

const [kind = '', url = '', count = '100'] = argv.slice(2)
const connections = Number(count)
const answers: Record<string, number> = {}
const agent = new Agent({ keepAlive: true, maxSockets: connections })
let isOver = false

stdin.resume().once('end', () => {
  isOver = true
  stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit())
})

const floods: Readonly<Record<string, () => Promise<void>>> = {
  page: floodPage,
  spoofed: floodPage,
  readyz: () => inEach(() => send('GET', '/readyz')),
  tcp: floodTcp,
  pipelined: floodPipelined,
}
stdout.write('flooding\n')
await floods[kind]?.()

/** One look at the page, and then its form over and over, each time for somebody else. */
async function floodPage(): Promise<void> {
  const page = await fetch(url)
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? ''
  const token = /name="token" value="([^"]*)"/.exec(await page.text())?.[1] ?? ''
  let names = 0
  await inEach(() => {
    names += 1
    const form = { do: 'send', username: `nobody-${names}@example.com`, lang: 'en', token }
    const body = new URLSearchParams(form).toString()
    return send('POST', '/recover/customers', body, {
      cookie,
      'content-type': 'application/x-www-form-urlencoded',
      ...(kind === 'spoofed' && { 'x-forwarded-for': `198.51.${names % 250}.${names % 251}` }),
    })
  })
}

async function inEach(once: () => Promise<void>): Promise<void> {
  const forever = async () => {
    while (!isOver) await once()
  }
  await Promise.all(Array.from({ length: connections }, forever))
}

function send(
  method: string,
  path: string,
  body = '',
  headers: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  return new Promise((resolve) => {
    const note = (what: string | number = 'none') => {
      answers[what] = (answers[what] ?? 0) + 1
    }
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
    const options = { method, agent, headers: { ...headers, ...length } }
    const sent = request(new URL(path, url), options, (response) => {
      note(response.statusCode)
      response.resume().once('close', resolve)
    })
    sent.once('error', () => {
      note('cut')
      setTimeout(resolve, 1)
    })
    sent.end(body)
  })
}

/** Connections that say nothing, each opened again as it is closed. */
async function floodTcp(): Promise<void> {
  inConnections((socket) => socket.resume())
}

/** Requests one behind the other on each connection, without waiting for an answer or reading one. */
async function floodPipelined(): Promise<void> {
  const one = 'GET /metrics HTTP/1.1\r\nHost:\r\n\r\n'
  // As much as is read at once.
  const burst = Buffer.from(one.repeat(Math.floor(65_536 / one.length)))
  inConnections((socket) => {
    const write = () => {
      while (!isOver && socket.writable) if (!socket.write(burst)) return
    }
    socket.pause().on('drain', write).once('connect', write)
    // What has been closed shows to those who read.
    setTimeout(() => socket.destroy(), 1_000)
  })
}

function inConnections(use: (socket: Socket) => void): void {
  const { port, hostname } = new URL(url)
  const open = () => {
    const socket: Socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.once('connect', () => {
      answers['connected'] = (answers['connected'] ?? 0) + 1
    })
    socket.once('close', () => {
      if (!isOver) setTimeout(open, 1)
    })
    use(socket)
  }
  for (let opened = 0; opened < connections; opened += 1) open()
}
