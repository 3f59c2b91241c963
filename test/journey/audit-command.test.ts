// biome-ignore-all lint/style/noExcessiveLinesPerFile: one command, and whatever it finds

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import { checkpointKey } from '../../src/audit/checkpoint.ts'
import { MerkleTree } from '../../src/audit/merkle.ts'
import { audit } from '../../src/cli/audit.ts'
import { Secret } from '../../src/secret.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { cardSays, witnesses } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

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

/** Some minutes later, when everything has come to rest, if nothing else is said. */
async function run(...args: string[]): Promise<{ status: number; lines: string[] }> {
  return runAt(5 * minute, ...args)
}

async function runAt(laterMs: number, ...args: string[]) {
  const lines: string[] = []
  const env = { ...story.environment(database) }
  const now = () => new Date(story.slack.workspace.now().getTime() + laterMs)
  const status = await audit(
    [...args, '--database', database],
    env,
    (line) => lines.push(line),
    now,
  )
  return { status, lines }
}

interface Exported {
  readonly type: 'message'
  readonly ts: string
  readonly text: string
  readonly blocks?: unknown
  readonly bot_id?: string | undefined
  readonly edited?: Message['edited']
}

/** The audit channel as a Slack export has it, with what somebody has made of it. */
function slackExport(
  change: (messages: readonly Exported[]) => readonly Exported[] = (messages) => messages,
): string {
  const messages = story.slack.workspace.messages.all
    .filter(({ channel }) => channel === 'C0AUDIT')
    .map(({ ts, text, blocks, botId, edited }) => ({
      type: 'message' as const,
      ts,
      text,
      blocks,
      bot_id: botId,
      ...(edited && { edited }),
    }))
  const eve = { type: 'message', user: 'U0EVE', ts: '1.000001', text: forged } as const
  return exported([...change(messages), eve])
}

function exported(messages: readonly unknown[]): string {
  const file = join(story.folder, 'audit.json')
  writeFileSync(file, JSON.stringify(messages))
  return file
}

function seqOf({ text }: Pick<Exported, 'text'>): number {
  return Number(/\n#(\d+) · /.exec(text)?.[1])
}

/** Says in its place what somebody else wants to be read. */
function edit(post: Message, change: Partial<Message>): void {
  story.slack.workspace.replace({ ...post, ...change })
}

function ourBot(): string {
  const [ours] = story.slack.workspace.messages.all.flatMap(({ botId }) => botId ?? [])
  if (ours === undefined) throw new Error('nothing was posted')
  return ours
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

function rootOf(size: number): Buffer {
  const tree = new MerkleTree()
  for (const { hash } of rows().slice(0, size)) tree.push(hash)
  return tree.root()
}

/** Somebody with the database in their hands, and no respect for its triggers. */
async function tamper(statement: string): Promise<void> {
  await story.stopRekey()
  story.tampered()
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
    expect(live.lines.join('\n')).toMatch(
      /^intact: \d+ entries, head [0-9a-f]{64}\naudit channel: [5-9]\d* posts agree/,
    )
    expect((await run('verify', '--slack-export', slackExport())).status).toBe(0)
  })

  it('says that nobody was asked when no witness was', async () => {
    expect(await run('verify')).toMatchObject({
      status: 0,
      lines: expect.arrayContaining([expect.stringContaining('no witness was asked')]),
    })
  })

  it('AU-03 does not take silence for a yes: whoever asks for a witness is told that there is none', async () => {
    const none = {
      status: 2,
      lines: expect.arrayContaining([expect.stringContaining("there is no post of Rekey's")]),
    }
    expect(await run('verify', '--slack-export', exported([]))).toMatchObject(none)
    // The folder above holds lists too, of channels and people.
    const channels = exported([{ id: 'C0AUDIT', name: 'account-audit', members: ['U0ANA'] }])
    expect(await run('verify', '--slack-export', channels)).toMatchObject(none)
    expect(await run('verify', '--live', '--bot', 'B0TYPO')).toMatchObject(none)
    for (const { channel, ts } of [...story.slack.workspace.messages.all]) {
      if (channel === 'C0AUDIT') story.slack.workspace.deleteMessage('#account-audit', ts)
    }
    await story.stopRekey()
    expect(await run('verify', '--live')).toMatchObject(none)
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
    expect((await run('verify')).lines[0]).toMatch(
      /^BROKEN in the tables: there is a row of REQ-\w+, which the ledger never opened$/,
    )
    await tamper('delete from requests; delete from approvals; delete from effects')
    const { lines: said } = await run('verify')
    expect(said.at(-1)).toMatch(
      /^BROKEN in the tables: the end of the ledger.*does not fit its seal/,
    )
    const { status, lines } = await run('verify', '--slack-export', slackExport())
    expect(status).toBe(1)
    expect(lines[0]).toMatch(/BROKEN at entry 3: the chain ends before entry \d+/)
  })

  it('T12 finds a post that was deleted, live and in an export', async () => {
    const approval = postSaying('approved the recovery')
    const live = () => run('verify', '--live')
    expect((await live()).lines.join('\n')).toContain('none is gone')
    const gone = /BROKEN at entry \d+: its post is gone from the audit channel$/
    story.slack.workspace.deleteMessage('#account-audit', approval.ts)
    expect(await live()).toMatchObject({ status: 1, lines: [expect.stringMatching(gone)] })
    const exported = await run('verify', '--slack-export', slackExport())
    expect(exported).toMatchObject({ status: 1, lines: [expect.stringMatching(gone)] })
  })

  it('T12 misses a post that the database has forgotten, too', async () => {
    story.slack.workspace.deleteMessage('#account-audit', postSaying('approved the recovery').ts)
    await tamper('delete from posts')
    expect(await run('verify', '--live')).toMatchObject({
      status: 1,
      lines: [expect.stringMatching(/its post is gone from the audit channel$/)],
    })
  })

  it('T12 finds that the newest post was deleted', async () => {
    await story.stopRekey()
    const newest = story.slack.workspace.messages.all
      .filter(({ channel }) => channel === 'C0AUDIT')
      .toSorted((one, other) => seqOf(one) - seqOf(other))
      .at(-1)
    if (newest === undefined) throw new Error('nothing was posted')
    story.slack.workspace.deleteMessage('#account-audit', newest.ts)
    expect(await run('verify', '--live')).toMatchObject({
      status: 1,
      lines: [`BROKEN at entry ${seqOf(newest)}: its post is gone from the audit channel`],
    })
  })

  it('T12 takes nothing for gone that may not be shown yet', async () => {
    story.slack.workspace.deleteMessage('#account-audit', postSaying('approved the recovery').ts)
    expect((await runAt(-minute, 'verify', '--live')).status).toBe(0)
    expect((await run('verify', '--live')).status).toBe(1)
  })

  it('T12 misses nothing that is older than the oldest post, whatever was posted again since', async () => {
    const file = slackExport((messages) => {
      const [, second, , ...later] = messages.toSorted((one, other) => seqOf(one) - seqOf(other))
      const newest = later.at(-1)
      if (second === undefined || newest === undefined) throw new Error('there are too few posts')
      return [...later, { ...second, ts: (Number(newest.ts) + 1).toFixed(6) }]
    })
    expect(await run('verify', '--slack-export', file)).toMatchObject({ status: 0 })
  })

  it.each(['asked to recover', 'approved the recovery'])(
    'T12 finds a post that was changed: %s',
    async (words) => {
      const post = postSaying(words)
      const altered = {
        status: 1,
        lines: [
          `BROKEN at entry ${seqOf(post)}: its post in the audit channel does not say what Rekey wrote`,
        ],
      }
      const { blocks, text } = post
      edit(post, {
        blocks: JSON.parse(
          JSON.stringify(blocks).replaceAll('U0MIA', 'U0EVE').replaceAll('U0SAM', 'U0EVE'),
        ),
      })
      expect(await run('verify', '--live')).toMatchObject(altered)
      edit(post, { blocks: [], text: text.replace(/^.*\n/, 'All is well.\n') })
      expect(await run('verify', '--live')).toMatchObject(altered)
      // Without its last line it bears witness to nothing.
      edit(post, { blocks: [], text: 'All is well.', metadata: {} })
      expect((await run('verify', '--live')).lines).toEqual([
        `BROKEN at entry ${seqOf(post)}: its post is gone from the audit channel`,
      ])
      edit(post, {})
      expect((await run('verify', '--live')).status).toBe(0)
    },
  )

  it('F5 finds a post that was edited, and edited back', async () => {
    const post = postSaying('approved')
    edit(post, { edited: { user: 'U0EVE', ts: '1.000001' } })
    const altered = `BROKEN at entry ${seqOf(post)}: its post in the audit channel does not say what Rekey wrote`
    expect(await run('verify', '--live')).toMatchObject({ status: 1, lines: [altered] })
    expect(await run('verify', '--slack-export', slackExport())).toMatchObject({
      status: 1,
      lines: [altered],
    })
  })

  it('SO-09 finds that the post of a checkpoint was deleted', async () => {
    story.pass(61 * minute)
    await story.slack.until(() =>
      story.slack.workspace.messages.all.some(({ text }) => text.startsWith('Checkpoint of')),
    )
    expect((await run('verify', '--live')).status).toBe(0)
    await story.stopRekey()
    story.slack.workspace.deleteMessage('#account-audit', postSaying('Checkpoint of').ts)
    expect(await run('verify', '--live')).toMatchObject({
      status: 1,
      lines: [
        expect.stringMatching(/the post of the checkpoint of the entries up to here is gone/),
      ],
    })
  })

  it('says what a file names on the line where it stands, and steers no terminal with it', async () => {
    const name = 'B0EVIL\u001b[2J\nintact: 9 entries\u202e'
    const impostor = { type: 'message', bot_id: name, ts: '9.000001', text: forged } as const
    const file = slackExport((messages) => [...messages, impostor])
    const unsure = await run('verify', '--slack-export', file)
    const sure = await run('verify', '--slack-export', file, '--bot', ourBot())
    for (const line of [...unsure.lines, ...sure.lines]) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(sure.lines.join('\n')).toContain('what B0EVIL [2J intact: 9 entries posted')
  })

  it('F9 T12 counts only what the bot has posted that the ledger names', async () => {
    const others = slackExport((messages) =>
      messages.map((each) => ({ ...each, bot_id: 'B0EVIL' })),
    )
    const alone = await run('verify', '--slack-export', others)
    expect(alone).toMatchObject({ status: 2 })
    expect(alone.lines.join()).toContain('what B0EVIL posted does not count')
    expect(await run('verify', '--slack-export', slackExport())).toMatchObject({ status: 0 })
  })

  it('T12 counts only what Rekey itself has posted, also where two apps may be it', async () => {
    const impostor = { type: 'message', bot_id: 'B0EVIL', ts: '9.000001', text: forged } as const
    const file = slackExport((messages) => [...messages, impostor])
    const unsure = await run('verify', '--slack-export', file)
    expect(unsure.status).toBe(0)
    expect(unsure.lines.join()).toContain('what B0EVIL posted does not count (see --bot)')
    const sure = await run('verify', '--slack-export', file, '--bot', ourBot())
    expect(sure.status).toBe(0)
    expect(sure.lines.join()).toContain('what B0EVIL posted does not count')
    expect((await run('verify', '--slack-export', file, '--bot', 'B0EVIL')).status).toBe(1)
  })

  it('T12 knows Rekey by every id that it has had', async () => {
    // Its app was made anew in between.
    const file = slackExport((messages) =>
      messages.map((each) => (seqOf(each) < 3 ? { ...each, bot_id: 'B0FORMER' } : each)),
    )
    const both = ['--bot', ourBot(), '--bot', 'B0FORMER']
    const { status, lines } = await run('verify', '--slack-export', file, ...both)
    expect(status).toBe(0)
    expect(lines.join()).toContain('of entries 1 to')
  })

  it('AU-03 AU-04 believes no checkpoint that another key has signed', async () => {
    const of = async (secret: string) => {
      const note = checkpointKey(new Secret(secret)).sign(2, rootOf(2))
      await tamper(
        `delete from checkpoints; insert into checkpoints (size, note, frontier) values (2, '${note}', '${rootOf(2).toString('hex')}')`,
      )
    }
    const own = story.env['REKEY_SECRET_KEY'] ?? ''
    const stranger = Buffer.alloc(32, 9).toString('base64')
    const [verifier = ''] = (await run('key')).lines
    await of(own)
    expect(await run('verify')).toMatchObject({ status: 0 })
    expect((await run('verify')).lines.join()).toContain('1 signed checkpoints agree')
    await of(stranger)
    const forgery = {
      status: 1,
      lines: [expect.stringMatching(/^BROKEN at entry 2: the checkpoint .* signed by no key/)],
    }
    expect(await run('verify')).toMatchObject(forgery)
    expect(await run('verify', '--key', verifier)).toMatchObject(forgery)
    const former = checkpointKey(new Secret(stranger)).verifier
    expect((await run('verify', '--key', verifier, '--key', former)).status).toBe(0)
  })

  it('AU-03 says that a key is none, rather than going without', async () => {
    const [verifier = ''] = (await run('key')).lines
    const { status, lines } = await run('verify', '--key', verifier.slice(0, -4))
    expect([status, lines.join()]).toEqual([2, expect.stringContaining('is no key')])
  })

  it('AU-01 finds that the store has another head than its newest entry', async () => {
    await tamper(`update head set hash = '${'0'.repeat(64)}'`)
    expect(await run('verify')).toMatchObject({
      status: 1,
      lines: [expect.stringMatching(/another hash for its newest entry/)],
    })
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
  })

  it('finds a post that tells another hash', async () => {
    const { status } = await run(
      'verify',
      '--slack-export',
      slackExport((messages) =>
        messages.map((each) => ({ ...each, text: each.text.replace(/· [0-9a-f]{4}/, '· 0000') })),
      ),
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
