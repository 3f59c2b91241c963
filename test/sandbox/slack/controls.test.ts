import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Fields, fieldsOf, rowsOf } from '../../../sandbox/slack/json.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { acmeWorkspace } from '../../../sandbox/world/workspace-seed.ts'
import { call, connect, input, modal, plain, start } from './bolt.ts'

let slack: SlackSandbox
let bolt: { stop: () => Promise<void> }
let submitted: unknown

beforeEach(async () => {
  slack = await start()
  bolt = await connect(slack, (app) => {
    app.action(/.*/, async ({ ack }) => ack())
    app.view(/.*/, async ({ ack, view }) => {
      submitted = view.state.values
      await ack()
    })
  })
})
afterEach(async () => {
  await bolt.stop()
  await slack.close()
})

const sam = () => slack.person('U0SAM')
const show = (blocks: Fields[]) => {
  const trigger_id = slack.workspace.triggers.issue('U0SAM')
  return call(slack, 'views.open', { trigger_id, view: modal(blocks, { callback_id: 'any' }) })
}
const option = (text: string): Fields => ({ text: plain(text), value: text.toLowerCase() })
const options = [option('Red'), option('Green'), option('Blue')]
const beside = (text: string, accessory: Fields): Fields => ({
  type: 'section',
  block_id: 'section',
  text: plain(text),
  accessory: { action_id: 'used', ...accessory },
})
const asked = (label: string, element: Fields, more: Fields = {}) =>
  input(label, label.toLowerCase(), { action_id: 'value', ...element }, more)
const lastPayload = () => fieldsOf(slack.workspace.lastEnvelopes.at(-1)?.payload)
const lastAction = () => rowsOf(lastPayload()['actions'])[0]

it('sends a choice beside a section at once, and shows it', async () => {
  await show([beside('Colour', { type: 'static_select', options })])
  await sam().choose('Colour', 'Green')
  expect(lastAction()).toMatchObject({
    type: 'static_select',
    action_id: 'used',
    block_id: 'section',
    selected_option: { value: 'green' },
    action_ts: expect.any(String),
  })
  expect(lastPayload()).toMatchObject({ container: { type: 'view', view_id: sam().modal?.id } })
  expect(sam().read(sam().modal ?? [])).toContain('Colour Green')
})

it('sends what an overflow menu offers', async () => {
  await show([beside('More', { type: 'overflow', options })])
  await sam().choose('More', 'Blue')
  expect(lastAction()).toMatchObject({ type: 'overflow', selected_option: { value: 'blue' } })
})

it('keeps what is entered in inputs until it is submitted', async () => {
  await show([
    asked('Colour', { type: 'radio_buttons', options }),
    asked('Colours', { type: 'multi_static_select', options }),
    asked('Boxes', { type: 'checkboxes', options, initial_options: [option('Red')] }),
    asked('Who', { type: 'users_select' }),
    asked('Where', { type: 'conversations_select' }),
    asked('When', { type: 'datepicker' }),
  ])
  await sam().choose('Colour', 'Blue')
  await sam().choose('Colours', 'Red')
  await sam().choose('Colours', 'Green')
  await sam().check('Boxes', 'Red')
  await sam().check('Boxes', 'Blue')
  await sam().choose('Who', 'Jane Doe')
  await sam().choose('Where', '#account-approvals')
  await sam().type('When', '2026-05-01')
  expect(slack.workspace.lastEnvelopes).toEqual([])
  expect(sam().read(sam().modal ?? [])).toContain('Boxes: ( ) Red  ( ) Green  (x) Blue')
  expect(await sam().submit()).toEqual({ kind: 'closed' })
  expect(submitted).toEqual({
    colour: { value: { type: 'radio_buttons', selected_option: option('Blue') } },
    colours: {
      value: { type: 'multi_static_select', selected_options: [option('Red'), option('Green')] },
    },
    boxes: { value: { type: 'checkboxes', selected_options: [option('Blue')] } },
    who: { value: { type: 'users_select', selected_user: 'U0JANE' } },
    where: { value: { type: 'conversations_select', selected_conversation: 'C0APPROVE' } },
    when: { value: { type: 'datepicker', selected_date: '2026-05-01' } },
  })
})

it('tells the app at once of an input that dispatches, with what was entered', async () => {
  await show([asked('Method', { type: 'static_select', options }, { dispatch_action: true })])
  await sam().choose('Method', 'Red')
  expect(lastPayload()).toMatchObject({
    type: 'block_actions',
    view: { state: { values: { method: { value: { selected_option: { value: 'red' } } } } } },
  })
})

it('keeps what one person entered in a message apart from another', async () => {
  const blocks = [beside('Colour', { type: 'static_select', options })]
  await call(slack, 'chat.postMessage', { channel: 'C0APPROVE', text: 'card', blocks })
  const [card] = sam().messages('C0APPROVE')
  if (!card) throw new Error('There is no card')
  await sam().choose('Colour', 'Red', { in: card })
  expect(lastPayload()).toMatchObject({
    container: {
      type: 'message',
      message_ts: card.ts,
      channel_id: 'C0APPROVE',
      is_ephemeral: false,
    },
    message: { bot_id: 'B0REKEY', app_id: 'A0REKEY', text: 'card' },
    state: { values: { section: { used: { selected_option: { value: 'red' } } } } },
    response_url: expect.stringContaining('/response/'),
  })
  await slack.person('U0MIA').choose('Colour', 'Blue', { in: card })
  expect(lastPayload()).toMatchObject({
    user: { id: 'U0MIA' },
    state: { values: { section: { used: { selected_option: { value: 'blue' } } } } },
  })
})

it('does not send an ephemeral message along with a click on it', async () => {
  const blocks = [
    { type: 'actions', elements: [{ type: 'button', text: plain('Go'), value: 'v' }] },
  ]
  await call(slack, 'chat.postEphemeral', {
    channel: 'C0APPROVE',
    user: 'U0SAM',
    text: 'psst',
    blocks,
  })
  const [whisper] = sam().messages('C0APPROVE')
  if (!whisper) throw new Error('There is no whisper')
  await sam().press('Go', { in: whisper })
  expect(lastPayload()).toMatchObject({ container: { is_ephemeral: true } })
  expect(lastPayload()).not.toHaveProperty('message')
})

it('tells equal buttons apart by what stands beside them', async () => {
  const row = (text: string): Fields => ({
    ...beside(text, { type: 'button', text: plain('Open'), value: text }),
    block_id: text,
  })
  await show([row('First'), row('Second')])
  await expect(sam().press('Open')).rejects.toThrow('2 things are labelled "Open"')
  await sam().press('Open', { section: 'Second' })
  expect(lastAction()).toMatchObject({ value: 'Second' })
})

it('escapes people, channels and addresses in a command that asks for it', async () => {
  const commands = [
    { command: '/reset-password', description: '', usageHint: '', shouldEscape: true },
  ]
  const escaping = await start({ seed: { ...acmeWorkspace(), commands } })
  await escaping.person('U0SAM').command('/reset-password', '@jane #support a@b.example <&>')
  expect(escaping.workspace.lastEnvelopes[0]?.payload).toMatchObject({
    text: '<@U0JANE|jane> <#C0SUPPORT|support> <mailto:a@b.example|a@b.example> &lt;&amp;&gt;',
  })
  await escaping.close()
})

it('does nothing for somebody who was deactivated', async () => {
  await expect(slack.person('U0DEE').command('/reset-password')).rejects.toThrow('deactivated')
})
