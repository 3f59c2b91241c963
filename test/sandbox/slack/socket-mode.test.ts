import type { App } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Fields, fieldsOf, parseJson, stringOf } from '../../../sandbox/slack/json.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { call, connect, input, modal, plain, start } from './bolt.ts'

let slack: SlackSandbox
const ended: (() => unknown)[] = []

beforeEach(async () => {
  slack = await start({ ackDeadlineMs: 250, botEvents: ['message.groups'] })
})
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
  await slack.close()
})

const bolt = async (register: (app: App) => void, pingTimeout?: number) => {
  const { stop } = await connect(slack, register, pingTimeout)
  ended.push(stop)
}

async function connectionUrl(): Promise<string> {
  return stringOf((await call(slack, 'apps.connections.open', {}, slack.appToken))['url'])
}

/** A connection without any SDK, which answers each envelope as `answer` says. */
async function bare(answer: (envelope: Fields) => Fields | undefined): Promise<Fields[]> {
  const received: Fields[] = []
  const socket = new WebSocket(await connectionUrl())
  ended.push(() => socket.terminate())
  socket.on('message', (data) => {
    const frame = fieldsOf(parseJson(String(data)))
    received.push(frame)
    const ack = frame['envelope_id'] === undefined ? undefined : answer(frame)
    if (ack) socket.send(JSON.stringify(ack))
  })
  await new Promise((resolve) => socket.once('message', resolve))
  return received
}
const ackAll = (envelope: Fields): Fields => ({ envelope_id: envelope['envelope_id'] })
const sam = () => slack.person('U0SAM')
const showModal = (view: Fields) =>
  call(slack, 'views.open', { trigger_id: slack.workspace.triggers.issue('U0SAM'), view })

describe('connections', () => {
  it('are greeted with the app they belong to', async () => {
    const [hello] = await bare(ackAll)
    expect(hello).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: 'A0REKEY' },
    })
  })

  it('get each envelope once, in turn', async () => {
    const received = [await bare(ackAll), await bare(ackAll)]
    for (let count = 0; count < 4; count += 1) await sam().command('/reset-password')
    expect(received.map((frames) => frames.length - 1)).toEqual([2, 2])
  })

  it('are ten at most', async () => {
    for (let count = 0; count < 10; count += 1) await bare(ackAll)
    const [frame] = await bare(ackAll)
    expect(frame).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' })
    expect(slack.sockets.connections).toBe(10)
  })

  it('need a fresh ticket each', async () => {
    const url = await connectionUrl()
    const opening = (): Promise<string> =>
      new Promise((resolve) => {
        const socket = new WebSocket(url)
        ended.push(() => socket.terminate())
        socket.once('open', () => resolve('open'))
        socket.once('error', () => resolve('refused'))
      })
    expect(await opening()).toBe('open')
    expect(await opening()).toBe('refused')
  })

  it('come back after a refresh, and after being cut', async () => {
    await bolt((app) => app.command('/reset-password', async ({ ack }) => ack()), 300)
    slack.sockets.disconnect('refresh_requested')
    expect(await sam().command('/reset-password')).toMatchObject({ kind: 'failed' })
    await slack.until(() => slack.sockets.connections === 1)
    expect(await sam().command('/reset-password')).toEqual({ kind: 'done' })
    slack.sockets.kill()
    await slack.until(() => slack.sockets.connections === 0)
    await slack.until(() => slack.sockets.connections === 1)
    expect(await sam().command('/reset-password')).toEqual({ kind: 'done' })
  })
})

describe('a connection that ends with an envelope on its way', () => {
  it.each(['warning', 'refresh_requested', 'cut'] as const)(
    '%s: the envelope arrives, and its acknowledgement does not',
    async (ending) => {
      let arrived = 0
      await bolt((app) => {
        app.command('/reset-password', async ({ ack }) => {
          arrived += 1
          await new Promise((resolve) => setTimeout(resolve, 50))
          await ack()
        })
      }, 300)
      slack.sockets.endAfterNext(ending)
      expect(await sam().command('/reset-password')).toMatchObject({ kind: 'failed' })
      await expect.poll(() => arrived).toBe(1)
      await slack.until(() => slack.sockets.connections === 1)
      expect(await sam().command('/reset-password')).toEqual({ kind: 'done' })
    },
  )
})

describe('the deadline', () => {
  it('shows a command that was not acknowledged in time', async () => {
    await bolt((app) => app.command('/reset-password', async () => {}))
    expect(await sam().command('/reset-password', '', { channel: 'C0SUPPORT' })).toEqual({
      kind: 'failed',
      says: '/reset-password failed with the error "operation_timeout"',
    })
    expect(sam().messages('C0SUPPORT').at(-1)).toMatchObject({
      user: 'USLACKBOT',
      onlyFor: 'U0SAM',
    })
    expect(slack.transcript.deliveries.at(-1)?.outcome).toBe('timeout')
  })

  it('shows a command when nobody is connected', async () => {
    expect(await sam().command('/reset-password')).toMatchObject({
      says: '/reset-password failed with the error "dispatch_failed"',
    })
  })

  it('keeps a modal open whose submission was not answered', async () => {
    await showModal(modal([]))
    expect(await sam().submit()).toEqual({
      kind: 'failed',
      says: 'We had some trouble connecting. Try again?',
    })
    expect(sam().modal).toBeDefined()
  })

  it('marks a button that did nothing', async () => {
    const button = { type: 'button', text: plain('Go') }
    await showModal(modal([{ type: 'actions', elements: [button] }]))
    expect(await sam().press('Go')).toMatchObject({ kind: 'failed' })
  })

  it('counts an acknowledgement only on the connection that was asked', async () => {
    const elsewhere = new WebSocket(await connectionUrl())
    ended.push(() => elsewhere.terminate())
    await new Promise((resolve) => elsewhere.once('message', resolve))
    const asked = await bare((envelope) => void elsewhere.send(JSON.stringify(ackAll(envelope))))
    // One of two in turn goes to the connection that lets the other answer.
    const outcomes = [
      await sam().command('/reset-password'),
      await sam().command('/reset-password'),
    ]
    expect(asked).toHaveLength(2)
    expect(outcomes.map((each) => each.kind)).toEqual(['failed', 'failed'])
  })

  it('sends an event again when it was not acknowledged, and says which attempt it is', async () => {
    let seen = 0
    const received = await bare((envelope) => {
      seen += 1
      return seen === 3 ? ackAll(envelope) : undefined
    })
    sam().say('C0APPROVE', 'hello')
    await slack.until(() => slack.transcript.deliveries.at(-1)?.outcome === 'acked')
    expect(received.slice(1).map((each) => each['retry_attempt'])).toEqual([0, 1, 2])
    const ids = received.slice(1).map((each) => fieldsOf(each['payload'])['event_id'])
    expect(new Set(ids).size).toBe(1)
  })
})

describe('answers to a submission', () => {
  const answering = (payload: Fields) => bare((envelope) => ({ ...ackAll(envelope), payload }))

  it('update and push views', async () => {
    await showModal(modal([]))
    await answering({ response_action: 'update', view: modal([], { title: plain('Second') }) })
    expect(await sam().submit()).toEqual({ kind: 'updated' })
    expect(sam().read(sam().modal ?? [])).toContain('Second')
    slack.sockets.kill()
    await slack.until(() => slack.sockets.connections === 0)
    await answering({ response_action: 'push', view: modal([]) })
    expect(await sam().submit()).toEqual({ kind: 'pushed' })
    expect(slack.workspace.views.stack('U0SAM')).toHaveLength(2)
  })

  it('clear the whole stack', async () => {
    await showModal(modal([]))
    await answering({ response_action: 'clear' })
    expect(await sam().submit()).toEqual({ kind: 'closed' })
    expect(sam().modal).toBeUndefined()
  })

  it.each<[string, Fields]>([
    [
      'errors for a block that is no input',
      { response_action: 'errors', errors: { nowhere: 'x' } },
    ],
    [
      'a view Slack would refuse',
      { response_action: 'update', view: modal([], { title: plain('x'.repeat(25)) }) },
    ],
    ['an unknown action', { response_action: 'explode' }],
  ])('look like trouble when they are %s', async (_, payload) => {
    await showModal(modal([input('A', 'a', {}, { optional: true })]))
    await answering(payload)
    expect(await sam().submit()).toMatchObject({ kind: 'failed' })
    expect(slack.transcript.deliveries.at(-1)?.problems).toHaveLength(1)
  })
})

it('tells the app of a closed view only if the view asks for it', async () => {
  const received = await bare(ackAll)
  await showModal(modal([]))
  await sam().closeModal()
  await showModal(modal([], { notify_on_close: true, callback_id: 'form' }))
  await sam().closeModal({ all: true })
  expect(received.slice(1).map((each) => each['payload'])).toMatchObject([
    { type: 'view_closed', is_cleared: true, view: { callback_id: 'form' } },
  ])
})

it('delivers again what was delivered before, or something tampered with', async () => {
  const received = await bare(ackAll)
  await sam().command('/reset-password', 'jane')
  const [envelope] = slack.workspace.lastEnvelopes
  if (!envelope) throw new Error('Nothing was delivered')
  await slack.workspace.deliver(envelope)
  await slack.workspace.deliver({ ...envelope, payload: { ...envelope.payload, user_id: 'U0EVE' } })
  expect(received[2]).toEqual(received[1])
  expect(received[3]).toMatchObject({ payload: { user_id: 'U0EVE', text: 'jane' } })
})

it('tells subscribers that an administrator deleted a message', async () => {
  const received = await bare(ackAll)
  const { ts } = await call(slack, 'chat.postMessage', { channel: 'C0APPROVE', text: 'card' })
  slack.workspace.deleteMessage('C0APPROVE', stringOf(ts))
  await slack.until(() => received.length === 3)
  expect(received[2]).toMatchObject({
    type: 'events_api',
    payload: { event: { subtype: 'message_deleted', deleted_ts: ts, channel: 'C0APPROVE' } },
  })
})
