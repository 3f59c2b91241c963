import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fields, fieldsOf } from '../../../sandbox/slack/json.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { call, input, modal, plain, start } from './bolt.ts'

let slack: SlackSandbox
let now = new Date('2026-05-01T10:00:00Z')

beforeEach(async () => {
  now = new Date('2026-05-01T10:00:00Z')
  slack = await start({ now: () => now })
})
afterEach(() => slack.close())

const trigger = (viewId?: string) => slack.workspace.triggers.issue('U0SAM', viewId)
const open = (view: Fields, trigger_id = trigger()) =>
  call(slack, 'views.open', { trigger_id, view })
const idOf = (answer: Fields) => fieldsOf(answer['view'])['id']
const sam = () => slack.person('U0SAM')

describe('trigger ids', () => {
  it('open one view, once', async () => {
    const once = trigger()
    expect(await open(modal([]), once)).toMatchObject({ ok: true })
    expect(await open(modal([]), once)).toMatchObject({ error: 'exchanged_trigger_id' })
  })

  it('are good for exactly three seconds', async () => {
    const [inTime, tooLate] = [trigger(), trigger()]
    now = new Date(now.getTime() + 3000)
    expect(await open(modal([]), inTime)).toMatchObject({ ok: true })
    now = new Date(now.getTime() + 1)
    expect(await open(modal([]), tooLate)).toMatchObject({ error: 'expired_trigger_id' })
  })

  it('cannot be made up', async () => {
    expect(await open(modal([]), '1.2.abcdef')).toMatchObject({ error: 'invalid_trigger_id' })
    expect(await open(modal([]), 'open sesame')).toMatchObject({ error: 'invalid_arguments' })
  })

  it('survive a view that was refused', async () => {
    const same = trigger()
    expect(await open(modal([], { title: plain('x'.repeat(25)) }), same)).toEqual({
      ok: false,
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    })
    expect(await open(modal([]), same)).toMatchObject({ ok: true })
  })
})

describe('the stack', () => {
  it('is three deep', async () => {
    const push = async (viewId: unknown) =>
      call(slack, 'views.push', { trigger_id: trigger(String(viewId)), view: modal([]) })
    const first = await open(modal([]))
    const second = await push(idOf(first))
    const third = await push(idOf(second))
    expect(fieldsOf(third['view'])).toMatchObject({
      root_view_id: idOf(first),
      previous_view_id: idOf(second),
    })
    expect(await push(idOf(third))).toMatchObject({ error: 'push_limit_reached' })
  })

  it('is pushed to only from inside', async () => {
    expect(
      await call(slack, 'views.push', { trigger_id: trigger(), view: modal([]) }),
    ).toMatchObject({
      error: 'not_found',
    })
  })
})

describe('updating', () => {
  const update = (args: Fields) => call(slack, 'views.update', args)

  it('keeps what was typed where the ids stay, and nothing else', async () => {
    const view_id = idOf(await open(modal([input('A', 'a'), input('B', 'b')])))
    await sam().type('A', 'typed in A')
    await sam().type('B', 'typed in B')
    await update({ view_id, view: modal([input('A again', 'a'), input('B', 'b2')]) })
    expect(sam().modal?.values).toEqual({
      a: { text: { type: 'plain_text_input', value: 'typed in A' } },
      b2: { text: { type: 'plain_text_input', value: null } },
    })
  })

  it('is refused with a hash that is no longer right', async () => {
    const opened = await open(modal([], { external_id: 'mine' }))
    const { hash } = fieldsOf(opened['view'])
    expect(await update({ external_id: 'mine', hash, view: modal([]) })).toMatchObject({ ok: true })
    const view_id = idOf(opened)
    expect(await update({ view_id, hash, view: modal([]) })).toMatchObject({
      error: 'hash_conflict',
    })
    expect(await update({ view_id, view: modal([]) })).toMatchObject({ ok: true })
  })

  it('does not find a view somebody has closed', async () => {
    const view_id = idOf(await open(modal([])))
    await sam().closeModal()
    expect(await update({ view_id, view: modal([]) })).toMatchObject({ error: 'not_found' })
  })

  it('refuses an external_id that another view has', async () => {
    await open(modal([], { external_id: 'mine' }))
    const view = { type: 'home', blocks: [], external_id: 'mine' }
    expect(await call(slack, 'views.publish', { user_id: 'U0MIA', view })).toMatchObject({
      error: 'duplicate_external_id',
    })
  })
})

describe('what the client checks by itself', () => {
  it('asks for lengths, addresses and numbers before it sends anything', async () => {
    await open(
      modal([
        input('Reason', 'r', { min_length: 5, max_length: 8 }),
        input('Mail', 'm', { type: 'email_text_input' }),
        input('Count', 'n', { type: 'number_input', is_decimal_allowed: false, max_value: '9' }),
        input('Note', 'o', {}, { optional: true }),
      ]),
    )
    await sam().type('Reason', 'four')
    await sam().type('Mail', 'nobody')
    await sam().type('Count', '10')
    expect(await sam().submit()).toEqual({
      kind: 'errors',
      errors: {
        Reason: 'Please enter at least 5 characters.',
        Mail: 'Please enter a valid email address.',
        Count: 'Please enter a number that is at most 9.',
      },
    })
    expect(slack.workspace.lastEnvelopes).toEqual([])
  })
})
