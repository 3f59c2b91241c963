import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  auditChannel,
  cardSays,
  current,
  dmSaying,
  passwordOn,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const bob = 'bob@example.com'
const offer = 'Show the password once'

/** From the command to the direct message that offers the password. */
async function untilOffered(): Promise<{ card: Message; dm: Message }> {
  const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
  await approve(story, story.mia, card)
  return { card, dm: await dmSaying(story, story.sam, `[${offer}]`) }
}

async function reveal(dm: Message): Promise<string> {
  await story.sam.press(offer, { in: dm })
  await story.slack.until(() => passwordOn(story.sam))
  return passwordOn(story.sam)
}

describe('a temporary password, from the command to the owner’s first sign-in', () => {
  it('is shown once to Sam, and lets Bob in to choose his own', async () => {
    const { sam, application, cognito } = story
    const { card, dm } = await untilOffered()
    const password = await reveal(dm)
    expect(password).toHaveLength(16)

    const step = await application.signIn(bob, password)
    if (step.kind !== 'new-password-required') throw new Error(step.kind)
    expect((await step.respond('Bob-chose-this-1')).kind).toBe('signed-in')
    expect(
      cognito.calls.filter(({ operation }) => operation === 'AdminSetUserPassword'),
    ).toHaveLength(1)

    story.pass(2 * minute)
    await cardSays(story, card, /[Rr]ecovered/)
    await story.slack.until(() => !sam.read(sam.modal ?? []).includes(password))
  })

  it.each(['cant_update_message', 'message_not_found', 'restricted_action'])(
    'is offered where Slack does not let Rekey edit what it said before: %s',
    async (error) => {
      const { sam, mia, slack } = story
      const card = await ask(story, sam, bob, { method: 'Temporary password' })
      await dmSaying(story, sam, 'Your request was sent')
      slack.faults.add({ method: 'chat.update', channel: 'D0SAM', kind: 'error', error, times: 99 })
      await approve(story, mia, card)
      const offered = () => sam.dm().find((each) => sam.read(each).includes(`[${offer}]`))
      await passUntil(story, offered)
      await reveal(await dmSaying(story, sam, `[${offer}]`))
    },
  )

  it('I9 is not shown twice, and not to anybody else', async () => {
    const { sam, mia } = story
    const { dm } = await untilOffered()
    await mia.press(offer, { in: dm, asSeen: true })
    expect(await windowSays(story, mia, 'Not possible')).not.toContain('[Show')
    await reveal(dm)
    await sam.closeModal({ all: true })
    await sam.press(offer, { in: dm, asSeen: true })
    expect(await windowSays(story, sam, /Not possible/)).toMatch(/shown|once/)
  })

  it('SX-01 T15 T23 leaves no trace of the password but in the one window and the one call', async () => {
    const { sam, slack } = story
    const { card, dm } = await untilOffered()
    const password = await reveal(dm)
    await sam.closeModal({ all: true })
    await cardSays(story, card, 'signed out everywhere')
    await slack.until(() => auditChannel(story).some((post) => /saw the password/.test(post)))

    const said = slack.transcript.calls
      .filter(({ args }) => JSON.stringify(args).includes(password))
      .map(({ method }) => method)
    expect(said).toEqual(['views.update'])
    expect(story.logged()).not.toContain(password)
    await story.stopRekey()
    expect(JSON.stringify(await story.ledger())).not.toContain(password)
    for (const file of ['rekey.db', 'rekey.db-wal']) {
      expect(bytesOf(join(story.folder, file)).includes(password)).toBe(false)
    }
  })

  it('CG-03 sets the same password again when the first call never landed', async () => {
    const { cognito } = story
    cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'drop-before' })
    const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
    await approve(story, story.mia, card)
    await passUntil(story, () =>
      story.sam.dm().some((each) => story.sam.read(each).includes(`[${offer}]`)),
    )
    const dm = await dmSaying(story, story.sam, `[${offer}]`)
    const password = await reveal(dm)
    expect((await story.application.signIn(bob, password)).kind).toBe('new-password-required')
    const hashes = cognito.calls
      .filter(({ operation }) => operation === 'AdminSetUserPassword')
      .map(({ passwordHashes }) => passwordHashes['Password'])
    expect(hashes).toHaveLength(2)
    expect(new Set(hashes).size).toBe(1)
  })

  it('CG-03 does not set it again when the first call did land', async () => {
    const { cognito } = story
    cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'drop-after' })
    const { dm } = await untilOffered()
    const password = await reveal(dm)
    expect((await story.application.signIn(bob, password)).kind).toBe('new-password-required')
    expect(
      cognito.calls.filter(({ operation }) => operation === 'AdminSetUserPassword'),
    ).toHaveLength(1)
  })

  it('is destroyed when nobody asks for it in time', async () => {
    const { sam } = story
    const { card, dm } = await untilOffered()
    await cardSays(story, card, 'signed out everywhere')
    story.pass(16 * minute)
    await story.slack.until(() => !sam.read(current(story, dm)).includes(`[${offer}]`))
    await sam.press(offer, { in: dm, asSeen: true })
    await windowSays(story, sam, 'Not possible')
  })

  it('P10 is made useless in Cognito when Bob does not use it within the hour', async () => {
    const { application } = story
    const { card, dm } = await untilOffered()
    const password = await reveal(dm)
    await cardSays(story, card, 'signed out everywhere')
    story.pass(61 * minute)
    await cardSays(story, card, /[Ll]apsed|not used/)
    expect((await application.signIn(bob, password)).kind).toBe('refused')
  })

  it('P10 is made useless even when Cognito could not be read right after it was set', async () => {
    const { application, cognito } = story
    const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
    cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'slow', ms: 300 })
    const approving = approve(story, story.mia, card)
    const isSet = () => cognito.calls.some((call) => call.operation === 'AdminSetUserPassword')
    await expect.poll(isSet, { interval: 5 }).toBe(true)
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'throttle', times: 6 })
    await approving
    const dm = await dmSaying(story, story.sam, `[${offer}]`)
    const password = await reveal(dm)
    await passUntil(story, () =>
      story.mia.read(current(story, card)).includes('signed out everywhere'),
    )
    story.pass(61 * minute)
    await cardSays(story, card, 'Not used in time')
    expect((await application.signIn(bob, password)).kind).toBe('refused')
  })

  it('is taken off the screen even when Slack’s answer to the showing was lost', async () => {
    const { sam, slack } = story
    const { card, dm } = await untilOffered()
    await cardSays(story, card, 'signed out everywhere')
    slack.faults.add({ method: 'views.update', kind: 'drop-after', times: 2 })
    await sam.press(offer, { in: dm })
    const password = await slack.until(() => passwordOn(sam))
    await passUntil(story, () => !sam.read(sam.modal ?? []).includes(password))
  })

  it('P9 stays on the screen for its time when the showing could not be written down', async () => {
    const { sam } = story
    const { card, dm } = await untilOffered()
    await cardSays(story, card, 'signed out everywhere')
    const database = new DatabaseSync(join(story.folder, 'rekey.db'))
    database.exec(`create trigger full before insert on ledger
      when new.entry_json like '%secret.revealed%' begin select raise(abort, 'no room'); end`)
    const password = await reveal(dm)
    await expect.poll(() => story.logged()).toContain('no room')
    await auditCaughtUp(story)
    expect(passwordOn(sam)).toBe(password)
    database.exec('drop trigger full')
    database.close()
    await passUntil(story, () => !sam.read(sam.modal ?? []).includes(password))
    await passUntil(story, () =>
      auditChannel(story).some((post) => post.includes('may have been seen')),
    )
  })

  it('SO-12 can be asked for again when Slack could not show it', async () => {
    const { sam, slack } = story
    const { dm } = await untilOffered()
    slack.faults.add({ method: 'views.update', kind: 'error', error: 'not_found' })
    await sam.press(offer, { in: dm })
    await slack.until(() =>
      slack.transcript.callsOf('views.update').some(({ outcome }) => outcome !== 'ok'),
    )
    await sam.closeModal({ all: true })
    expect(await reveal(dm)).toHaveLength(16)
  })
})

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}
