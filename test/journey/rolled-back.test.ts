/** F5: whoever has the database and the audit channel, and not the key, puts both back to what they were. */

import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import type { Witness } from '../../sandbox/witness/start.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import { auditCaughtUp, auditChannel, cardSays, messageSaying } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'
import { logKeyOf, startWitnessOf } from '../support/story/witnessed.ts'

let story: Story
let witness: Witness
let origin: string
beforeEach(async () => {
  story = await beginStory()
  origin = logKeyOf(story).origin
  witness = await startWitnessOf(story)
})
afterEach(async () => {
  await story.end()
  await witness.close()
})

const jane = 'jane@example.com'
// Sending a code leaves no trace in the account: nothing there would tell that it was done.
const code = { method: 'Recovery code, nothing reset' }
const audit = 'C0AUDIT'

const file = () => join(story.folder, 'rekey.db')
const backup = () => join(story.folder, 'backup.db')
const codes = () => story.cognito.mailbox.to(jane).length
const messages = () => story.slack.workspace.messages.all.filter(({ channel }) => channel === audit)

/** A code is sent, an hour's checkpoint is signed, and everything is put back to before the code. */
async function sendAndPutBack(): Promise<Message> {
  const { sam, mia, cognito } = story
  story.pass(45 * minute)
  const card = await ask(story, sam, jane, code)
  // Nobody can look at the account, so that nothing is carried out yet.
  cognito.faults.add({ operation: 'AdminGetUser', kind: 'error-before', times: 10_000 })
  await approve(story, mia, card)
  await cardSays(story, card, 'about to be carried out')
  await auditCaughtUp(story)
  const database = new DatabaseSync(file(), { readOnly: true })
  database.exec(`vacuum into '${backup()}'`)
  database.close()
  const then = new Set(messages().map(({ ts }) => ts))
  cognito.faults.clear()
  await passUntil(story, () => codes() === 1)
  const checkpoint = () => auditChannel(story).some((post) => post.includes('Checkpoint of'))
  const before = witness.seen(origin)?.size ?? 0
  story.pass(16 * minute)
  const isWitnessed = () => before === 0 || (witness.seen(origin)?.size ?? 0) > before
  await story.slack.until(() => checkpoint() && isWitnessed())

  await story.stopRekey()
  for (const part of ['-wal', '-shm']) rmSync(`${file()}${part}`, { force: true })
  copyFileSync(backup(), file())
  for (const { ts } of messages().filter((each) => !then.has(each.ts)))
    story.slack.workspace.deleteMessage(audit, ts)
  return card
}

describe('F5 the database and the channel are put back together', () => {
  it('F5 without a witness: nobody knows, and what was approved is carried out again', async () => {
    await sendAndPutBack()
    await story.restart()
    await passUntil(story, () => codes() === 2)
    expect(auditChannel(story).join()).not.toContain('paused all recoveries')
  })

  it('F5 with a witness: nothing is carried out from the start on, until security says so', async () => {
    await story.restart({ WITNESSES: `${witness.key} ${witness.url}` })
    const card = await sendAndPutBack()
    await story.restart()
    await messageSaying(story, story.mia, '#account-approvals', 'Rekey paused all recoveries')
    await messageSaying(story, story.mia, '#account-approvals', 'it is an old backup, or cut off')
    const says = await cardSays(story, card, 'All recoveries are paused')
    expect(says).toContain('The witness witness.example/acme has signed')
    expect(says).toContain('take it out of WITNESSES')
    for (let round = 0; round < 4; round++) {
      story.pass(20_000)
      await expect.poll(() => story.readiness()).toBe('ready\n')
    }
    // Another start does not lift it.
    await story.restart()
    story.pass(20_000)
    await expect.poll(() => story.readiness()).toBe('ready\n')
    expect(codes()).toBe(1)

    await story.priya.command('/recovery', 'resume', { channel: '#general' })
    await messageSaying(story, story.priya, '#general', 'go on')
    await passUntil(story, () => codes() === 2)
    // It says the same of the next checkpoint, and security has heard it.
    const shown = () => story.logged().split('has signed another ledger').length
    const before = shown()
    story.pass(61 * minute)
    await story.slack.until(() => shown() > before)
    await story.stopRekey()
    const paused = (await story.ledger()).filter(({ entry }) => entry.type === 'recovery.paused')
    expect(paused.map(({ entry }) => entry.data)).toMatchObject([{ because: 'witness' }])
  })
})
