import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { audit } from '../../src/cli/audit.ts'
import { approve, ask, beginStory, cardSays, type Story, witnesses } from '../journeys/story.ts'

let story: Story
let database: string
beforeEach(async () => {
  story = await beginStory()
  database = `sqlite:${join(story.folder, 'rekey.db')}`
  const card = await ask(story, story.sam, 'jane@example.com', {
    reason: '=HYPERLINK("x") called, "now"',
  })
  await approve(story, story.mia, card)
  await cardSays(story, card, 'signed out everywhere')
  await story.slack.until(() => witnesses(story).length >= 5)
})
afterEach(() => story.end())

async function run(...args: string[]): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = []
  const env = { ...story.environment(database) }
  const status = await audit([...args, '--database', database], env, (line) => lines.push(line))
  return { status, lines }
}

/** The audit channel as a Slack export has it. */
function slackExport(change: (text: string) => string = (text) => text): string {
  const file = join(story.folder, 'audit.json')
  const messages = story.slack.workspace.messages.all
    .filter(({ channel }) => channel === 'C0AUDIT')
    .map(({ ts, text, botId }) => ({ type: 'message', ts, text: change(text), bot_id: botId }))
  writeFileSync(
    file,
    JSON.stringify([
      ...messages,
      { type: 'message', user: 'U0EVE', text: '#1 · 0000000000000000…' },
    ]),
  )
  return file
}

/** Somebody with the database in their hands, and no respect for its triggers. */
async function tamper(statement: string): Promise<void> {
  await story.stopRekey()
  const db = new DatabaseSync(join(story.folder, 'rekey.db'))
  const triggers = db.prepare("select name from sqlite_master where type = 'trigger'").all()
  for (const { name } of triggers) db.exec(`drop trigger ${String(name)}`)
  db.exec(statement)
  db.close()
}

describe('npm run audit -- verify', () => {
  it('T12 agrees with the channel, live or exported, beside a running Rekey', async () => {
    const live = await run('verify', '--live')
    expect(live).toMatchObject({ status: 0 })
    expect(live.lines.join('\n')).toMatch(/^intact: \d+ entries, head [0-9a-f]{64}\n[5-9]\d* posts/)
    expect((await run('verify', '--slack-export', slackExport())).status).toBe(0)
  })

  it('says that nobody was asked when no witness was', async () => {
    expect((await run('verify')).lines.join('\n')).toContain('no witness was asked')
  })

  it('names the first entry that was changed', async () => {
    await tamper(
      `update ledger set entry_json = replace(entry_json, '"U0MIA"', '"U0EVE"') where entry_json like '%request.approved%'`,
    )
    const { status, lines } = await run('verify')
    expect(status).toBe(1)
    expect(lines).toEqual([
      expect.stringMatching(/^BROKEN at entry \d+: its content does not match its hash$/),
    ])
  })

  it('AU-02 finds a cut-off end by the channel', async () => {
    await tamper(
      'delete from ledger where seq > 2; update head set seq = 2, hash = (select hash from ledger where seq = 2)',
    )
    expect((await run('verify')).status).toBe(0)
    const { status, lines } = await run('verify', '--slack-export', slackExport())
    expect(status).toBe(1)
    expect(lines[0]).toMatch(/BROKEN at entry 3: the chain ends before entry \d+/)
  })

  it('finds a post that tells another hash', async () => {
    const { status } = await run(
      'verify',
      '--slack-export',
      slackExport((text) => text.replace(/· [0-9a-f]{4}/, '· 0000')),
    )
    expect(status).toBe(1)
  })
})

describe('npm run audit -- export', () => {
  it('writes a line of JSON for each entry', async () => {
    const { status, lines } = await run('export')
    expect(status).toBe(0)
    expect(lines.map((line) => JSON.parse(line).entry.seq)).toEqual(
      lines.map((_, index) => index + 1),
    )
  })

  it('writes CSV that no spreadsheet runs', async () => {
    const { lines } = await run('export', '--format', 'csv')
    expect(lines[0]).toMatch(/^seq,time,type,actor/)
    expect(lines.join('\n')).not.toMatch(/(^|,)"?[=+@]/m)
  })

  it('leaves out what was before a day', async () => {
    expect((await run('export', '--since', '2999-01-01')).lines).toEqual([])
  })

  it.each([
    [[]],
    [['forget']],
    [['export', '--format', 'xml']],
    [['export', '--since', 'soon']],
    [['verify', '--what']],
  ])('tells how it is used when asked %j', async (args) => {
    const { status, lines } = await run(...args)
    expect(status).toBe(2)
    expect(lines.join('\n')).toContain('npm run audit -- verify')
  })
})
