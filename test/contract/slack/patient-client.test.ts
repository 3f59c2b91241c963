/** A client that waits for Slack, over the wire, with the time it waits for handed in. */

import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../../sandbox/slack/faults.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { Secret } from '../../../src/secret.ts'
import { slackLogger } from '../../../src/slack/api/logger.ts'
import { PatientClient, RefusedCall, type Wait } from '../../../src/slack/api/patient-client.ts'
import { start } from '../../sandbox/slack/bolt.ts'

let slack: SlackSandbox
let waits: Wait[]
let sleep: () => Promise<void>
let client: PatientClient

beforeEach(async () => {
  slack = await start()
  waits = []
  sleep = async () => {}
  client = clientOf(slack.botToken)
})
afterEach(() => slack.close())

const sam = () => client.users.info({ user: 'U0SAM' })
const calls = () => slack.transcript.callsOf('users.info').length
const seconds = () => waits.map((wait) => wait.seconds)

describe('what passes', () => {
  const asked = { retryAfterSeconds: 40 }
  it.each<[string, Fault, number, string]>([
    ['asked for patience', { kind: 'rate-limit', ...asked }, 40, 'ratelimited'],
    ['asked without saying how long', { kind: 'http-status', status: 429 }, 1, 'ratelimited'],
    ['asked in the answer itself', { kind: 'error', error: 'ratelimited' }, 1, 'ratelimited'],
    ['unavailable', { kind: 'http-status', status: 503, ...asked }, 40, 'http_503'],
    ['unavailable, who knows how long', { kind: 'http-status', status: 503 }, 1, 'http_503'],
    ['behind a gateway that times out', { kind: 'http-status', status: 504 }, 1, 'http_504'],
    ['in trouble', { kind: 'http-500-before' }, 1, 'http_500'],
    ['in trouble of its own', { kind: 'error', error: 'internal_error' }, 1, 'internal_error'],
    ['gone', { kind: 'error', error: 'service_unavailable' }, 1, 'service_unavailable'],
    ['out of its mind', { kind: 'error', error: 'fatal_error' }, 1, 'fatal_error'],
    ['a page of somebody else', { kind: 'error', error: '<html> Log in' }, 1, 'unreadable_answer'],
  ])('is waited for, and told of once: %s', async (_, fault, wait, because) => {
    slack.faults.add(fault)
    expect((await sam()).user?.id).toBe('U0SAM')
    expect(waits).toEqual([{ method: 'users.info', seconds: wait, because }])
  })

  it('is waited for where the connection breaks', async () => {
    slack.faults.add({ kind: 'drop-before' })
    await sam()
    expect(waits).toEqual([{ method: 'users.info', seconds: 1, because: expect.any(String) }])
  })

  it('is waited for twice as long each time, where Slack says nothing about it', async () => {
    slack.faults.add({ kind: 'http-status', status: 502, times: 7 })
    await sam()
    expect(seconds()).toEqual([1, 2, 4, 8, 16, 30, 30])
  })

  it('is waited for by all who ask for the same meanwhile, and by nobody else', async () => {
    slack.faults.add({ kind: 'rate-limit', method: 'users.info', retryAfterSeconds: 9 })
    const asleep = Promise.withResolvers<void>()
    sleep = () => asleep.promise
    const first = sam()
    await expect.poll(seconds).toEqual([9])
    const second = sam()
    await client.auth.test()
    expect(calls()).toBe(1)
    asleep.resolve()
    await Promise.all([first, second])
    expect(calls()).toBe(3)
    expect(seconds()).toEqual([9])
  })
})

describe('the wait', () => {
  it('ends after five minutes, with what was asked and why', async () => {
    slack.faults.add({ kind: 'rate-limit', times: 100, retryAfterSeconds: 60 })
    await expect(sam()).rejects.toThrow(
      'Slack could not be asked within 5 minutes (users.info: ratelimited)',
    )
    expect(seconds()).toEqual([60, 60, 60, 60, 60])
  })

  it.each<Fault>([
    { kind: 'rate-limit', retryAfterSeconds: 3_600 },
    { kind: 'http-status', status: 503, retryAfterSeconds: 3_600 },
  ])('does not begin where Slack asks for more than that: $kind', async (fault) => {
    slack.faults.add(fault)
    await expect(sam()).rejects.toThrow('Slack takes no users.info for another 3600 s')
    expect(waits).toEqual([])
  })

  it('does not begin where it is no use', async () => {
    slack.faults.add({ kind: 'http-status', status: 403 })
    await expect(sam()).rejects.toThrow('Slack could not be reached (users.info: http_403)')
    expect(waits).toEqual([])
  })
})

describe('a refusal', () => {
  it.each(['invalid_auth', 'token_revoked', 'account_inactive', 'token_expired', 'not_authed'])(
    'of the token is called one: %s',
    async (error) => {
      slack.faults.add({ kind: 'error', error })
      await expect(sam()).rejects.toThrow(`Slack does not accept SLACK_BOT_TOKEN (${error})`)
      expect(waits).toEqual([])
    },
  )

  it('of one call says which', async () => {
    slack.faults.add({ kind: 'error', error: 'enterprise_is_restricted' })
    const refusal = await sam().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(RefusedCall)
    expect(refusal).toMatchObject({ method: 'users.info' })
    expect(waits).toEqual([])
  })
})

function clientOf(botToken: string): PatientClient {
  return new PatientClient({
    access: {
      apiUrl: slack.apiUrl,
      botToken: new Secret(botToken),
      appToken: new Secret(slack.appToken),
    },
    logger: slackLogger(pino({ level: 'silent' })),
    onWait: (wait) => waits.push(wait),
    sleep: () => sleep(),
  })
}
