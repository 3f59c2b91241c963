/** Somebody who may write to the database, and has neither a key nor a token. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { audit } from '../../src/cli/audit.ts'
import { approve, ask } from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  cardSays,
  dmSaying,
  messageSaying,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

/** As an auditor does, some minutes later. */
async function verified() {
  const database = `sqlite:${join(story.folder, 'rekey.db')}`
  const lines: string[] = []
  const now = () => new Date(story.slack.workspace.now().getTime() + 5 * minute)
  const args = ['verify', '--live', '--database', database]
  const status = await audit(args, { ...story.env }, (line) => lines.push(line), now)
  return { status, said: lines.join('\n') }
}

/** Writes in the database while Rekey runs. */
function write(sql: string, ...values: (string | number)[]): unknown {
  const db = new DatabaseSync(join(story.folder, 'rekey.db'), { timeout: 5_000 })
  try {
    return db.prepare(sql).get(...values)
  } finally {
    db.close()
  }
}

const only = 'select id from requests'

function onlyRequest(): string {
  return String((write(only) as { id: unknown }).id)
}

describe('F2 whoever may write to the database', () => {
  it('F2 approves by rows alone: nothing is done by them, and the ledger and the tables agree again', async () => {
    await ask(story, story.sam, 'jane@example.com')
    const id = onlyRequest()
    story.tampered()
    write("insert into approvals values (?, 'U0MIA', ?)", id, story.slack.workspace.now().getTime())
    write("update requests set state = 'approved', version = version + 1 where id = ?", id)
    write('update head set place = place + 1')
    write(
      `insert into jobs (id, kind, task_json, lane, place, created_at, not_before)
        select 'JOB-FORGED', 'execute', json_object('kind', 'execute', 'request', ?), 'effect ' || ?, place, 0, 0 from head`,
      id,
      id,
    )
    await expect
      .poll(() => write("select done_at from jobs where id = 'JOB-FORGED' and attempts > 0"))
      .toBeTruthy()
    await expect
      .poll(() => write("select done_at from jobs where id = 'JOB-FORGED' and lease_until = 0"))
      .toBeTruthy()
    // Rekey has stopped it: what is stored is as the ledger says again.
    expect(await verified()).toMatchObject({ status: 0 })
    expect(story.cognito.calls.some(({ operation }) => operation.includes('Reset'))).toBe(false)
  })

  it('F2 takes a request, and its password, for their own: verify ends with 1', async () => {
    const card = await ask(story, story.sam, 'bob@example.com', { method: 'Temporary password' })
    await approve(story, story.mia, card)
    await dmSaying(story, story.sam, '[Show the password once]')
    await cardSays(story, card, 'signed out everywhere')
    await auditCaughtUp(story)
    expect(await verified()).toMatchObject({ status: 0 })
    const id = onlyRequest()
    story.tampered()
    write("update requests set requested_by = 'U0SUKI' where id = ?", id)
    const before = await verified()
    expect(before.said).toContain(`the row of ${id} has the requester U0SUKI, and the ledger U0SAM`)
    expect(before.status).toBe(1)

    const suki = story.slack.person('U0SUKI')
    await suki.command('/recovery', 'mine', { channel: '#general' })
    const offer = '[Show the password once]'
    const list = await messageSaying(story, suki, '#general', offer)
    await suki.press('Show the password once', { in: list })
    await windowSays(story, suki, /changed in the database/)
    await auditCaughtUp(story)
    const { status, said } = await verified()
    expect(said).toMatch(new RegExp(`^BROKEN .*${id}`))
    expect(status).toBe(1)
  })
})
