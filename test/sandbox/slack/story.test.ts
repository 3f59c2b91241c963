import type { App } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { connect, plain, start } from './bolt.ts'

let slack: SlackSandbox
let bolt: { stop: () => Promise<void> }

beforeEach(async () => {
  slack = await start({ botEvents: ['app_home_opened'] })
  bolt = await connect(slack, deskApp)
})

afterEach(async () => {
  await bolt.stop()
  await slack.close()
})

/** A desk in small: asks for an account and a reason, posts a card, and lets somebody approve it. */
function deskApp(app: App): void {
  app.command('/reset-password', async ({ ack, client, command }) => {
    await ack()
    await client.views.open({ trigger_id: command.trigger_id, view: form(command.text) })
  })
  app.options('account', async ({ ack, payload }) => {
    const found = [`${payload.value}@example.com`, 'other@example.com']
    await ack({ options: found.map((each) => ({ text: plain(each), value: each })) })
  })
  app.view('ask', async ({ ack, view, client, body }) => {
    const reason = view.state.values['why']?.['text']?.value ?? ''
    const account = view.state.values['account']?.['account']?.selected_option?.value
    if (reason === 'because') {
      await ack({ response_action: 'errors', errors: { why: 'Say a little more.' } })
      return
    }
    await ack()
    await client.chat.postMessage({
      channel: 'C0APPROVE',
      text: `<@${body.user.id}> asks for ${account}`,
      metadata: { event_type: 'card', event_payload: { id: 'r1' } },
      blocks: card(`<@${body.user.id}> asks for *${account}*`),
    })
    await client.chat.postMessage({ channel: body.user.id, text: 'It is with the leads.' })
  })
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack()
    if (body.type !== 'block_actions' || !body.channel || !body.message) return
    const done = [{ type: 'section' as const, text: plain('Approved') }]
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text: 'Approved',
      blocks: done,
    })
    await respond({ text: 'Thank you.', response_type: 'ephemeral' })
  })
  app.event('app_home_opened', async ({ event, client }) => {
    const blocks = [{ type: 'section' as const, text: plain('Nothing waits for you.') }]
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } })
  })
}

function form(hint: string): ModalView {
  return {
    type: 'modal',
    callback_id: 'ask',
    title: plain('Recover an account'),
    submit: plain('Ask'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'input',
        block_id: 'account',
        label: plain('Account'),
        element: {
          type: 'external_select',
          action_id: 'account',
          placeholder: plain(hint || 'Search'),
        },
      },
      {
        type: 'input',
        block_id: 'why',
        label: plain('Reason'),
        element: { type: 'plain_text_input', action_id: 'text', min_length: 5 },
      },
    ],
  }
}

function card(text: string) {
  const confirm = {
    title: plain('Sure?'),
    text: plain('This resets it.'),
    confirm: plain('Yes'),
    deny: plain('No'),
  }
  return [
    { type: 'section' as const, text: { type: 'mrkdwn' as const, text } },
    {
      type: 'actions' as const,
      elements: [
        {
          type: 'button' as const,
          action_id: 'approve',
          value: 'r1',
          text: plain('Approve'),
          confirm,
        },
      ],
    },
  ]
}

it('carries a request from the command to the approved card', async () => {
  const sam = slack.person('U0SAM')
  const mia = slack.person('U0MIA')

  expect(await sam.command('/reset-password', 'jane', { channel: '#support' })).toEqual({
    kind: 'done',
  })
  await slack.until(() => sam.modal)
  expect(sam.read(sam.modal ?? [])).toContain('Account: ____ (jane)')

  expect(await sam.submit()).toEqual({
    kind: 'errors',
    errors: {
      Account: 'Please complete this required field.',
      Reason: 'Please complete this required field.',
    },
  })
  expect(slack.workspace.lastEnvelopes).toHaveLength(1)

  expect(await sam.suggestions('Account', 'jane')).toEqual([
    'jane@example.com',
    'other@example.com',
  ])
  await sam.choose('Account', 'jane@example.com', { typing: 'jane' })
  await sam.type('Reason', 'because')
  expect(await sam.submit()).toEqual({ kind: 'errors', errors: { Reason: 'Say a little more.' } })
  expect(sam.read(sam.modal ?? [])).toContain('! Say a little more.')

  await sam.type('Reason', 'she lost her phone')
  expect(await sam.submit()).toEqual({ kind: 'closed' })
  expect(sam.modal).toBeUndefined()

  const posted = await slack.until(() => mia.messages('#account-approvals').at(-1))
  expect(mia.read(posted)).toBe('@Sam asks for *jane@example.com*\n[Approve]')
  const dm = await slack.until(() => sam.dm().at(-1))
  expect(sam.read(dm)).toBe('It is with the leads.')

  expect(await mia.press('Approve', { in: posted, confirm: false })).toMatchObject({
    kind: 'cancelled',
  })
  expect(await mia.press('Approve', { in: posted })).toMatchObject({
    kind: 'done',
    confirmed: { title: 'Sure?', text: 'This resets it.' },
  })
  await slack.until(() => mia.messages('C0APPROVE').length === 2)
  expect(mia.messages('C0APPROVE').map((each) => mia.read(each))).toEqual([
    'Approved',
    'Thank you.',
  ])
  expect(sam.messages('C0APPROVE').map((each) => sam.read(each))).toEqual(['Approved'])
})

it('publishes a home tab when it is opened', async () => {
  const ana = slack.person('U0ANA')
  await ana.openHome()
  const home = await slack.until(() => ana.home)
  expect(ana.read(home)).toBe('Nothing waits for you.')
})

it('tells what can be seen when a label is not there', async () => {
  const sam = slack.person('U0SAM')
  await sam.command('/reset-password')
  await slack.until(() => sam.modal)
  await expect(sam.type('Reasons', 'x')).rejects.toThrow('Visible: "Reason"')
  await expect(sam.press('Approve')).rejects.toThrow('Visible: nothing of that kind')
})

it('does not know the command for a stranger, or without the scope', async () => {
  const otto = slack.person('U0OTTO')
  expect(await otto.command('/reset-password')).toMatchObject({ kind: 'failed' })
  const narrow = await start({ scopes: ['chat:write'] })
  expect(await narrow.person('U0SAM').command('/reset-password')).toMatchObject({
    says: '/reset-password is not a valid command.',
  })
  await narrow.close()
})

it('lets somebody from outside press a button in a shared channel, as what they are', async () => {
  slack.workspace.post({
    channel: 'C0SHARED',
    user: 'U0REKEY',
    botId: 'B0REKEY',
    appId: 'A0REKEY',
    text: 'Card',
    blocks: card('Card'),
  })
  const otto = slack.person('U0OTTO')
  const seen = otto.messages('C0SHARED').at(-1)
  if (!seen) throw new Error('Otto sees no card')
  await otto.press('Approve', { in: seen })
  await slack.until(() => slack.transcript.callsOf('response_url').at(-1)?.outcome === 'ok')
  expect(slack.workspace.lastEnvelopes.at(-1)?.payload).toMatchObject({
    team: { id: 'T0OTHER' },
    user: { id: 'U0OTTO', team_id: 'T0OTHER' },
  })
  expect(() => otto.messages('#account-approvals')).toThrow('cannot see')
})

it('lets a stale card be pressed as it was seen', async () => {
  const mia = slack.person('U0MIA')
  const post = {
    channel: 'C0APPROVE',
    user: 'U0REKEY',
    botId: 'B0REKEY',
    appId: 'A0REKEY',
    text: 'Card',
  }
  const seen = slack.workspace.post({ ...post, blocks: card('Card') })
  slack.workspace.deleteMessage('C0APPROVE', seen.ts)
  await expect(mia.press('Approve', { in: seen })).rejects.toThrow('does not see')
  expect(await mia.press('Approve', { in: seen, asSeen: true })).toMatchObject({ kind: 'done' })
  await slack.until(
    () => slack.transcript.callsOf('chat.update').at(-1)?.outcome === 'message_not_found',
  )
})
