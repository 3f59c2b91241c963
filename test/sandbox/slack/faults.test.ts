import { ErrorCode, WebClient } from '@slack/web-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Fault } from '../../../sandbox/slack/faults.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { connect, quiet, start } from './bolt.ts'

let slack: SlackSandbox
beforeEach(async () => {
  slack = await start()
})
afterEach(() => slack.close())

const client = (more = {}) =>
  new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    logger: quiet,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...more,
  })
const post = (more = {}) => client(more).chat.postMessage({ channel: 'C0APPROVE', text: 'hello' })
const count = () => slack.workspace.messages.all.length

it.each<[Fault['kind'], Fault, number]>([
  ['http-500-before', { kind: 'http-500-before' }, 0],
  ['http-500-after', { kind: 'http-500-after' }, 1],
  ['drop-before', { kind: 'drop-before' }, 0],
  ['drop-after', { kind: 'drop-after' }, 1],
  ['error', { kind: 'error', error: 'internal_error' }, 0],
  ['rate-limit', { kind: 'rate-limit', retryAfterSeconds: 7 }, 0],
])('%s fails one call, and does or does not do what was asked', async (_, fault, posted) => {
  slack.faults.add({ ...fault, method: 'chat.postMessage' })
  await expect(post()).rejects.toThrow()
  expect(count()).toBe(posted)
  await post()
  expect(count()).toBe(posted + 1)
})

it('tells how long to wait when the rate is limited', async () => {
  slack.faults.add({ kind: 'rate-limit', retryAfterSeconds: 7 })
  await expect(post()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 7 })
})

it('hits only calls that name the user', async () => {
  slack.faults.add({ kind: 'error', error: 'user_is_bot', user: 'U0MIA' })
  const who = (user: string) => client().users.info({ user })
  expect(await who('U0SAM')).toMatchObject({ ok: true })
  await expect(who('U0MIA')).rejects.toMatchObject({ data: { error: 'user_is_bot' } })
  expect(await who('U0MIA')).toMatchObject({ ok: true })
})

it('says beside an error what it was told to, and what the app may do', async () => {
  const more = { needed: 'chat:write', provided: 'commands' }
  slack.faults.add({ kind: 'error', error: 'missing_scope', more })
  const response_metadata = { scopes: [...slack.workspace.scopes] }
  await expect(post()).rejects.toMatchObject({ data: { ...more, response_metadata } })
})

it.each([
  [503, 7],
  [502, undefined],
])('answers with HTTP %i, and says %s about when to try again', async (status, seconds) => {
  const wait = seconds === undefined ? {} : { retryAfterSeconds: seconds }
  slack.faults.add({ kind: 'http-status', status, ...wait })
  await expect(post()).rejects.toMatchObject({ statusCode: status })
  expect(count()).toBe(0)
})

it('takes as many calls of a method in a minute as it was told', async () => {
  let ahead = 0
  slack.faults.limitRate('auth.test', 2, () => new Date(ahead))
  const ask = () => client().auth.test()
  await ask()
  ahead = 20_000
  await ask()
  await expect(ask()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 40 })
  await post()
  ahead = 60_000
  await ask()
})

it('does what was asked and never answers', async () => {
  slack.faults.add({ kind: 'hang-after', method: 'chat.postMessage' })
  await expect(post({ timeout: 200 })).rejects.toThrow()
  expect(count()).toBe(1)
})

it('neither does what was asked nor answers', async () => {
  slack.faults.add({ kind: 'hang-before', method: 'chat.postMessage' })
  await expect(post({ timeout: 200 })).rejects.toThrow()
  expect(count()).toBe(0)
})

it('shows 15 messages a minute, where the history is limited', async () => {
  let ahead = 0
  slack.faults.limitHistory(() => new Date(Date.now() + ahead))
  for (let posted = 0; posted < 20; posted += 1) await post()
  const read = (cursor = '') =>
    client().conversations.history({ channel: 'C0APPROVE', limit: 100, cursor })
  const first = await read()
  expect(first.messages).toHaveLength(15)
  await expect(read()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 60 })
  ahead = 60_000
  const second = await read(first.response_metadata?.next_cursor)
  expect(second.messages).toHaveLength(5)
})

it('answers late, but does it', async () => {
  slack.faults.add({ kind: 'slow', ms: 150 })
  const before = performance.now()
  await post()
  expect(performance.now() - before).toBeGreaterThan(140)
})

it('hits as many calls as it was told, and can be taken back', async () => {
  slack.faults.add({ kind: 'drop-before', times: 2 })
  await expect(post()).rejects.toThrow()
  await expect(post()).rejects.toThrow()
  await post()
  const takeBack = slack.faults.add({ kind: 'drop-before' })
  takeBack()
  await post()
  expect(count()).toBe(2)
})

it('goes down and comes back, and the app finds it again', async () => {
  const { stop } = await connect(slack, () => {}, 200)
  slack.faults.goDown()
  await expect(post()).rejects.toThrow()
  await slack.until(() => slack.sockets.connections === 0)
  slack.faults.comeBack()
  await slack.until(() => slack.sockets.connections === 1)
  await post()
  await stop()
})

it('keeps a transcript of what the app said, and no token', async () => {
  await post()
  const [called] = slack.transcript.callsOf('chat.postMessage')
  expect(called).toMatchObject({ args: { channel: 'C0APPROVE', text: 'hello' }, outcome: 'ok' })
  expect(slack.transcript.saidByApp()).toContain('hello')
  expect(JSON.stringify(slack.transcript)).not.toContain(slack.botToken)
})

it('tells how things stand when a wait is in vain', async () => {
  await post()
  await expect(slack.until(() => count() === 2, 20)).rejects.toThrow(
    /Not within 20 ms: .*count\(\) === 2.*chat\.postMessage → ok.*C0APPROVE: hello/s,
  )
})
