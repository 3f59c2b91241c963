/** Somebody who may write to the database, and has neither a key nor a token. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { audit } from '../../src/cli/audit.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { auditCaughtUp, cardSays, dmSaying, messageSaying } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

/** As an auditor does, some minutes later. */
async function verified(env = story.env, ...witnesses: readonly string[]) {
  const database = `sqlite:${join(story.folder, 'rekey.db')}`
  const lines: string[] = []
  const now = () => new Date(story.slack.workspace.now().getTime() + 5 * minute)
  const args = ['verify', ...witnesses, '--database', database]
  const status = await audit(args, { ...env }, (line) => lines.push(line), now)
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
    expect(await verified(story.env, '--live')).toMatchObject({ status: 0 })
    expect(story.cognito.calls.some(({ operation }) => operation.includes('Reset'))).toBe(false)
  })

  it('F2 takes a request, and its password, for their own: verify ends with 1, until Rekey has stored it again', async () => {
    const card = await ask(story, story.sam, 'bob@example.com', { method: 'Temporary password' })
    await approve(story, story.mia, card)
    await dmSaying(story, story.sam, '[Show the password once]')
    await cardSays(story, card, 'signed out everywhere')
    await auditCaughtUp(story)
    expect(await verified(story.env, '--live')).toMatchObject({ status: 0 })
    const id = onlyRequest()
    story.tampered()
    write("update requests set requested_by = 'U0SUKI' where id = ?", id)
    const before = await verified(story.env, '--live')
    expect(before.said).toContain(`the row of ${id} has the requester U0SUKI, and the ledger U0SAM`)
    expect(before.status).toBe(1)

    const suki = story.slack.person('U0SUKI')
    await suki.command('/recovery', 'mine', { channel: '#general' })
    await messageSaying(story, suki, '#general', /was changed in the database/)
    await auditCaughtUp(story)
    // As the ledger has it, and nobody was shown anything.
    expect(await verified()).toMatchObject({ status: 0 })
    const entries = (await story.ledger()).map(({ entry }) => entry)
    expect(entries.find(({ type }) => type === 'request.altered')).toMatchObject({ request: id })
    expect(entries.some(({ type }) => type === 'secret.revealed')).toBe(false)
  })

  it('F2 changes what no entry says: verify ends with 1 where it has the key, and says so where it has none', async () => {
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    const { REKEY_SECRET_KEY: key = '', ...keyless } = story.env
    expect(await verified()).toMatchObject({ status: 0, said: expect.stringMatching(/every seal/) })
    expect(await verified(keyless)).toMatchObject({
      status: 0,
      said: expect.stringContaining('seals were not checked: set REKEY_SECRET_KEY'),
    })
    const other = { ...keyless, REKEY_SECRET_KEY: Buffer.alloc(32, 9).toString('base64') }
    expect((await verified(other)).status).toBe(1)
    const former = { ...other, REKEY_SECRET_KEYS_OLD: key }
    expect(await verified(former)).toMatchObject({ status: 0 })

    story.tampered()
    const id = onlyRequest()
    write(`update requests set body_json = json_set(body_json, '$.account.username', 'mallory')`)
    const found = await verified()
    expect(found.said).toContain(`the rows of ${id} do not fit their seal`)
    expect(found.status).toBe(1)
    write(`update requests set seal = null`)
    expect((await verified()).said).toContain(`the rows of ${id} do not fit their seal`)
  })

  it('F2 takes a freeze away, or makes somebody a member of old: verify names the end of the ledger', async () => {
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    story.tampered()
    write(`update group_members set members_json = replace(members_json, ',0]', ',1]')`)
    const { said, status } = await verified()
    expect(said).toContain('does not fit its seal')
    expect(status).toBe(1)
  })

  it('F2 puts a sealed password, an approval or a view where none is: verify names each without a key', async () => {
    await ask(story, story.sam, 'jane@example.com')
    await auditCaughtUp(story)
    story.tampered()
    const id = onlyRequest()
    write(`insert into secrets values ('EFF-1', ?, 'k', x'00', x'00', x'00')`, id)
    write(`insert into secrets values ('EFF-2', 'REQ-GONE', 'k', x'00', x'00', x'00')`)
    write(`insert into approvals values ('REQ-GONE', 'U0MIA', 1)`)
    write(`insert into group_members values ('S0EVIL', 1, 0, 0, '[["U0MIA",0]]')`)
    const { REKEY_SECRET_KEY: _, ...keyless } = story.env
    const { said, status } = await verified(keyless)
    expect(status).toBe(1)
    for (const sentence of [
      `there is a sealed password of ${id} for EFF-1, where the ledger has none`,
      'there is a row in secrets of REQ-GONE, and no such request',
      'there is a row in approvals of REQ-GONE, and no such request',
      'what is noted of the user group S0EVIL',
    ])
      expect(said).toContain(sentence)
  })
})
