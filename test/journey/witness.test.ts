/** F5: somebody rewrites what has happened, with all that they hold; and a witness that Rekey cannot rewrite. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Witness } from '../../sandbox/witness/start.ts'
import { emptyHead, hashOf } from '../../src/audit/chain.ts'
import { checkpointKey } from '../../src/audit/checkpoint.ts'
import type { Entry } from '../../src/audit/entry.ts'
import { MerkleTree } from '../../src/audit/merkle.ts'
import { audit } from '../../src/cli/audit.ts'
import { RowSealer } from '../../src/sealing/row-sealer.ts'
import { Secret } from '../../src/secret.ts'
import { digestOf } from '../../src/slack/outbound/message-digest.ts'
import { readAggregate } from '../../src/store/aggregate.ts'
import { readHead } from '../../src/store/head.ts'
import { readHolds } from '../../src/store/holds.ts'
import { Seals } from '../../src/store/seals.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { cardSays, messageSaying, witnesses } from '../support/story/reading.ts'
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
  await story.restart({ WITNESSES: `${witness.key} ${witness.url}` })
  const card = await ask(story, story.sam, 'jane@example.com')
  await approve(story, story.mia, card)
  await cardSays(story, card, 'signed out everywhere')
  await story.slack.until(() => witnesses(story).length >= 5)
  // What it signs at the start is not the recovery yet.
  const before = kept()
  story.pass(61 * minute)
  await story.slack.until(() => kept() > before)
})
afterEach(async () => {
  await story.end()
  await witness.close()
})

function kept(): number {
  return Number(
    withDatabase((db) => db.prepare('select count(*) as n from cosignatures').get())?.['n'],
  )
}

function withDatabase<Value>(use: (db: DatabaseSync) => Value): Value {
  const db = new DatabaseSync(join(story.folder, 'rekey.db'), { timeout: 5_000 })
  try {
    return use(db)
  } finally {
    db.close()
  }
}

async function verify(...args: string[]) {
  const lines: string[] = []
  const database = `sqlite:${join(story.folder, 'rekey.db')}`
  const now = () => new Date(story.slack.workspace.now().getTime() + 5 * minute)
  const key = checkpointKey(new Secret(story.env['REKEY_SECRET_KEY'] ?? '')).verifier
  const status = await audit(
    ['verify', '--key', key, ...args, '--database', database],
    story.environment(database),
    (line) => lines.push(line),
    now,
  )
  return { status, said: lines.join('\n') }
}

const askWitness = () => ['--witness', witness.url, '--witness-key', witness.key]

function file(): readonly string[] {
  const path = join(story.folder, 'witnessed.txt')
  writeFileSync(path, witness.seen(origin)?.note ?? '')
  return ['--witness', path, '--witness-key', witness.key]
}

/** What of it somebody holds. */
interface Held {
  readonly host?: true
  readonly channel?: true
}

/** Whoever has the database: Mia's approval becomes Noor's, and everything after it fits; the rest with what else they hold. */
async function rewrite({ host, channel }: Held): Promise<void> {
  await story.stopRekey()
  const key = checkpointKey(new Secret(story.env['REKEY_SECRET_KEY'] ?? ''))
  const hashes = new Map<string, string>()
  withDatabase((db) => {
    const triggers = db.prepare("select name from sqlite_master where type = 'trigger'").all()
    for (const { name } of triggers) db.exec(`drop trigger ${name}`)
    let { hash: prev } = emptyHead
    const tree = new MerkleTree()
    for (const row of db.prepare('select * from ledger order by seq').all()) {
      const said = String(row['entry_json']).replaceAll('U0MIA', 'U0NOOR')
      const entry = { ...JSON.parse(said), prev } as Entry
      prev = hashOf(entry)
      hashes.set(String(row['hash']), prev)
      hashes.set(String(row['hash']).slice(0, 16), prev.slice(0, 16))
      db.prepare('update ledger set hash = ?, entry_json = ? where seq = ?').run(
        prev,
        JSON.stringify(entry),
        entry.seq,
      )
      tree.push(prev)
      const note = db.prepare('select note from checkpoints where size = ?').get(entry.seq)
      if (note !== undefined && host)
        db.prepare('update checkpoints set note = ?, frontier = ? where size = ?').run(
          key.sign(tree.size, tree.root()),
          tree.frontier.join(' '),
          tree.size,
        )
    }
    db.exec("update approvals set approver = 'U0NOOR' where approver = 'U0MIA'")
    db.prepare('update head set hash = ?').run(prev)
    db.exec(host ? 'delete from cosignatures' : 'delete from checkpoints; delete from cosignatures')
    if (channel) editChannel(db)
  })
  if (host) await sealAnew()

  function editChannel(db: DatabaseSync): void {
    for (const message of story.slack.workspace.messages.all) {
      if (message.channel !== 'C0AUDIT') continue
      let said = JSON.stringify(message).replaceAll('U0MIA', 'U0NOOR')
      for (const [before, after] of hashes) said = said.replaceAll(before, after)
      if (message.text.includes('rekey-ledger/')) {
        story.slack.workspace.deleteMessage('C0AUDIT', message.ts)
        db.prepare('delete from posts where ts = ?').run(message.ts)
        continue
      }
      const changed = JSON.parse(said)
      story.slack.workspace.replace(changed)
      db.prepare('update posts set digest = ? where ts = ?').run(digestOf(changed), message.ts)
    }
  }
}

/** With the key, the seals are no more than what Rekey itself would write. */
async function sealAnew(): Promise<void> {
  const engine = await openSqlite(join(story.folder, 'rekey.db'))
  const secret = new Secret(story.env['REKEY_SECRET_KEY'] ?? '')
  const seals = new Seals(new RowSealer(secret))
  await engine.db.transaction().execute(async (trx) => {
    for (const { id } of await trx.selectFrom('requests').select('id').execute()) {
      const aggregate = await readAggregate(trx, id)
      const seal = aggregate && seals.ofRequest(aggregate)
      await trx.updateTable('requests').set({ seal }).where('id', '=', id).execute()
    }
    const seal = seals.ofHead(await readHead(trx), await readHolds(trx))
    await trx.updateTable('head').set({ seal }).execute()
  })
  await engine.close()
}

it('F5 a witness signs every checkpoint, and agrees', async () => {
  const asked = await verify('--live', ...askWitness())
  expect(asked.said).toContain(`${witness.url} agrees: it signed entries 1 to `)
  expect(asked.said).toContain('signatures of witnesses that are kept here agree')
  expect(asked.status).toBe(0)
  expect((await verify(...file())).status).toBe(0)
})

it('P8 F5 host, database and channel together rewrite history for everybody but the witness', async () => {
  const held = file()
  await rewrite({ host: true, channel: true })
  const live = await verify('--live')
  expect(live).toEqual({ status: 0, said: expect.stringContaining('intact') })
  // Without a witness, Rekey itself takes it for its own.
  await story.restart({ WITNESSES: '' })
  await expect.poll(() => story.readiness()).toBe('ready\n')
  await story.stopRekey()
  expect((await story.ledger()).map(({ entry }) => entry.type)).not.toContain('recovery.paused')
  const asked = await verify('--live', ...askWitness())
  expect(asked.said).toContain('BROKEN')
  expect(asked.status).toBe(1)
  expect(await verify('--live', ...held)).toMatchObject({ status: 1 })
})

it('F5 host and database: the channel shows it, and so does the witness', async () => {
  const held = file()
  await rewrite({ host: true })
  expect(await verify('--live')).toMatchObject({ status: 1 })
  expect(await verify(...askWitness())).toMatchObject({ status: 1 })
  expect(await verify(...held)).toMatchObject({ status: 1 })
  await story.restart()
  await story.stopRekey()
  const paused = (await story.ledger()).filter(({ entry }) => entry.type === 'recovery.paused')
  const because = paused.map(({ entry }) => entry.data['because'])
  expect(because).toEqual(['restored', 'witness'])
})

it('F5 database and channel, without the key: the witness shows it, and so do the seals', async () => {
  const held = file()
  await rewrite({ channel: true })
  expect(await verify(...held)).toMatchObject({ status: 1 })
  // No checkpoint is left to show it; with the key, the seals do.
  const asked = await verify('--live', ...askWitness())
  expect(asked).toEqual({ status: 1, said: expect.stringContaining('do not fit their seal') })
  // What was not written with the key, Rekey does not take for its own.
  const restarted = await story.restart().then(
    () => 'started',
    (error: unknown) => String(error),
  )
  expect(restarted).toMatch(/altered|changed/i)
})

it('F5 host and channel, without the database: the ledger still tells, and the witness agrees', async () => {
  for (const { channel, ts } of story.slack.workspace.messages.all)
    if (channel === 'C0AUDIT') story.slack.workspace.deleteMessage(channel, ts)
  expect((await verify('--live')).status).not.toBe(0)
  expect(await verify(...file())).toMatchObject({ status: 0 })
})

it('F5 a ledger that was rewritten is noticed at the start: recoveries are paused, and security hears of it', async () => {
  await rewrite({ host: true, channel: true })
  await story.restart()
  await messageSaying(story, story.mia, '#account-approvals', 'somebody has rewritten it')
  await messageSaying(story, story.mia, '#account-approvals', 'Rekey paused all recoveries')
  const card = await ask(story, story.sam, 'judy@example.com')
  expect(await cardSays(story, card, 'All recoveries are paused')).toContain(
    'The witness witness.example/acme has signed other entries up to #',
  )
})

it('F5 a witness that is silent holds nothing up, is told of after a day, and signs when it is back', async () => {
  witness.failWith(503)
  await story.restart()
  story.pass(61 * minute)
  await story.slack.until(() => story.logged().includes('a witness has not signed'))
  await expect.poll(() => story.readiness()).toBe('ready\n')
  const before = witness.seen(origin)?.size ?? 0
  const figure = `rekey_witness_signed_entries{witness="witness.example/acme"} ${before}\n`
  expect(await story.metrics()).toContain(figure)

  story.pass(24 * 60 * minute)
  await messageSaying(story, story.mia, '#account-approvals', 'has signed nothing since')
  await expect
    .poll(() => story.readiness())
    .toMatch(
      /^ready\nthe witness witness\.example\/acme has signed nothing that was written since 20/,
    )
  const card = await ask(story, story.sam, 'judy@example.com')
  await approve(story, story.mia, card)
  await cardSays(story, card, 'signed out everywhere')

  witness.failWith(undefined)
  story.pass(11 * minute)
  await story.slack.until(() => (witness.seen(origin)?.size ?? 0) > before)
  await expect.poll(() => story.readiness()).toBe('ready\n')
  expect(await story.metrics()).not.toContain(figure)
})
