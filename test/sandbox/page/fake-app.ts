/** A small app of the test's own, with a bit of everything that people can meet in Slack. */

import type { App } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { Fields } from '../../../sandbox/slack/json.ts'
import { input, modal, plain } from '../slack/bolt.ts'

export const commands = [
  { command: '/order', description: 'Order lunch for the team', usageHint: '[what] [for whom]' },
  { command: '/orders', description: 'What has been ordered', usageHint: '' },
]

export const shortcuts = [{ callbackId: 'remember', name: 'Remember this' }]

const option = (text: string, value = text) => ({ text: plain(text), value })

export const sure = {
  title: plain('Really?'),
  text: { type: 'mrkdwn', text: 'This throws *everything* away.' },
  confirm: plain('Throw away'),
  deny: plain('Keep it'),
  style: 'danger',
}

/** One input of every kind. */
export const everyKind: Fields[] = [
  input('Dish', 'dish', { max_length: 10 }, { hint: plain('Ten characters at most') }),
  input('Notes', 'notes', { multiline: true }, { optional: true }),
  input('E-mail', 'email', { type: 'email_text_input' }),
  input('Portions', 'portions', {
    type: 'number_input',
    is_decimal_allowed: false,
    max_value: '9',
  }),
  input('Menu page', 'page', { type: 'url_text_input' }, { optional: true }),
  input('Size', 'size', {
    type: 'static_select',
    options: [option('Small'), option('Large')],
  }),
  input('Restaurant', 'restaurant', { type: 'external_select', min_query_length: 2 }),
  input('With', 'with', {
    type: 'multi_static_select',
    options: [option('Bread'), option('Rice'), option('Salad')],
  }),
  input('For', 'for', { type: 'users_select' }),
  input('Tell', 'tell', { type: 'conversations_select' }, { optional: true }),
  input('How', 'how', {
    type: 'radio_buttons',
    options: [{ ...option('Pick up'), description: plain('You go there') }, option('Delivery')],
  }),
  input(
    'Extras',
    'extras',
    { type: 'checkboxes', options: [option('Napkins'), option('Cutlery')] },
    { optional: true },
  ),
  input('Day', 'day', { type: 'datepicker' }),
  input('Time', 'time', { type: 'timepicker' }),
  input('Reminder', 'reminder', { type: 'datetimepicker' }, { optional: true }),
]

export interface Heard {
  /** The values of every submission, newest last. */
  readonly submitted: Fields[]
  readonly clicked: string[]
}

/** Registers everything; what the app hears is noted in `heard`. */
export function register(app: App, heard: Heard): void {
  app.command('/order', async ({ ack, command, client, respond }) => {
    await ack()
    if (command.text === 'quietly') {
      await respond({ response_type: 'ephemeral', text: 'Only *you* see this <@U0MIA>' })
      return
    }
    await client.views.open({ trigger_id: command.trigger_id, view: view(everyKind, 'order') })
  })
  app.command('/orders', async ({ ack, command, client }) => {
    await ack()
    await client.views.open({
      trigger_id: command.trigger_id,
      view: view([{ type: 'actions', elements: [button('Details', 'details')] }], 'orders'),
    })
  })
  app.options(/.*/, async ({ ack, payload }) => {
    const all = ['Da Mario', 'Daikon House', 'The Old Oak']
    await ack({ options: all.filter((each) => each.includes(payload.value)).map((x) => option(x)) })
  })
  app.view('order', async ({ ack, view: { state } }) => {
    heard.submitted.push(JSON.parse(JSON.stringify(state.values)))
    const dish = state.values['dish']?.['text']?.value
    if (dish === 'soup')
      await ack({ response_action: 'errors', errors: { dish: 'The soup is out' } })
    else await ack({ response_action: 'update', view: view([section('Thank you')], 'thanks') })
  })
  app.view(/.*/, async ({ ack }) => ack())
  app.action('details', async ({ ack, body, client }) => {
    await ack()
    if (!('trigger_id' in body)) return
    await client.views.push({
      trigger_id: body.trigger_id,
      view: view([section('Two soups')], 'x'),
    })
  })
  app.action(/.*/, async ({ ack, action }) => {
    await ack()
    heard.clicked.push('action_id' in action ? action.action_id : '')
  })
  app.shortcut('remember', async ({ ack, shortcut, client }) => {
    await ack()
    if (shortcut.type !== 'message_action') return
    const text = `Remembered: ${shortcut.message.text ?? ''}`
    await client.chat.postMessage({ channel: shortcut.channel.id, text })
  })
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: plain('Your orders') }] },
    })
  })
}

export const section = (text: string): Fields => ({
  type: 'section',
  text: { type: 'mrkdwn', text },
})

export const button = (text: string, action_id: string, more: Fields = {}): Fields => ({
  type: 'button',
  text: plain(text),
  action_id,
  ...more,
})

// Block Kit out of plain objects: the simulated Slack checks them, the types of the SDK don't have to.
function view(blocks: Fields[], callback_id: string): ModalView {
  const definition: unknown = modal(blocks, { callback_id, title: plain('Lunch') })
  return definition as ModalView
}
