import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { refusalRoom } from '../../src/audit/refusals.ts'
import { isPublic } from '../../src/audit/visibility.ts'
import { audit } from '../../src/cli/audit.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import { auditChannel, cardSays, witnesses } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
afterEach(() => story.end())

const { posts, entries, windowMs } = refusalRoom
const tries = 80

describe('somebody who may do nothing, and does it eighty times', () => {
  it('T21 SO-07: holds up nobody’s recovery while the audit channel is slow, and floods neither it nor the ledger', async () => {
    story = await beginStory()
    const { sam, mia, ana, slack } = story
    // All of it within one hour, whenever this runs.
    story.pass(windowMs - (slack.workspace.now().getTime() % windowMs))
    const card = await ask(story, sam, 'jane@example.com')
    await slack.until(() => witnesses(story).length === 2)
    const slow = {
      method: 'chat.postMessage',
      channel: 'C0AUDIT',
      kind: 'slow',
      ms: 1_000,
    } as const
    const endSlowness = slack.faults.add({ ...slow, times: 1_000 })
    for (let sent = 0; sent < tries; sent += 20) {
      const some = Array.from({ length: 20 }, () =>
        ana.command('/recovery', 'mine', { channel: '#general' }),
      )
      await Promise.all(some)
    }
    await slack.until(() => ana.messages('#general').filter(isRefused).length === tries)
    expect(await story.readiness()).toBe('ready\n')
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')

    endSlowness()
    await passUntil(story, () => auditChannel(story).join('\n').includes('Signed out everywhere'))
    await passUntil(story, () => refusalsPosted().length === posts + 1)
    expect(refusalsPosted().join('\n')).toMatch(
      /number 5 of its kind .* in the ledger, and not posted/,
    )
    expect(refusalsPosted().join('\n')).toMatch(/number 60 of its kind .* only counted/)
    expect(await figure('rekey_refusals_only_counted')).toBe(tries - entries)
    expect(story.logged().split('refused so often')).toHaveLength(tries - entries + 1)
    expect(await verified()).toMatchObject({ status: 0 })

    await story.stopRekey()
    const ledger = await story.ledger()
    const hers = ledger.filter(({ entry }) => entry.type === 'decision.refused')
    expect(hers).toHaveLength(entries)
    expect(hers.filter(({ entry }) => isPublic(entry))).toHaveLength(posts + 1)
    expect(brokenInvariants(story, ledger)).toEqual([])
  })
})

function isRefused(message: Parameters<Story['ana']['read']>[0]): boolean {
  return story.ana.read(message).includes('You have no part in recoveries here')
}

function refusalsPosted(): string[] {
  return auditChannel(story).filter((post) => post.includes('Refused: @Ana'))
}

async function figure(name: string): Promise<number> {
  const text = await story.metrics()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

async function verified() {
  const lines: string[] = []
  const database = `sqlite:${join(story.folder, 'rekey.db')}`
  const env = { ...story.environment(database) }
  const status = await audit(['verify', '--live', '--database', database], env, (line) =>
    lines.push(line),
  )
  return { status, lines }
}
