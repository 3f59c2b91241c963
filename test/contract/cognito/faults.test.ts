import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Fault, FaultKind } from '../../../sandbox/cognito/faults.ts'
import { CognitoAccounts } from '../../../src/cognito/accounts.ts'
import { subOf } from '../../../src/ids.ts'
import type { AccountRef, AccountStatus } from '../../../src/recovery/model/account.ts'
import {
  customers,
  effect,
  openWire,
  type Wire,
  withCredentials,
  withoutCredentials,
} from '../../support/cognito/wire.ts'

type Row = [
  fault: FaultKind,
  answer: 'done' | 'refused' | 'not-applied' | 'unknown',
  failure: string | undefined,
  left: AccountStatus,
]

describe('one call, whatever goes wrong with it', () => {
  let wire: Wire
  afterEach(() => wire.close())

  it.each<Row>([
    ['throttle', 'not-applied', 'throttled', 'CONFIRMED'],
    ['limit-exceeded', 'refused', 'attempt-limit', 'CONFIRMED'],
    ['error-before', 'unknown', 'no-answer', 'CONFIRMED'],
    ['error-after', 'unknown', 'no-answer', 'RESET_REQUIRED'],
    ['drop-before', 'unknown', 'no-answer', 'CONFIRMED'],
    ['drop-after', 'unknown', 'no-answer', 'RESET_REQUIRED'],
    ['hang-before', 'unknown', 'no-answer', 'CONFIRMED'],
    ['hang-after', 'unknown', 'no-answer', 'RESET_REQUIRED'],
    ['slow', 'unknown', 'no-answer', 'RESET_REQUIRED'],
    ['lambda-error-after', 'unknown', 'delivery', 'RESET_REQUIRED'],
    ['code-delivery-failure', 'unknown', 'delivery', 'RESET_REQUIRED'],
    [named('AccessDeniedException'), 'not-applied', 'configuration', 'CONFIRMED'],
    [named('ExpiredTokenException'), 'not-applied', 'configuration', 'CONFIRMED'],
    [named('SomethingNewException'), 'refused', 'refused', 'CONFIRMED'],
  ])('%j: %s, %s', async (kind, answer, failure, left) => {
    // Short only where an answer is not going to come, so that a busy machine changes nothing.
    const isLate = kind === 'slow' || String(kind).startsWith('hang')
    wire = await openWire(isLate ? { writeTimeoutMs: 300 } : {})
    spoil({ operation: 'AdminResetUserPassword', kind, ms: 20_000 })
    const told = await wire.accounts.perform('reset', wire.ref('Jane'), effect())
    expect(told).toMatchObject({ kind: answer, failure: { kind: failure } })
    expect(JSON.stringify(told)).not.toMatch(
      /arn:|boom|rate exceeded|please try|unable|secret words|example/i,
    )
    await vi.waitFor(() => expect(wire.operations()).toEqual(['AdminResetUserPassword']))
    expect(wire.cognito.pools.get('customers').user(wire.sub('Jane')).status).toBe(left)
  })

  it('waits for an answer that is late but in time', async () => {
    wire = await openWire()
    spoil({ operation: 'AdminResetUserPassword', kind: 'slow', ms: 20 })
    const told = await wire.accounts.perform('reset', wire.ref('Jane'), effect())
    expect(told.kind).toBe('done')
  })

  it('tells a code that could not be sent from an account that was changed', async () => {
    wire = await openWire()
    spoil({ operation: 'ForgotPassword', kind: 'code-delivery-failure' })
    const told = await wire.accounts.perform('recovery-code', wire.ref('Jane'), effect())
    expect(told).toMatchObject({ kind: 'refused', failure: { kind: 'delivery' } })
  })

  it('is not made without credentials', async () => {
    wire = await openWire()
    withoutCredentials()
    const accounts = new CognitoAccounts({ pools: [customers], endpoint: wire.cognito.url })
    expect(await accounts.perform('reset', wire.ref('Jane'), effect())).toEqual({
      kind: 'not-applied',
      failure: { kind: 'configuration', name: 'CredentialsProviderError' },
    })
    expect(wire.operations()).toEqual([])
    accounts.close()
  })

  function spoil(fault: Fault): void {
    wire.cognito.faults.add({ times: 5, ...fault })
  }
})

function named(name: string) {
  return { name, message: 'secret words about arn:aws:iam::123456789012:role/x' }
}

describe('something else that answers for Cognito', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })

  it.each([
    [403, '<html>Blocked by your company</html>'],
    [200, '<html>Sign in to the Wi-Fi</html>'],
    [502, '<html>Bad gateway</html>'],
  ])('proves nothing: %i with a page', async (status, page) => {
    const told = await resetAt(await listening(status, page))
    expect(told).toMatchObject({ kind: 'unknown', failure: { kind: 'no-answer' } })
    expect(JSON.stringify(told)).not.toContain('html')
  })

  it('has not been reached when the port is closed', async () => {
    const url = await listening(200, '')
    await new Promise((resolve) => server?.close(resolve))
    expect(await resetAt(url)).toEqual({
      kind: 'not-applied',
      failure: { kind: 'no-answer', name: 'ECONNREFUSED' },
    })
  })

  it('sees the effect in the user agent', async () => {
    const id = effect()
    expect(await resetAt(await listening(200, '{}'), id)).toMatchObject({ kind: 'done' })
    expect(seen[0]?.userAgent).toContain(`rekey-effect/${id}`)
  })

  it('gets a fresh connection for each write', async () => {
    const accounts = accountsAt(await listening(200, '{}'))
    await accounts.perform('reset', jane, effect())
    await accounts.perform('reset', jane, effect())
    accounts.close()
    expect(new Set(seen.map(({ port }) => port)).size).toBe(2)
  })

  let seen: { userAgent: string | undefined; port: number | undefined }[] = []

  async function listening(status: number, body: string): Promise<string> {
    seen = []
    const started = createServer((request, response) => {
      const { headers, socket } = request
      seen.push({ userAgent: headers['user-agent'], port: socket.remotePort })
      request.resume()
      response.writeHead(status).end(body)
    })
    server = started
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
    const address = started.address()
    if (typeof address !== 'object' || address === null) throw new Error('no port')
    return `http://127.0.0.1:${address.port}`
  }

  async function resetAt(endpoint: string, id = effect()) {
    const accounts = accountsAt(endpoint)
    const told = await accounts.perform('reset', jane, id)
    accounts.close()
    return told
  }

  function accountsAt(endpoint: string): CognitoAccounts {
    withCredentials()
    return new CognitoAccounts({ pools: [customers], endpoint })
  }

  const jane: AccountRef = {
    pool: customers.name,
    userPoolId: customers.userPoolId,
    sub: subOf('6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c'),
    username: 'jane',
  }
})
