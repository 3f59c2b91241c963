/** The page's own HTTP server: its files, the stream of what to show, and what people do. Loopback only. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { asset, contentSecurityPolicy } from './assets.ts'
import { commandRequest, type PageCommand, type Reply } from './commands.ts'

/** Who is known, and what is done for them. */
export interface PageServerOptions {
  /** Whether there is somebody of this id to be. */
  readonly knows: (person: string) => boolean
  /** Takes the response over: nothing else is written to it. */
  readonly stream: (person: string, response: ServerResponse) => void
  /** Rejects, with words for the person, when it cannot be done. */
  readonly perform: (person: string, command: PageCommand) => Promise<Reply>
}

/**
 * Not yet listening. Answers 403 to whatever another site sends, 409 with words for the person when a command
 * cannot be done, and takes no cookies: on this machine everybody may be anybody. Has to listen on loopback:
 * what keeps others out is that Host and Origin name 127.0.0.1 or localhost with its port. 400 for a command
 * that it does not know, 404 for a person or file that is not there.
 */
export function createPageServer(options: PageServerOptions): Server {
  return createServer((request, response) => {
    response.setHeader('content-security-policy', contentSecurityPolicy)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('cache-control', 'no-store')
    if (!isOurs(request)) return void response.writeHead(403).end('Not from here')
    handle(options, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    })
  })
}

async function handle(
  options: PageServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox')
  const route = `${request.method} ${url.pathname}`
  if (route === 'GET /events') {
    const person = url.searchParams.get('as') ?? ''
    if (!options.knows(person)) return void response.writeHead(404).end('Nobody of this name')
    return options.stream(person, response)
  }
  if (route === 'POST /command') return perform(options, request, response)
  const found = request.method === 'GET' ? asset(url.pathname) : undefined
  if (!found) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': found.type }).end(found.body)
}

async function perform(
  { perform, knows }: PageServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = commandRequest.safeParse(parsed(await text(request)))
  if (!asked.success) return answer(response, 400, 'The page asked for something unknown')
  const { as, command } = asked.data
  if (!knows(as)) return answer(response, 404, 'Nobody of this name')
  try {
    answer(response, 200, await perform(as, command))
  } catch (error) {
    answer(response, 409, error instanceof Error ? error.message : String(error))
  }
}

function answer(response: ServerResponse, status: number, said: Reply | string): void {
  const body = typeof said === 'string' ? { kind: 'failed', says: said } : said
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

// Another site's page must neither act here nor, by a name that it points at us, read from here.
function isOurs({ headers, socket }: IncomingMessage): boolean {
  const hosts = [`127.0.0.1:${socket.localPort}`, `localhost:${socket.localPort}`]
  if (!hosts.includes(headers.host ?? '')) return false
  return headers.origin === undefined || hosts.some((host) => headers.origin === `http://${host}`)
}
