// biome-ignore-all lint/style/noExcessiveLinesPerFile: one channel, and all that is done to it

/** The audit channel under attack and in bad weather: what is missing is noticed, and nothing outruns it. */

import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { audit } from '../../src/cli/audit.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  auditChannel,
  cardSays,
  current,
  messageSaying,
  witnesses,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

const jane = 'jane@example.com'
let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

/** Jane's recovery, done, with everything about it posted. */
async function recovered(): Promise<void> {
  const card = await ask(story, story.sam, jane)
  await approve(story, story.mia, card)
  await cardSays(story, card, 'signed out everywhere')
  await story.slack.until(() => said('Signed out everywhere'))
}

function said(words: string): boolean {
  return auditChannel(story).some((post) => post.includes(words))
}

/** Moves on until the reconciler has spoken. */
async function swept(words: string): Promise<void> {
  story.pass(11 * minute)
  await passUntil(story, () => said(words))
}

/** Lets so much time pass, and the comparison that is due then; more, where the one before took its time. */
async function sweptAfter(milliseconds: number): Promise<void> {
  const looks = () => story.slack.transcript.callsOf('conversations.history').length
  const before = looks()
  story.pass(milliseconds)
  const swept = () => {
    if (looks() === before) story.pass(milliseconds / 10)
    return looks()
  }
  await expect.poll(swept, { interval: 50 }).toBeGreaterThan(before)
  // It has ended when it reads nothing more: what is deleted under way, it may see half of.
  let calls = 0
  const isQuiet = () => {
    const last = calls
    calls = story.slack.transcript.calls.length
    return calls === last
  }
  await expect.poll(isQuiet, { interval: 100 }).toBe(true)
}

const dayMs = 24 * 60 * minute

function deleteOlderThan(milliseconds: number): void {
  const { messages, now } = story.slack.workspace
  const from = (now.call(story.slack.workspace).getTime() - milliseconds) / 1_000
  messages.all = messages.all.filter((each) => each.channel !== 'C0AUDIT' || Number(each.ts) > from)
}

/** How often Slack has taken such a post for the audit channel. */
function posted(words: string): number {
  const calls = story.slack.transcript.callsOf('chat.postMessage')
  return calls.filter(
    ({ args, outcome }) =>
      args['channel'] === 'C0AUDIT' && outcome === 'ok' && String(args['text']).includes(words),
  ).length
}

function inAudit(words: string) {
  const found = story.slack.workspace.messages.all.filter(
    (each) => each.channel === 'C0AUDIT' && each.text.includes(words),
  )
  return found
}

async function entriesOf(type: string) {
  await story.stopRekey()
  return (await story.ledger()).filter(({ entry }) => entry.type === type)
}

describe('somebody who can delete and edit messages', () => {
  it('SO-09 T12: deletes one: it is noted, said aloud, and posted again', async () => {
    await recovered()
    const [approval] = inAudit('approved the recovery')
    if (approval === undefined) throw new Error('the approval was not posted')
    story.slack.workspace.deleteMessage('#account-audit', approval.ts)
    expect(inAudit('approved the recovery')).toEqual([])
    await swept('is gone from this channel')
    await story.slack.until(() => inAudit('approved the recovery').length === 1)
    await messageSaying(story, story.mia, '#account-approvals', 'is gone from this channel')
    expect(await entriesOf('post.missing')).toHaveLength(1)
  })

  it('SO-09: deletes the beginning of a thread', async () => {
    await recovered()
    const [root] = inAudit('asked to recover')
    story.slack.workspace.deleteMessage('#account-audit', root?.ts ?? '')
    await swept('is gone from this channel')
    await story.slack.until(() => inAudit('asked to recover').length === 1)
  })

  it('SO-09: changes one: the same', async () => {
    await recovered()
    const [approval] = inAudit('approved the recovery')
    if (approval === undefined) throw new Error('the approval was not posted')
    story.slack.workspace.replace({
      ...approval,
      blocks: JSON.parse(JSON.stringify(approval.blocks).replace('@U0MIA', '@U0NOOR')),
    })
    await swept('does not say any more what Rekey wrote')
    await story.slack.until(() => inAudit('approved the recovery').length === 2)
    expect(await entriesOf('post.altered')).toHaveLength(1)
  })

  it('SO-09: deletes one of weeks ago: it is missed within a day', async () => {
    await recovered()
    story.pass(20 * 24 * 60 * minute)
    const [approval] = inAudit('approved the recovery')
    story.slack.workspace.deleteMessage('#account-audit', approval?.ts ?? '')
    story.pass(25 * 60 * minute)
    await passUntil(story, () => said('is gone from this channel'))
    await story.slack.until(() => inAudit('approved the recovery').length === 1)
    expect(await entriesOf('post.missing')).toHaveLength(1)
  })

  it('SO-09: deletes it again, and the note about it: each entry is posted again once', async () => {
    await recovered()
    for (const words of ['approved the recovery', 'is gone from this channel']) {
      const [post] = inAudit(words)
      story.slack.workspace.deleteMessage('#account-audit', post?.ts ?? '')
      if (words.startsWith('approved')) await swept('is gone from this channel')
      await story.slack.until(() => inAudit('approved the recovery').length === 1)
    }
    story.pass(2 * minute)
    const [again] = inAudit('approved the recovery')
    story.slack.workspace.deleteMessage('#account-audit', again?.ts ?? '')
    for (let round = 0; round < 4; round += 1) await sweptAfter(11 * minute)
    expect(inAudit('is gone from this channel')).toEqual([])
    expect(await entriesOf('post.missing')).toHaveLength(1)
  })

  it('SO-09: deletes a checkpoint', async () => {
    await recovered()
    story.pass(61 * minute)
    await passUntil(story, () => said('Checkpoint of the ledger'))
    story.pass(2 * minute)
    const [checkpoint] = inAudit('Checkpoint of the ledger')
    story.slack.workspace.deleteMessage('#account-audit', checkpoint?.ts ?? '')
    await swept('The post about the checkpoint of entries 1 to')
    await story.slack.until(() => inAudit('Checkpoint of the ledger').length > 0)
  })

  it('SO-09: is noticed there even where Slack does not show another channel, which the log names once', async () => {
    await recovered()
    const hidden = { method: 'conversations.history', channel: 'C0APPROVE' } as const
    story.slack.faults.add({ ...hidden, kind: 'error', error: 'not_in_channel', times: 1_000 })
    const [approval] = inAudit('approved the recovery')
    story.slack.workspace.deleteMessage('#account-audit', approval?.ts ?? '')
    await swept('is gone from this channel')
    story.pass(11 * minute)
    await story.slack.until(() => inAudit('approved the recovery').length === 1)
    const warned = story.logged().match(/nobody would notice if it were gone/g)
    expect(warned).toHaveLength(1)
    expect(await entriesOf('post.missing')).toHaveLength(1)
  })

  it('is not suspected while everything stands as it was posted', async () => {
    await recovered()
    const calls = () =>
      story.slack.transcript.calls.filter(({ method }) => method === 'conversations.history').length
    for (let round = 0; round < 3; round++) {
      const before = calls()
      story.pass(11 * minute)
      await passUntil(story, () => calls() > before)
    }
    expect([...(await entriesOf('post.missing')), ...(await entriesOf('post.altered'))]).toEqual([])
  })
})

describe('words that Slack keeps otherwise than they were sent', () => {
  it('SO-09: are the same words: nothing is posted again, and verify agrees', async () => {
    const { sam, slack } = story
    await ask(story, sam, jane, { reason: 'From R&D: a < b, and a literal &amp; too' })
    await slack.until(() => said('From R&D'))
    await sweptAfter(11 * minute)
    await sweptAfter(11 * minute)
    expect(inAudit('does not say any more')).toEqual([])
    const lines: string[] = []
    const env = story.environment(`sqlite:${join(story.folder, 'rekey.db')}`)
    const status = await audit(['verify', '--live'], env, (line) => lines.push(line))
    expect(lines.join('\n')).not.toContain('BROKEN')
    expect(status).toBe(0)
    expect(await entriesOf('post.altered')).toEqual([])
  })
})

describe('a channel whose messages Slack deletes after a week', () => {
  it('SO-09: is told of once a month, and nothing is posted again', async () => {
    await recovered()
    const end = story.slack.workspace.now().getTime() + 25 * dayMs
    while (story.slack.workspace.now().getTime() < end) {
      deleteOlderThan(7 * dayMs)
      await sweptAfter(dayMs + 5 * minute)
      await auditCaughtUp(story)
    }
    const entries = await entriesOf('post.missing')
    const months = entries.map(({ entry }) => entry.time.slice(0, 7))
    expect(new Set(months).size).toBe(months.length)
    expect(entries[0]?.entry.data).toMatchObject({ channel: 'C0AUDIT', posts: expect.any(Number) })
    const alerts = story.mia
      .messages('#account-approvals')
      .map((each) => story.mia.read(each))
      .filter((text) => text.includes('is gone'))
    expect(alerts).toHaveLength(entries.length)
    expect(alerts[0]).toContain('Nothing of it is posted again')
    expect(posted('asked to recover')).toBe(1)
  })

  it('SO-09: somebody deletes another one: it is noted and posted again', async () => {
    await recovered()
    story.pass(3 * dayMs)
    story.ana.say('#account-audit', 'Noted.')
    await ask(story, story.sam, 'judy@example.com')
    await story.slack.until(() => inAudit('asked to recover').length === 2)
    await sweptAfter(5 * dayMs)
    deleteOlderThan(7 * dayMs)
    const [later] = inAudit('asked to recover')
    expect(inAudit('asked to recover')).toHaveLength(1)
    story.slack.workspace.deleteMessage('#account-audit', later?.ts ?? '')
    // A comparison that is under way may not see it: then the next one does.
    const hourLater = () => {
      story.pass(60 * minute)
      return inAudit('asked to recover').length
    }
    await expect.poll(hourLater, { interval: 50 }).toBe(1)
    const data = (await entriesOf('post.missing')).map(({ entry }) => entry.data)
    expect(data).toHaveLength(2)
  })
})

describe('a history that lags behind', () => {
  it('SO-05: leads to one post too many at most, which is marked, and not deleted', async () => {
    const { slack } = story
    await story.slack.until(() => said('Rekey started'))
    // The post goes through, its answer is lost, and the history does not show it yet.
    slack.faults.add({ method: 'chat.postMessage', channel: 'C0AUDIT', kind: 'http-500-after' })
    await ask(story, story.sam, jane)
    await story.slack.until(() => inAudit('asked to recover').length === 1)
    const [first] = inAudit('asked to recover')
    if (first === undefined) throw new Error('nothing was posted')
    slack.workspace.messages.all = slack.workspace.messages.all.filter((each) => each !== first)
    story.pass(4_000)
    await story.slack.until(() => inAudit('asked to recover').length === 1)
    slack.workspace.messages.all = [first, ...slack.workspace.messages.all]
    expect(inAudit('asked to recover')).toHaveLength(2)
    await swept('this is a duplicate')
    expect(inAudit('asked to recover')).toHaveLength(1)
    expect(await entriesOf('post.missing')).toEqual([])
  })
})

describe('a card that was posted twice', () => {
  it('SO-05: is marked, and nothing on it can be pressed', async () => {
    const { slack, mia, sam } = story
    await story.slack.until(() => said('Rekey started'))
    slack.faults.add({ method: 'chat.postMessage', channel: 'C0APPROVE', kind: 'http-500-after' })
    const asked = ask(story, sam, jane)
    const cards = () => mia.messages('#account-approvals')
    await slack.until(() => cards().length === 1)
    const [first] = cards()
    if (first === undefined) throw new Error('nothing was posted')
    slack.workspace.messages.all = slack.workspace.messages.all.filter((each) => each !== first)
    story.pass(4_000)
    await slack.until(() => cards().length === 1)
    slack.workspace.messages.all = [first, ...slack.workspace.messages.all]
    await asked
    // Somebody else's app has read the card's id off it: its message is nobody's to edit, and is passed over.
    slack.workspace.post({ ...first, botId: 'B0EVIL', text: 'Approve here', blocks: [] })
    story.pass(11 * minute)
    await passUntil(story, () => mia.read(current(story, first)).includes('this is a duplicate'))
    expect(story.logged()).toContain('cant_update_message')
    expect(mia.read(current(story, first))).not.toContain('Approve')
    const card = cards().find(({ ts }) => ts !== first.ts)
    if (card === undefined) throw new Error('there is no other card')
    expect(await approve(story, mia, card)).toContain('recorded')
  })
})

describe('an audit channel that takes nothing', () => {
  it.each(['is_archived', 'not_in_channel', 'channel_not_found', 'missing_scope'])(
    'SO-07: %s: what was decided waits, and goes on by itself when it is mended',
    async (error) => {
      const { sam, mia, slack, cognito } = story
      const card = await ask(story, sam, jane)
      await story.slack.until(() => said('asked to recover'))
      const mend = slack.faults.add({
        method: 'chat.postMessage',
        channel: 'C0AUDIT',
        kind: 'error',
        error,
        times: 10_000,
      })
      // Something to be posted, which grows old. A refusal would not count.
      await ask(story, sam, 'judy@example.com')
      await expect.poll(() => story.logged()).toContain('Slack refuses a message')
      story.pass(16 * minute)
      await approve(story, mia, current(story, card))
      await cardSays(story, card, 'Approved')
      await expect.poll(() => story.readiness()).toContain('channel is behind')
      await messageSaying(story, mia, '#account-approvals', 'Nothing new is carried out until')
      expect(cognito.mailbox.to(jane)).toEqual([])
      mend()
      await passUntil(story, () => cognito.mailbox.to(jane).length === 1)
      await cardSays(story, card, 'signed out everywhere')
      await story.slack.until(() => said('Signed out everywhere'))
    },
  )
})

describe('Slack, gone for two hours', () => {
  it('P7 SO-08: what was under way settles, and everything is posted afterwards, in order', async () => {
    const { sam, mia, slack, cognito } = story
    const card = await ask(story, sam, jane)
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'slow', ms: 600 })
    await approve(story, mia, card)
    await story.slack.until(() =>
      cognito.calls.some(({ operation }) => operation === 'AdminResetUserPassword'),
    )
    slack.faults.goDown()
    await expect.poll(() => cognito.mailbox.to(jane).length).toBe(1)
    await expect
      .poll(() => cognito.calls.some(({ operation }) => operation === 'AdminUserGlobalSignOut'))
      .toBe(true)
    story.pass(120 * minute)
    slack.faults.comeBack()
    await passUntil(story, () => said('Signed out everywhere'))
    await cardSays(story, card, 'Not used in time')
    await story.slack.until(() => said('lapsed'))
    const seqs = witnesses(story).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other))
    expect(new Set(seqs).size).toBe(seqs.length)
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })
})

describe('one channel that is slow', () => {
  it('SO-01: waits as long as Slack asks, keeps its order, and does not hold up another', async () => {
    const { sam, mia, slack } = story
    slack.faults.add({
      method: 'chat.postMessage',
      channel: 'C0AUDIT',
      kind: 'rate-limit',
      retryAfterSeconds: 3_000,
    })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
    expect(said('asked to recover')).toBe(false)
    story.pass(50 * minute)
    await story.slack.until(() => said('Signed out everywhere'))
    const seqs = witnesses(story).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other))
  })
})

describe('checkpoints', () => {
  it('AU-03: are signed an hour later, posted, and checked by whoever verifies', async () => {
    await recovered()
    expect(said('Checkpoint')).toBe(false)
    story.pass(61 * minute)
    await story.slack.until(() => said('Checkpoint of the ledger'))
    const lines: string[] = []
    const database = `sqlite:${join(story.folder, 'rekey.db')}`
    const env = story.environment(database)
    expect(await audit(['verify', '--live'], env, (line) => lines.push(line))).toBe(0)
    // One from the database and the same from the channel.
    expect(lines.join('\n')).toContain('2 signed checkpoints agree')
    lines.length = 0
    await audit(['key'], env, (line) => lines.push(line))
    const [started] = await entriesOf('rekey.started')
    expect(started?.entry.data['checkpointKey']).toBe(lines[0])
  })
})
