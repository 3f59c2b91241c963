/** The one port: Web API, response URLs and Socket Mode, with the faults that were ordered. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import type { Fault, Faults } from './faults.ts'
import { type Fields, fieldsOf, type Json, parseJson, stringOf } from './json.ts'
import type { HttpAnswer } from './response-answer.ts'
import type { SocketMode } from './socket-mode.ts'
import type { Call, Transcript } from './transcript.ts'

/** What stands behind the port. */
export interface ServerOptions {
  readonly now: () => Date
  readonly faults: Faults
  readonly transcript: Transcript
  readonly socketMode: SocketMode
  /** What the app is told it has, in the `x-oauth-scopes` header of every answer. */
  readonly scopes: () => readonly string[]
  readonly webApi: (token: string, method: string, args: Fields) => Fields
  readonly respond: (token: string, args: Fields) => HttpAnswer
}

/** The tickets of connections that have been asked for and not yet made. */
export type Tickets = Set<string>

/**
 * A ticket for one connection, good until it is used. A choice: Slack does not say how long its address lives
 * or how often.
 */
export function newTicket(tickets: Tickets): string {
  const ticket = randomUUID()
  tickets.add(ticket)
  return ticket
}

/**
 * The server, not yet listening: `POST /api/<method>` and `POST /response/<token>`, as a form or as JSON, and
 * Socket Mode for whoever has a ticket. Anything else is answered 404, `GET` included, and 503 while Slack is
 * down. The token comes in the `Authorization` header or as the argument `token`, and is kept out of the
 * transcript.
 */
export function createSlackServer(options: ServerOptions, tickets: Tickets): Server {
  const server = createServer((request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    })
  })
  const upgrades = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'http://sandbox').searchParams.get('ticket') ?? ''
    if (options.faults.isDown || !tickets.delete(ticket)) return void socket.destroy()
    upgrades.handleUpgrade(request, socket, head, (opened) => options.socketMode.accept(opened))
  })
  return server
}

async function handle(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request)
  if (options.faults.isDown) return void response.writeHead(503).end('Service Unavailable')
  const [, kind = '', name = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  if (request.method !== 'POST' || (kind !== 'api' && kind !== 'response'))
    return void response.writeHead(404).end()
  const { token, ...args } = argumentsOf(request, body)
  const method = kind === 'api' ? name : 'response_url'
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? stringOf(token)
  const answer = (most?: number): HttpAnswer =>
    kind === 'api'
      ? { status: 200, body: options.webApi(bearer, name, atMost(most, args)) }
      : options.respond(name, args)
  const at = options.now().toISOString()
  const call = options.transcript.call({ at, method, args, outcome: 'waiting' })
  await answerWithFaults(options, call, response, answer)
  options.transcript.changed()
}

async function answerWithFaults(
  options: ServerOptions,
  call: Call,
  response: ServerResponse,
  answer: (most?: number) => HttpAnswer,
): Promise<void> {
  const fault = options.faults.take(call.method, call.args)
  if (fault && refuseBefore(fault, call, response, options.scopes())) return
  if (fault?.kind === 'slow') await pause(fault.ms)
  const { waitSeconds = options.faults.rateWait(call.method), most } =
    options.faults.historyAllowance(call.method)
  if (waitSeconds !== undefined) return slowDown(waitSeconds, call, response)
  const { status, body } = answer(most)
  call.answer = body
  call.outcome = body['ok'] === true ? 'ok' : stringOf(body['error'])
  if (fault && loseAfter(fault, call, response)) return
  answerJson(response, status, body, options.scopes())
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: Fields,
  scopes: readonly string[],
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-oauth-scopes': scopes.join(','),
  })
  response.end(JSON.stringify(body))
}

/** Faults that keep Slack from doing anything. True if the call is over. */
function refuseBefore(
  fault: Fault,
  call: Call,
  response: ServerResponse,
  scopes: readonly string[],
): boolean {
  switch (fault.kind) {
    case 'rate-limit':
      slowDown(fault.retryAfterSeconds ?? 1, call, response)
      return true
    case 'error':
      call.outcome = fault.error
      answerJson(response, 200, { ...fault.more, ok: false, error: fault.error }, scopes)
      return true
    case 'http-status':
      call.outcome = `http-${fault.status}`
      response.writeHead(fault.status, retryAfter(fault.retryAfterSeconds)).end(call.outcome)
      return true
    case 'http-500-before':
      call.outcome = fault.kind
      response.writeHead(500).end('Internal Server Error')
      return true
    case 'drop-before':
      call.outcome = fault.kind
      response.destroy()
      return true
    case 'hang-before':
      call.outcome = fault.kind
      return true
    default:
      return false
  }
}

function slowDown(seconds: number, call: Call, response: ServerResponse): void {
  call.outcome = 'ratelimited'
  const headers = { ...retryAfter(seconds), 'content-type': 'application/json' }
  response.writeHead(429, headers).end(JSON.stringify({ ok: false, error: 'ratelimited' }))
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}

/** The same arguments, asking for no more than this. */
function atMost(most: number | undefined, args: Fields): Fields {
  if (most === undefined) return args
  return { ...args, limit: Math.min(Number(args['limit'] ?? most), most) }
}

/** Faults that lose the answer to something done. True if the app will not get it. */
function loseAfter(fault: Fault, call: Call, response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'http-500-after':
      response.writeHead(500).end('Internal Server Error')
      break
    case 'drop-after':
      response.destroy()
      break
    case 'hang-after':
      break
    default:
      return false
  }
  call.outcome = `${call.outcome}, ${fault.kind}`
  return true
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function argumentsOf(request: IncomingMessage, body: string): Fields {
  if ((request.headers['content-type'] ?? '').includes('application/json'))
    return fieldsOf(parseJson(body))
  return Object.fromEntries([...new URLSearchParams(body)].map(unspell))
}

/** A form spells these arguments out as JSON; one that is not JSON stays as it is, for the method to refuse. */
function unspell([name, value]: [string, string]): [string, Json] {
  const spelled = ['blocks', 'view', 'metadata', 'attachments'].includes(name)
  return [name, (spelled ? parseJson(value) : undefined) ?? value]
}
