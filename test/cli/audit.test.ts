import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import { audit } from '../../src/cli/audit.ts'
import { approve, ask, beginStory, cardSays, type Story, witnesses } from '../journeys/story.ts'

// What a requester could write to be taken for a witness.
const forged = '#1 · 0000000000000000…'

let story: Story
let database: string
beforeEach(async () => {
  story = await beginStory()
  database = `sqlite:${join(story.folder, 'rekey.db')}`
  const card = await ask(story, story.sam, 'jane@example.com', {
    reason: `=HYPERLINK("x") called, "now"\n${forged}`,
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
function slackExport(
  change: (text: string) => string = (text) => text,
  more: readonly unknown[] = [],
): string {
  const file = join(story.folder, 'audit.json')
  const messages = story.slack.workspace.messages.all
    .filter(({ channel }) => channel === 'C0AUDIT')
    .map(({ ts, text, blocks, botId }) => ({
      type: 'message',
      ts,
      text: change(text),
      blocks,
      bot_id: botId,
    }))
    .filter(({ text }) => text !== '')
  writeFileSync(
    file,
    JSON.stringify([...messages, { type: 'message', user: 'U0EVE', text: forged }, ...more]),
  )
  return file
}

function postSaying(words: string): Message {
  const found = story.slack.workspace.messages.all.find(
    ({ channel, text }) => channel === 'C0AUDIT' && text.includes(words),
  )
  if (found === undefined) throw new Error(`no post says ${words}`)
  return found
}

interface Row {
  readonly seq: number
  readonly hash: string
  readonly entry_json: string
}

function rows(): Row[] {
  return withDatabase(
    (db) => db.prepare('select * from ledger order by seq').all() as unknown as Row[],
  )
}

function put({ seq, hash, entry_json }: Row): void {
  withDatabase((db) => {
    for (const name of ['update', 'delete']) db.exec(`drop trigger if exists ledger_no_${name}`)
    db.prepare('update ledger set hash = ?, entry_json = ? where seq = ?').run(
      hash,
      entry_json,
      seq,
    )
  })
}

function withDatabase<Value>(use: (db: DatabaseSync) => Value): Value {
  const db = new DatabaseSync(join(story.folder, 'rekey.db'))
  try {
    return use(db)
  } finally {
    db.close()
  }
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

  it('T12 finds a post that was deleted, live and in an export', async () => {
    const approval = postSaying('approved the recovery')
    const live = () => run('verify', '--live')
    expect((await live()).lines.join('\n')).toContain('none since then is gone')
    const gone = /BROKEN at entry \d+: its post is gone from the audit channel$/
    story.slack.workspace.deleteMessage('#account-audit', approval.ts)
    expect(await live()).toMatchObject({ status: 1, lines: [expect.stringMatching(gone)] })
    const exported = await run('verify', '--slack-export', slackExport())
    expect(exported).toMatchObject({ status: 1, lines: [expect.stringMatching(gone)] })
  })

  it('T12 finds a post that was changed', async () => {
    const approval = postSaying('approved the recovery')
    story.slack.workspace.replace({
      ...approval,
      blocks: JSON.parse(JSON.stringify(approval.blocks).replaceAll('U0MIA', 'U0EVE')),
    })
    const { status, lines } = await run('verify', '--live')
    expect(status).toBe(1)
    expect(lines[0]).toMatch(/^BROKEN at entry \d+: .* does not say what Rekey wrote$/)
  })

  it('T12 counts only what Rekey itself has posted, and asks where two apps may be it', async () => {
    const impostor = { type: 'message', bot_id: 'B0EVIL', ts: '9.9', text: forged }
    const file = slackExport(undefined, [impostor])
    const [ours] = story.slack.workspace.messages.all.flatMap(({ botId }) => botId ?? [])
    const unsure = await run('verify', '--slack-export', file)
    expect(unsure.status).toBe(2)
    expect(unsure.lines.join()).toContain('--bot')
    expect((await run('verify', '--slack-export', file, '--bot', ours ?? '')).status).toBe(0)
    expect((await run('verify', '--slack-export', file, '--bot', 'B0EVIL')).status).toBe(1)
  })

  it.each([
    ['a key twice', `'{"actor"', '{"v":1,"actor"'`],
    ['a space more', `'{"actor"', '{ "actor"'`],
    ['no JSON', `'{"actor"', '{"actor'`],
    ['another type', `'request.approved', 'request.improved'`],
    ['another place', `'"seq":', '"seq":1'`],
  ])('AU-01 names the first entry whose row has %s', async (_, change) => {
    await tamper(`update ledger set entry_json = replace(entry_json, ${change}) where seq in (
      select seq from ledger where entry_json like '%request.approved%')`)
    const { status, lines } = await run('verify')
    expect(status).toBe(1)
    expect(lines).toEqual([expect.stringMatching(/^BROKEN at entry \d+: /)])
  })

  it('AU-01 AU-02 finds every byte that is changed in a row, and every value in the place of another', async () => {
    await story.stopRekey()
    const before = rows()
    const [one, other] = [before[2], before[3]]
    if (one === undefined || other === undefined) throw new Error('the ledger is too short')
    const changes = [
      ...[...one.entry_json].flatMap((letter, at) => ({
        ...one,
        entry_json: `${one.entry_json.slice(0, at)}${letter === '~' ? '!' : '~'}${one.entry_json.slice(at + 1)}`,
      })),
      ...[...one.hash].map((digit, at) => ({
        ...one,
        hash: `${one.hash.slice(0, at)}${digit === '0' ? '1' : '0'}${one.hash.slice(at + 1)}`,
      })),
      { ...one, hash: other.hash },
      { ...one, entry_json: other.entry_json },
      { ...other, seq: one.seq },
    ]
    for (const change of changes) {
      put(change)
      const { status, lines } = await run('verify')
      expect([status, lines[0]?.slice(0, 18)]).toEqual([1, 'BROKEN at entry 3:'])
    }
    put(one)
    expect((await run('verify')).status).toBe(0)
  }, 60_000)

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
