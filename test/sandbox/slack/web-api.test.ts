import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fields, fieldsOf, rowsOf, stringOf } from '../../../sandbox/slack/json.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { allScopes, call, plain, start } from './bolt.ts'

let slack: SlackSandbox
let now = new Date('2026-05-01T10:00:00Z')

beforeEach(async () => {
  now = new Date('2026-05-01T10:00:00Z')
  slack = await start({ now: () => now })
})
afterEach(() => slack.close())

const post = (args: Fields) => call(slack, 'chat.postMessage', { channel: 'C0APPROVE', ...args })
const posted = async (args: Fields) => stringOf((await post(args))['ts'])
const error = (answer: Fields) => answer['error']

describe('who may call', () => {
  it('names the scope a method lacks', async () => {
    const narrow = await start({ scopes: allScopes.filter((each) => each !== 'usergroups:read') })
    expect(await call(narrow, 'usergroups.list')).toMatchObject({
      ok: false,
      error: 'missing_scope',
      needed: 'usergroups:read',
      provided: expect.stringContaining('chat:write'),
    })
    await narrow.close()
  })

  it('hides e-mails without users:read.email', async () => {
    const narrow = await start({ scopes: ['users:read'] })
    const seen = await call(narrow, 'users.info', { user: 'U0SAM' })
    expect(fieldsOf(seen['user'])['profile']).not.toHaveProperty('email')
    const full = await call(slack, 'users.info', { user: 'U0SAM' })
    expect(fieldsOf(full['user'])['profile']).toMatchObject({ email: 'sam@acme.example' })
    await narrow.close()
  })

  it('takes other scopes for the same token, as after installing the app again', async () => {
    slack.workspace.scopes = ['chat:write']
    expect(await call(slack, 'users.info', { user: 'U0SAM' })).toMatchObject({
      error: 'missing_scope',
      needed: 'users:read',
      provided: 'chat:write',
    })
    slack.workspace.scopes = allScopes
    expect(await call(slack, 'users.info', { user: 'U0SAM' })).toMatchObject({ ok: true })
  })

  it('shows nobody whom the app may not see', async () => {
    const { directory } = slack.workspace
    const { email } = directory.memberOrThrow('U0MIA')
    directory.setMember('U0MIA', { isHidden: true })
    expect(error(await call(slack, 'users.info', { user: 'U0MIA' }))).toBe('user_not_visible')
    expect(error(await call(slack, 'users.lookupByEmail', { email }))).toBe('users_not_found')
    const listed = rowsOf((await call(slack, 'users.list'))['members'])
    expect(listed.map(({ id }) => id)).not.toContain('U0MIA')
  })

  it('tells tokens apart', async () => {
    expect(error(await call(slack, 'auth.test', {}, 'xoxb-wrong'))).toBe('invalid_auth')
    expect(error(await call(slack, 'auth.test', {}, ''))).toBe('not_authed')
    expect(error(await call(slack, 'auth.test', {}, slack.appToken))).toBe('not_allowed_token_type')
    expect(error(await call(slack, 'apps.connections.open'))).toBe('not_allowed_token_type')
    expect(error(await call(slack, 'chat.shout'))).toBe('unknown_method')
  })

  it('shows guests, the deactivated and people of other teams for what they are', async () => {
    const user = async (id: string) => (await call(slack, 'users.info', { user: id }))['user']
    expect(await user('U0GUS')).toMatchObject({ is_restricted: true, is_ultra_restricted: true })
    expect(await user('U0DEE')).toMatchObject({ deleted: true })
    expect(await user('U0OTTO')).toMatchObject({ team_id: 'T0OTHER', is_stranger: false })
    expect(await user('U0REKEY')).toMatchObject({ is_bot: true })
    expect(error(await call(slack, 'users.info', { user: 'U0NIL' }))).toBe('user_not_found')
  })
})

describe('posting', () => {
  it('goes only where the bot may post', async () => {
    slack.workspace.directory.setChannel('C0AUDIT', { archived: true })
    slack.workspace.directory.setChannel('C0SHARED', { members: ['U0SAM'] })
    const to = async (channel: string) => error(await post({ channel, text: 'hello' }))
    expect(await to('C0GENERAL')).toBe('not_in_channel')
    expect(await to('C0SHARED')).toBe('channel_not_found')
    expect(await to('C0NIL')).toBe('channel_not_found')
    expect(await to('C0AUDIT')).toBe('is_archived')
    expect(await to('U0DEE')).toBe('channel_not_found')
    expect(await to('U0REKEY')).toBe('cannot_dm_bot')
    expect(error(await post({}))).toBe('no_text')
  })

  it('opens a direct message for a user id', async () => {
    expect(await post({ channel: 'U0SAM', text: 'hello' })).toMatchObject({ channel: 'D0SAM' })
    expect(slack.person('U0SAM').dm()).toHaveLength(1)
  })

  it('gives rising timestamps though the clock stands still', async () => {
    const stamps = [
      await posted({ text: 'a' }),
      await posted({ text: 'b' }),
      await posted({ text: 'c' }),
    ]
    expect(new Set(stamps).size).toBe(3)
    expect([...stamps].sort()).toEqual(stamps)
  })

  it('truncates above 40,000 characters and says so', async () => {
    const answer = await post({ text: 'x'.repeat(40_001) })
    expect(answer).toMatchObject({ ok: true, warning: 'message_truncated' })
    expect(slack.workspace.messages.all.at(-1)?.text).toHaveLength(40_000)
  })

  it('points at what is wrong in blocks', async () => {
    const blocks = [{ type: 'section', text: plain('x'.repeat(3001)) }]
    expect(await post({ blocks })).toEqual({
      ok: false,
      error: 'invalid_blocks',
      response_metadata: {
        messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
      },
    })
    expect(error(await post({ blocks: '[{' }))).toBe('invalid_blocks_format')
  })

  it('answers in threads that exist', async () => {
    const ts = await posted({ text: 'parent' })
    const reply = await posted({ text: 'reply', thread_ts: ts })
    expect(error(await post({ text: 'x', thread_ts: '1.000001' }))).toBe('thread_not_found')
    expect(error(await post({ text: 'x', thread_ts: 'today' }))).toBe('invalid_thread_ts')
    const sam = slack.person('U0SAM')
    expect(sam.messages('C0APPROVE')).toHaveLength(1)
    expect(sam.replies('C0APPROVE', ts).map((each) => each.ts)).toEqual([reply])
  })

  it('keeps the replies of a deleted message under a tombstone', async () => {
    const ts = await posted({ text: 'parent' })
    await posted({ text: 'reply', thread_ts: ts })
    expect(await call(slack, 'chat.delete', { channel: 'C0APPROVE', ts })).toMatchObject({
      ok: true,
    })
    const sam = slack.person('U0SAM')
    expect(sam.messages('C0APPROVE')[0]).toMatchObject({ tombstone: true, user: 'USLACKBOT' })
    expect(sam.replies('C0APPROVE', ts)).toHaveLength(1)
    expect(error(await call(slack, 'chat.update', { channel: 'C0APPROVE', ts, text: 'x' }))).toBe(
      'message_not_found',
    )
  })
})

describe('changing', () => {
  const update = (args: Fields) => call(slack, 'chat.update', { channel: 'C0APPROVE', ...args })

  it('is for the poster only', async () => {
    const { ts } = slack.person('U0SAM').say('C0APPROVE', 'mine')
    expect(error(await update({ ts, text: 'x' }))).toBe('cant_update_message')
    expect(error(await call(slack, 'chat.delete', { channel: 'C0APPROVE', ts }))).toBe(
      'cant_delete_message',
    )
    expect(error(await update({ ts: '1.000001', text: 'x' }))).toBe('message_not_found')
  })

  it('refuses text above 4,000 characters', async () => {
    const ts = await posted({ text: 'a' })
    expect(await update({ ts, text: 'x'.repeat(4000) })).toMatchObject({ ok: true })
    expect(error(await update({ ts, text: 'x'.repeat(4001) }))).toBe('msg_too_long')
  })

  it('drops the blocks when only text is given, and keeps the metadata', async () => {
    const metadata = { event_type: 'card', event_payload: { id: 'r1' } }
    const ts = await posted({ text: 'a', blocks: [{ type: 'divider' }], metadata })
    await update({ ts, text: 'b' })
    expect(slack.workspace.messages.find('C0APPROVE', ts)).toMatchObject({
      text: 'b',
      blocks: [],
      metadata,
    })
    await update({ ts, text: 'c', metadata: {} })
    expect(slack.workspace.messages.find('C0APPROVE', ts)?.metadata).toBeUndefined()
  })
})

describe('ephemeral messages', () => {
  const whisper = (args: Fields) =>
    call(slack, 'chat.postEphemeral', { channel: 'C0APPROVE', text: 'psst', ...args })

  it('reach one member, and nobody else, and no history', async () => {
    const answer = await whisper({ user: 'U0SAM' })
    expect(slack.person('U0SAM').messages('C0APPROVE')).toHaveLength(1)
    expect(slack.person('U0MIA').messages('C0APPROVE')).toHaveLength(0)
    const history = await call(slack, 'conversations.history', { channel: 'C0APPROVE' })
    expect(history['messages']).toEqual([])
    const ts = answer['message_ts']
    expect(error(await call(slack, 'chat.update', { channel: 'C0APPROVE', ts, text: 'x' }))).toBe(
      'message_not_found',
    )
  })

  it('are refused for whoever is not in the channel', async () => {
    expect(error(await whisper({ user: 'U0ANA' }))).toBe('user_not_in_channel')
    expect(error(await whisper({ user: 'U0DEE' }))).toBe('user_not_in_channel')
  })
})

describe('reading back', () => {
  it('pages through history, newest first, between two times', async () => {
    const stamps: string[] = []
    for (const text of ['a', 'b', 'c', 'd']) stamps.push(await posted({ text }))
    const read = async (args: Fields) => {
      const answer = await call(slack, 'conversations.history', { channel: 'C0APPROVE', ...args })
      return { ...answer, texts: rowsOf(answer['messages']).map((each) => each['text']) }
    }
    const first = await read({ limit: 3 })
    expect(first).toMatchObject({ texts: ['d', 'c', 'b'], has_more: true })
    const cursor = fieldsOf(fieldsOf(first)['response_metadata'])['next_cursor']
    expect(await read({ limit: 3, cursor })).toMatchObject({ texts: ['a'], has_more: false })
    const [oldest = '', , , latest = ''] = stamps
    expect(await read({ oldest, latest })).toMatchObject({ texts: ['c', 'b'] })
    expect(await read({ oldest, latest, inclusive: true })).toMatchObject({
      texts: ['d', 'c', 'b', 'a'],
    })
  })

  it('gives metadata whole only when asked', async () => {
    const metadata = { event_type: 'card', event_payload: { id: 'r1' } }
    await posted({ text: 'a', metadata })
    const history = async (args: Fields) =>
      rowsOf(
        (await call(slack, 'conversations.history', { channel: 'C0APPROVE', ...args }))['messages'],
      )[0]
    expect(await history({})).toMatchObject({ metadata: { event_type: 'card' } })
    expect(fieldsOf((await history({}))?.['metadata'])).not.toHaveProperty('event_payload')
    expect(await history({ include_all_metadata: true })).toMatchObject({ metadata })
  })

  it('gives the people of a user group when asked, without the deactivated', async () => {
    slack.workspace.directory.setGroup('S0LEADS', ['U0MIA', 'U0DEE'])
    for (const group of await groups()) expect(group).not.toHaveProperty('users')
    expect(await groups({ include_users: true })).toContainEqual(
      expect.objectContaining({ id: 'S0LEADS', date_delete: 0, users: ['U0MIA'] }),
    )
  })

  it('leaves out the user groups that are disabled unless asked', async () => {
    slack.workspace.directory.disableGroup('S0LEADS')
    const leads = expect.objectContaining({ id: 'S0LEADS' })
    expect(await groups({ include_users: true })).not.toContainEqual(leads)
    const [found] = (await groups({ include_disabled: true })).filter(({ id }) => id === 'S0LEADS')
    expect(found?.['date_delete']).toBeGreaterThan(0)
  })

  const groups = async (args: Fields = {}) =>
    rowsOf((await call(slack, 'usergroups.list', args))['usergroups'])
})

describe('response URLs', () => {
  const respond = (url: string, body: Fields) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const issue = (original?: { ts: string }) =>
    slack.workspace.responseUrls.issue({
      userId: 'U0SAM',
      channel: 'C0GENERAL',
      original: original && { channel: 'C0APPROVE', ...original },
    })

  it('work five times, quietly, without membership', async () => {
    const url = issue()
    for (let use = 1; use <= 5; use += 1)
      expect((await respond(url, { text: 'a' })).status).toBe(200)
    expect((await respond(url, { text: 'a' })).status).toBe(404)
    expect(slack.person('U0SAM').messages('C0GENERAL')).toHaveLength(5)
    expect(slack.person('U0MIA').messages('C0GENERAL')).toHaveLength(0)
  })

  it('end after half an hour', async () => {
    const url = issue()
    now = new Date(now.getTime() + 30 * 60_000 + 1)
    expect((await respond(url, { text: 'a' })).status).toBe(404)
  })

  it('replace and remove what was clicked', async () => {
    const ts = await posted({ text: 'before' })
    const url = issue({ ts })
    await respond(url, { text: 'after', replace_original: true })
    expect(slack.workspace.messages.find('C0APPROVE', ts)?.text).toBe('after')
    await respond(url, { delete_original: true })
    expect(slack.workspace.messages.find('C0APPROVE', ts)).toBeUndefined()
  })
})
