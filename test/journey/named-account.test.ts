/** Whom a message or a command names, however it is written: the right account, or none. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import type { Fields } from '../../sandbox/slack/json.ts'
import { webClient } from '../../sandbox/world/user-pool-seed.ts'
import { policyWith } from '../support/policies.ts'
import { formLabels } from '../support/story/interactions.ts'
import { auditChannel, windowSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
beforeAll(async () => {
  const pools = {
    customers: {
      userPoolId: 'us-west-2_aaaaaaaaa',
      defaultCountry: 'US',
      client: { id: webClient.id },
    },
    staff: { userPoolId: 'eu-central-1_bbbbbbbbb' },
  }
  const limits = { lookUpsPerRequester: '1000 per 1h' }
  story = await beginStory(undefined, policyWith({ pools, limits }))
  const customers = story.cognito.pools.get('customers')
  const add = (name: string, given: Parameters<typeof userSeed>[1]) =>
    customers.add(userSeed(name, given))
  add("Olive O'Hara", { email: "o'hara@example.com" })
  add('Angelo Ricci', { email: "d'angelo+x@mail.example.co.uk" })
  add('Every Sign', { email: 'a.very!#$%*=?^_{|}~name@example.com' })
  add('Name Only', { email: 'name@example.com' })
  add('Hara Only', { email: 'hara@example.com' })
  add('Karl Vogt', { email: 'karl@example.de', phone: '+4915155501234' })
  add('Zoë Brontë', { email: 'zoe@example.com' })
  add('Erik Holm', { username: 'erik@example.com', email: 'erik.holm@elsewhere.example' })
  add('Erik Lund', { email: 'erik@example.com' })
})
afterEach(async () => {
  if (story.sam.modal !== undefined) await story.sam.closeModal({ all: true })
})
afterAll(() => story.end())

const sean = "sean.o'neill@example.com"

describe('B13 the shortcut opens the form of the account whose address the message has', () => {
  it.each([
    [`please reset ${sean} today`, "Sean O'Neill"],
    [`please reset <mailto:${sean}|${sean}> today`, "Sean O'Neill"],
    ["reset sean.o'<mailto:neill@example.com|neill@example.com> today", "Sean O'Neill"],
    ['sean.o’neill@example.com', "Sean O'Neill"],
    ["o'hara@example.com", "Olive O'Hara"],
    ["d'angelo+x@mail.example.co.uk", 'Angelo Ricci'],
    ['a.very!#$%*=?^_{|}~name@example.com', 'Every Sign'],
    ['r&amp;d@example.com', 'R&D Desk'],
    ['Jane@Example.com', 'Jane Doe'],
    ['`jane@example.com`', 'Jane Doe'],
    ['*jane@example.com*', 'Jane Doe'],
    ['_jane@example.com_', 'Jane Doe'],
    ['user=jane@example.com', 'Jane Doe'],
    ['“jane@example.com”', 'Jane Doe'],
    ['[jane@example.com]', 'Jane Doe'],
    ['•jane@example.com', 'Jane Doe'],
    ['→jane@example.com', 'Jane Doe'],
    ['–jane@example.com', 'Jane Doe'],
    ['「jane@example.com」', 'Jane Doe'],
    ['宛先jane@example.comへ送ってください', 'Jane Doe'],
    ['call +49 151 55501234', 'Karl Vogt'],
    ['call (206) 555-0111', 'Ken Ford'],
  ])('%s', async (text, name) => {
    await story.sam.shortcut(shortcut, said(text))
    expect(await formOf()).toContain(`Name\n${name}`)
  })

  it.each<[string, { readonly blocks?: Fields[]; readonly attachments?: Fields[] }]>([
    ['a section', { blocks: [section(`<mailto:${sean}|${sean}>`)] }],
    ['an attachment', { attachments: [{ fallback: 'x', text: `User: ${sean}` }] }],
    ['a block in an attachment', { attachments: [{ blocks: [section(sean)] }] }],
    ['a field of an attachment', { attachments: [{ fields: [{ title: 'User', value: sean }] }] }],
  ])('which stands in %s of an app’s message', async (_, draft) => {
    const message = story.slack.workspace.post({
      channel: 'C0SUPPORT',
      user: 'U0SUKI',
      text: 'A ticket was opened',
      blocks: [],
      ...draft,
    })
    await story.sam.shortcut(shortcut, message)
    expect(await formOf()).toContain("Name\nSean O'Neill")
  })

  it.each([
    ['jane@example.com_x', 'names no e-mail address'],
    ['a@jane@example.com', 'names no e-mail address'],
    ['https://jane@example.com/', 'names no e-mail address'],
    ["x'jane@example.com", "No account matches “x'jane@example.com”"],
  ])('and nobody’s where it cannot be told: %s', async (text, says) => {
    await story.sam.shortcut(shortcut, said(text))
    await windowSays(story, story.sam, says)
  })

  it('and asks where one of two that it names is nobody’s', async () => {
    await story.sam.shortcut(shortcut, said('jane@example.com, she was jayne@example.com'))
    const says = await windowSays(story, story.sam, 'One account matches')
    expect(says).toContain('No account was found for “jayne@example.com”.')
    expect(says).toContain('Matches the message: e-mail address')
    await story.sam.press('Choose')
    expect(await formOf()).toContain('Name\nJane Doe')
  })

  it('which two ways of writing name as one', async () => {
    await story.sam.shortcut(shortcut, said('karl@example.de, +49 (0)151 555-01234'))
    expect(await formOf()).toContain('Found by e-mail address and phone number.')
  })
})

describe('B13 the command opens the form of the account that is typed', () => {
  it.each([
    ['Jane Doe <jane@example.com>', 'Jane Doe'],
    ['jane@example.com,', 'Jane Doe'],
    ['jane@example.com;', 'Jane Doe'],
    ['jane@example.com.', 'Jane Doe'],
    ['"jane@example.com"', 'Jane Doe'],
    ['(jane@example.com)', 'Jane Doe'],
    ['mailto:jane@example.com', 'Jane Doe'],
    ['`jane@example.com`', 'Jane Doe'],
    ['r&d@example.com', 'R&D Desk'],
    ['sean.o’neill@example.com', "Sean O'Neill"],
    ['Sean O’Neill', "Sean O'Neill"],
    ["'Sean O'Neill'", "Sean O'Neill"],
    ['Zoe\u0308 Bronte\u0308', 'Zoë Brontë'],
    ['mary.lane,', 'Mary Lane'],
    ['@mary.lane', 'Mary Lane'],
    ['+49‑151‑555‑01234', 'Karl Vogt'],
    ['+49 151 – 555 01234', 'Karl Vogt'],
    ['+49 151/55501234', 'Karl Vogt'],
    ['+49 (0) 151 55501234', 'Karl Vogt'],
    ['0049 151 55501234', 'Karl Vogt'],
    ['tel:+4915155501234', 'Karl Vogt'],
    ['206-555-0111', 'Ken Ford'],
  ])('%s', async (typed, name) => {
    await story.sam.command('/reset-password', typed, general)
    expect(await formOf()).toContain(`Name\n${name}`)
  })

  it('and says how to write a number that a pool has no country for', async () => {
    await story.sam.command('/reset-password', '0151 55501234', general)
    await windowSays(story, story.sam, 'start with + and the country code')
  })

  it('lists both where one has it for a username and another for an address', async () => {
    await story.sam.command('/reset-password', 'erik@example.com', general)
    const says = await windowSays(story, story.sam, 'Several accounts match')
    expect(says).toContain('Erik Holm')
    expect(says).toContain('Matches what you typed: username')
    expect(says).toContain('Erik Lund')
    expect(says).toContain('Matches what you typed: e-mail address')
  })

  it('shows enough of two addresses to tell them apart', async () => {
    await story.sam.command('/reset-password', 'f', general)
    const says = await windowSays(story, story.sam, 'Several accounts match')
    expect(says).toContain('fi***a@example.com')
    expect(says).toContain('fr***k@example.com')
  })
})

it('what Slack has escaped is not escaped once more: the reason of a pause', async () => {
  await story.priya.command('/recovery', 'pause Phishing &amp; fraud <today>', general)
  // As people typed it, the entity too.
  const reason = 'Phishing &amp; fraud <today>'
  await expect.poll(() => auditChannel(story).join('\n')).toContain(reason)
})

const shortcut = 'Recover this account'
const general = { channel: '#general' }

function said(text: string) {
  return story.slack.person('U0SUKI').say('#support', text)
}

function section(text: string): Fields {
  return { type: 'section', text: { type: 'mrkdwn', text } }
}

function formOf(): Promise<string> {
  return windowSays(story, story.sam, formLabels.method)
}
