import type { Page as Tab } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { button, section, sure } from './fake-app.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let sam: Tab

beforeAll(async () => {
  stage = await openStage()
  sam = await stage.be('U0SAM')
})
afterAll(() => stage.close())
afterEach(() => expect(stage.faults).toEqual([]))

const composer = (tab: Tab, channel: string) =>
  tab.getByRole('combobox', { name: `Message #${channel}` })
const go = (tab: Tab, channel: string) =>
  tab.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: channel })
const log = (tab: Tab) => tab.getByRole('log')

describe('commands', () => {
  it('are completed, and say what may follow', async () => {
    const field = composer(sam, 'support')
    await field.fill('/ord')
    const offered = sam.getByRole('listbox', { name: 'Commands' }).getByRole('option')
    await expect.poll(() => offered.count()).toBe(2)
    expect(await sam.getByRole('option', { name: '/order [what]' }).textContent()).toContain(
      'Order lunch for the team',
    )
    await field.press('Tab')
    expect(await field.inputValue()).toBe('/order ')
    await sam.getByText('/order [what] [for whom]').waitFor()
  })

  it('are answered for one pair of eyes only', async () => {
    const field = composer(sam, 'support')
    await field.fill('/order quietly')
    await field.press('Enter')
    const answer = log(sam).getByRole('article', { name: 'Rekey' }).last()
    await answer.getByText('Only visible to you').waitFor()
    expect(await answer.locator('strong', { hasText: /^you$/ }).count()).toBe(1)
    await answer.getByText('@Mia').waitFor()
    const suki = await stage.be('U0SUKI')
    expect(await log(suki).getByText('Only you').count()).toBe(0)
    await suki.context().close()
  })

  it('that nobody knows are said to be unknown', async () => {
    await composer(sam, 'support').fill('/nonsense')
    await composer(sam, 'support').press('Enter')
    await log(sam).getByText('/nonsense is not a valid command.').waitFor()
  })
})

describe('messages', () => {
  it('come with an unread mark until they are read', async () => {
    const mia = await stage.be('U0MIA')
    const text = 'Lunch is here'
    await stage.app.client.chat.postMessage({ channel: 'C0APPROVE', text })
    await go(mia, 'account-approvals').getByText('1 unread').waitFor()
    await go(mia, 'account-approvals').click()
    await log(mia).getByText(text).waitFor()
    await go(mia, 'account-approvals').getByText('unread').waitFor({ state: 'detached' })
    await mia.context().close()
  })

  it('read markup in mrkdwn, and none in plain text', async () => {
    const sly = '*not bold* <@U0MIA> <https://evil.example|click>'
    await stage.app.client.chat.postMessage({
      channel: 'C0APPROVE',
      text: 'x',
      blocks: [
        {
          type: 'section',
          block_id: 'm',
          text: { type: 'mrkdwn', text: '*bold* &lt;b&gt; <@U0MIA>' },
        },
        { type: 'section', block_id: 'p', text: { type: 'plain_text', text: sly } },
      ],
    })
    await go(sam, 'account-approvals').click()
    await log(sam).getByText('bold <b> @Mia').waitFor()
    expect(await log(sam).getByText(sly, { exact: true }).count()).toBe(1)
    expect(await log(sam).getByRole('link').count()).toBe(0)
  })

  it('tell dates in the time zone of their reader', async () => {
    const text = 'Until <!date^1777629600^{date_num} {time}|a fallback>'
    await stage.app.client.chat.postMessage({ channel: 'C0APPROVE', text })
    await log(sam).getByText('Until 01/05/2026 12:00').waitFor()
    stage.slack.workspace.directory.setMember('U0MIA', { tz: 'Asia/Tokyo', locale: 'ja-JP' })
    const mia = await stage.be('U0MIA')
    await go(mia, 'account-approvals').click()
    await log(mia).getByText('Until 2026/05/01 19:00').waitFor()
    await mia.context().close()
  })

  it('show in red what the page does not know', async () => {
    await stage.app.client.chat.postMessage({
      channel: 'C0APPROVE',
      text: 'x',
      blocks: [{ type: 'markdown', text: '# Hello' }],
    })
    await log(sam).getByText('This page cannot show “markdown”.').waitFor()
  })

  it('have threads', async () => {
    const message = await stage.app.client.chat.postMessage({ channel: 'C0APPROVE', text: 'Who?' })
    const who = log(sam).getByRole('article').filter({ hasText: 'Who?' })
    await who.hover()
    await who.getByRole('button', { name: 'Reply in thread' }).click()
    const reply = sam.getByRole('combobox', { name: 'Reply…' })
    await reply.fill('Me')
    await reply.press('Enter')
    await sam.getByRole('log', { name: 'Thread in' }).getByText('Me', { exact: true }).waitFor()
    await who.getByRole('button', { name: '1 reply' }).waitFor()
    const replies = stage.slack.workspace.messages.replies('C0APPROVE', message.ts ?? '')
    expect(replies.map(({ text }) => text)).toEqual(['Me'])
  })

  it('have the shortcuts of the app', async () => {
    await stage.app.client.chat.postMessage({ channel: 'C0APPROVE', text: 'A pearl' })
    const pearl = log(sam).first().getByRole('article').filter({ hasText: 'A pearl' })
    await pearl.hover()
    await pearl.getByRole('button', { name: 'More actions' }).click()
    await sam.getByRole('menuitem', { name: 'Remember this' }).click()
    await log(sam).getByText('Remembered: A pearl').waitFor()
  })
})

describe('buttons', () => {
  it('ask first where the app wants it', async () => {
    await stage.app.client.chat.postMessage({
      channel: 'C0APPROVE',
      text: 'x',
      blocks: [
        JSON.parse(
          JSON.stringify({
            type: 'actions',
            elements: [button('Clear', 'clear', { confirm: sure })],
          }),
        ),
      ],
    })
    const clear = log(sam).first().getByRole('button', { name: 'Clear' })
    await clear.click()
    const dialog = sam.getByRole('dialog', { name: 'Really?' })
    expect(await dialog.locator('strong').textContent()).toBe('everything')
    await dialog.getByRole('button', { name: 'Keep it' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(stage.heard.clicked).not.toContain('clear')
    await clear.click()
    await dialog.getByRole('button', { name: 'Throw away' }).click()
    await expect.poll(() => stage.heard.clicked).toContain('clear')
  })

  it('can be pressed while their message is drawn anew', async () => {
    const blocks = (words: string) =>
      JSON.parse(
        JSON.stringify([
          section(words),
          { type: 'actions', elements: [button('Serve', 'serve')] },
          section('Hot'),
        ]),
      )
    const message = { channel: 'C0APPROVE', text: 'x' }
    const posted = await stage.app.client.chat.postMessage({ ...message, blocks: blocks('Soup') })
    await log(sam).first().getByRole('button', { name: 'Serve' }).hover()
    await sam.mouse.down()
    const ts = posted.ts ?? ''
    await stage.app.client.chat.update({ ...message, ts, blocks: blocks('Stew') })
    await log(sam).getByText('Stew').waitFor()
    await sam.mouse.up()
    await expect.poll(() => stage.heard.clicked).toContain('serve')
  })

  it('get a warning mark when nobody answers', async () => {
    await stage.app.client.chat.postMessage({
      channel: 'C0APPROVE',
      text: 'x',
      blocks: [JSON.parse(JSON.stringify({ type: 'actions', elements: [button('Dead', 'dead')] }))],
    })
    const dead = log(sam).first().getByRole('button', { name: 'Dead' })
    await dead.waitFor()
    stage.slack.faults.goDown()
    await dead.click()
    await log(sam).getByText('The app did not answer in time.').waitFor()
    stage.slack.faults.comeBack()
    await stage.slack.until(() => stage.slack.sockets.connections > 0)
  })
})

describe('the people', () => {
  it('each see their own channels, side by side', async () => {
    const otto = await stage.be('U0OTTO')
    const channels = otto.getByRole('navigation', { name: 'Conversations' }).getByRole('button')
    expect(await channels.allTextContents()).toEqual(['shared-with-otherwise', 'Rekey'])
    await sam.getByRole('heading', { level: 1, name: 'account-approvals' }).waitFor()
    await otto.context().close()
  })

  it('are changed with one click', async () => {
    const tab = await stage.be('U0SAM')
    await tab.getByRole('link', { name: 'Ana Auditor' }).click()
    await go(tab, 'account-audit').click()
    await tab.getByRole('heading', { level: 1, name: 'account-audit' }).waitFor()
    expect(tab.url()).toContain('as=U0ANA')
    await tab.context().close()
  })

  it('have the home that the app draws them', async () => {
    await go(sam, 'Rekey').click()
    await sam.getByRole('tab', { name: 'Home' }).click()
    await sam.getByRole('region', { name: 'Rekey home' }).getByText('Your orders').waitFor()
  })
})

it('another site can neither read nor act', async () => {
  const foreign = { origin: 'https://evil.example', 'content-type': 'application/json' }
  const act = { as: 'U0SAM', command: { kind: 'say', channel: '#support', text: 'Boo' } }
  const answer = await fetch(`${stage.page.url}command`, {
    method: 'POST',
    headers: foreign,
    body: JSON.stringify(act),
  })
  expect(answer.status).toBe(403)
})

it('says when somebody uses what is gone', async () => {
  const { ts } = await stage.app.client.chat.postMessage({
    channel: 'C0APPROVE',
    text: 'x',
    blocks: [JSON.parse(JSON.stringify(section('Gone soon')))],
  })
  const container = { kind: 'message', channel: 'C0APPROVE', ts: `${ts}9` }
  const command = { kind: 'press', controlRef: { container, blockId: 'b', actionId: 'a' } }
  const answer = await fetch(`${stage.page.url}command`, {
    method: 'POST',
    body: JSON.stringify({ as: 'U0SAM', command }),
  })
  expect(await answer.json()).toEqual({ kind: 'failed', says: 'This message is gone' })
})
