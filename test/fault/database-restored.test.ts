/** A database from an old backup, in front of an audit channel that has seen more. */

import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readBehind, writeBehind } from '../support/story/behind.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import { auditChannel, cardSays, messageSaying } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const jane = 'jane@example.com'
// Sending a code leaves no trace in the account: nothing there would tell that it was done.
const code = { method: 'Recovery code, nothing reset' }

const file = () => join(story.folder, 'rekey.db')
const backup = () => join(story.folder, 'backup.db')

/** As it is done beside a running Rekey. */
function backUp(): void {
  const database = new DatabaseSync(file(), { readOnly: true })
  database.exec(`vacuum into '${backup()}'`)
  database.close()
}

function restore(): void {
  for (const part of ['-wal', '-shm']) rmSync(`${file()}${part}`, { force: true })
  copyFileSync(backup(), file())
}

/** An approval that is in the backup, and is carried out after it was made. */
async function carriedOutSince() {
  const { sam, mia, cognito } = story
  const card = await ask(story, sam, jane, code)
  // Nobody can look at the account, so that nothing is carried out yet.
  cognito.faults.add({ operation: 'AdminGetUser', kind: 'error-before', times: 10_000 })
  await approve(story, mia, card)
  await cardSays(story, card, 'about to be carried out')
  await story.slack.until(() => auditChannel(story).some((post) => post.includes('approved the')))
  backUp()
  cognito.faults.clear()
  await passUntil(story, () => cognito.mailbox.to(jane).length === 1)
  await story.slack.until(() =>
    auditChannel(story).some((post) => post.includes('Cognito confirm')),
  )
  await story.stopRekey()
  return card
}

async function resume(): Promise<void> {
  await story.priya.command('/recovery', 'resume', { channel: '#general' })
  await messageSaying(story, story.priya, '#general', 'go on')
}

async function pauses(): Promise<number> {
  await story.stopRekey()
  return (await story.ledger()).filter(({ entry }) => entry.type === 'recovery.paused').length
}

describe('DB-11: a database restored from an old backup', () => {
  it('carries out no old approval again, calls security, and goes on at their word', async () => {
    const card = await carriedOutSince()
    await story.restart()
    const starts = () => auditChannel(story).filter((post) => post.includes('Rekey started'))
    await story.slack.until(() => starts().length === 2)
    await story.stopRekey()
    restore()
    await story.restart()
    await messageSaying(story, story.mia, '#account-approvals', 'Rekey paused all recoveries')
    expect(await cardSays(story, card, 'All recoveries are paused')).toContain('which this ledger')
    for (let round = 0; round < 4; round++) {
      story.pass(20_000)
      await expect.poll(() => story.readiness()).toBe('ready\n')
    }
    expect(story.cognito.mailbox.to(jane)).toHaveLength(1)

    // Security has seen what was done since, and that this one is not needed.
    await story.sam.press('Withdraw', { in: newestDm() })
    await cardSays(story, card, 'Withdrawn')
    await resume()
    const judy = await ask(story, story.sam, 'judy@example.com')
    await approve(story, story.mia, judy)
    await cardSays(story, judy, 'signed out everywhere')
    expect(story.cognito.mailbox.to(jane)).toHaveLength(1)

    // What was accepted is known from then on.
    await story.restart()
    expect(await pauses()).toBe(1)
  })

  it.each([
    [
      'keys under which security would have accepted it',
      () =>
        Array.from({ length: 40 }, (_, seq) =>
          readBehind(story, `select hash from ledger where seq = ${seq}`).map(
            ({ hash }) => `insert into inbox values ('restored ${seq} ${hash}', 0)`,
          ),
        ).flat(),
    ],
    [
      'the threads of its requests taken away',
      () => [`delete from posts where key like 'audit REQ-%'`],
    ],
  ] as const)('F2 T16 is found out also with %s', async (_, statements) => {
    await carriedOutSince()
    const also = statements()
    restore()
    writeBehind(story, ...also)
    await story.restart()
    await messageSaying(story, story.mia, '#account-approvals', 'Rekey paused all recoveries')
    expect(story.cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it('is not suspected while the channel has seen nothing but what is in the ledger', async () => {
    await carriedOutSince()
    await story.restart()
    await story.restart()
    expect(await pauses()).toBe(0)
  })

  it('is found out later where the channel can’t be read at the start; nothing is carried out until then', async () => {
    await carriedOutSince()
    restore()
    story.slack.faults.add({
      method: 'conversations.history',
      kind: 'error',
      error: 'internal_error',
      times: 3,
    })
    await story.restart()
    expect(story.logged()).toContain('cannot be compared with the ledger')
    const isPaused = () => auditChannel(story).some((post) => post.includes('paused all recov'))
    await passUntil(story, isPaused)
    expect(story.cognito.mailbox.to(jane)).toHaveLength(1)
  })
})

function newestDm() {
  const message = story.sam.dm().findLast((each) => story.sam.read(each).includes('[Withdraw]'))
  if (message === undefined) throw new Error('there is nothing to withdraw')
  return message
}
