/**
 * A simulated Amazon Cognito on this machine. It speaks JSON 1.1 over HTTP as the AWS SDK does, and answers
 * as Cognito does in everything that account recovery touches. Signatures are not checked. Any path and
 * method will do: a call is told by its X-Amz-Target. Everything is in memory, and gone when it is closed.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { PoolAdmins } from './admin.ts'
import { type Answer, type CognitoState, dispatch } from './dispatch.ts'
import { Faults } from './faults.ts'
import { Mailbox } from './mailbox.ts'
import { type CognitoSeed, Pool } from './pool.ts'
import type { Call } from './transcript.ts'

/** How to start. Only the seed has to be given. */
export type CognitoOptions = {
  readonly seed: CognitoSeed
  /** 0, the default, takes a free one. */
  readonly port?: number
  /**
   * The clock by which codes, passwords, sessions and lockouts run out; the real one by default. Move it to
   * see them do so. Answers that are ordered late go by the real clock.
   */
  readonly now?: () => Date
  /** Hears every password that arrives, whatever becomes of it. */
  readonly onPassword?: (password: string) => void
}

/** A running simulator: its address for the SDK, and what a test arranges and looks at. */
export type CognitoSandbox = {
  /** For the SDK's `endpoint`, or AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER. */
  readonly url: string
  readonly port: number
  readonly mailbox: Mailbox
  readonly faults: Faults
  /** Every call so far, oldest first: a list that grows. */
  readonly calls: readonly Call[]
  readonly pools: PoolAdmins
  /**
   * Hears the operation of every call from now on, right before it is dealt with: between two calls of the code
   * under test, to the moment, somebody else can change a user.
   *
   * @returns what ends it
   */
  beforeCall(hear: (operation: string) => void): () => void
  /** Ends open connections, also those that were left hanging. */
  close(): Promise<void>
}

/**
 * Starts listening on 127.0.0.1, with the users of the seed as old as `now` makes them at this moment.
 * Rejects when the port is taken. Each simulator has its own state, so several can run in one process.
 */
export async function startCognito(options: CognitoOptions): Promise<CognitoSandbox> {
  const { seed, port = 0, now = () => new Date(), onPassword } = options
  const pools = seed.pools.map((pool) => new Pool(pool, now()))
  const mailbox = new Mailbox()
  const beforeCall: CognitoState['beforeCall'] = new Set()
  const faults = new Faults()
  const state: CognitoState = { pools, mailbox, faults, calls: [], now, onPassword, beforeCall }
  const late = new Set<NodeJS.Timeout>()
  const server = createServer((request, response) => {
    serve(state, late, request, response).catch((cause: unknown) => fail(response, cause))
  })
  const actualPort = await listen(server, port)
  return {
    url: `http://127.0.0.1:${actualPort}`,
    port: actualPort,
    mailbox: state.mailbox,
    faults: state.faults,
    calls: state.calls,
    pools: new PoolAdmins(pools, now),
    beforeCall: (hear) => {
      beforeCall.add(hear)
      return () => beforeCall.delete(hear)
    },
    close: () => close(server, late),
  }
}

async function serve(
  state: CognitoState,
  late: Set<NodeJS.Timeout>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = request.headers['x-amz-target']
  const reply = dispatch(state, {
    target: typeof target === 'string' ? target : undefined,
    authorization: request.headers.authorization,
    userAgent: request.headers['user-agent'],
    body: await text(request),
  })
  if (reply === 'hang') return
  if (reply === 'drop') {
    request.socket.destroy()
    return
  }
  if (reply.afterMs === 0) {
    answer(response, reply)
    return
  }
  const timer = setTimeout(() => {
    late.delete(timer)
    answer(response, reply)
  }, reply.afterMs)
  late.add(timer)
}

function answer(response: ServerResponse, { requestId, status, body }: Answer): void {
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
    })
    .end(JSON.stringify(body))
}

// Only a fault of the sandbox itself gets here; say so instead of looking like Cognito's own.
function fail(response: ServerResponse, cause: unknown): void {
  if (response.headersSent || response.destroyed) return
  const message = `The sandbox is broken: ${cause instanceof Error ? cause.stack : String(cause)}`
  response.writeHead(500).end(JSON.stringify({ __type: 'SandboxFault', message }))
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

async function close(server: Server, late: Set<NodeJS.Timeout>): Promise<void> {
  for (const timer of late) clearTimeout(timer)
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}
