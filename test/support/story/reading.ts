/** What people see of a story, what its audit channel and its ledger say, and waiting for it. */

import { expect } from 'vitest'
import type { Message } from '../../../sandbox/slack/model.ts'
import type { Person } from '../../../sandbox/slack/person.ts'
import type { ChainedEntry } from '../../../src/audit/entry.ts'
import { verify } from '../../../src/audit/verify.ts'
import { openStore } from '../../../src/store/open.ts'
import type { AnyStory, Story } from './story.ts'

/** What somebody's open window says, once it says this. */
export async function windowSays(
  story: AnyStory,
  person: Person,
  words: string | RegExp,
): Promise<string> {
  return story.slack.until(() => {
    const text = person.modal === undefined ? '' : person.read(person.modal)
    return matches(text, words) && text
  }, story.patienceMs)
}

/** The newest message that somebody can see in a channel and that says this. */
export async function messageSaying(
  story: AnyStory,
  person: Person,
  channel: string,
  words: string | RegExp,
): Promise<Message> {
  return story.slack.until(
    () => person.messages(channel).findLast((message) => matches(person.read(message), words)),
    10_000,
  )
}

export async function dmSaying(
  story: AnyStory,
  person: Person,
  words: string | RegExp,
): Promise<Message> {
  return story.slack.until(
    () => person.dm().findLast((message) => matches(person.read(message), words)),
    10_000,
  )
}

/** The password on somebody's screen: it stands in a block of its own. */
export function passwordOn(person: Person): string {
  const blocks = JSON.stringify(person.modal?.definition['blocks'] ?? [])
  const shown = /"type":"rich_text_preformatted".*?"text":"((?:[^"\\]|\\.)+)"/.exec(blocks)?.[1]
  if (shown === undefined) throw new Error(`no password on the screen: ${blocks}`)
  return shown
}

/** A message as it stands now, after edits. */
export function current({ slack }: Pick<Story, 'slack'>, message: Message): Message {
  return slack.workspace.messages.find(message.channel, message.ts) ?? message
}

/** Waits until a card says this. */
export async function cardSays(
  story: AnyStory,
  card: Message,
  words: string | RegExp,
): Promise<string> {
  return story.slack.until(() => {
    const text = story.mia.read(current(story, card))
    return matches(text, words) && text
  })
}

/** Waits until the audit channel is up to date. What waits is old once time has passed, and holds up the rest. */
export async function auditCaughtUp(story: Story): Promise<void> {
  await expect.poll(() => story.metrics()).toMatch(/^rekey_audit_backlog 0$/m)
}

/** The audit channel as an auditor reads it: each post with its thread below it. */
export function auditChannel(story: Story): string[] {
  return story.ana
    .messages('#account-audit')
    .flatMap((post) => [
      story.ana.read(post),
      ...story.ana
        .replies('#account-audit', post.ts)
        .map((reply) => `    ${story.ana.read(reply)}`),
    ])
}

/** What the channel has witnessed: the sequence numbers and heads in the metadata of the audit posts. */
export function witnesses({ slack }: Pick<Story, 'slack'>): { seq: number; hash: string }[] {
  return slack.workspace.messages.all
    .filter(({ channel }) => channel === 'C0AUDIT')
    .map(
      ({ metadata }) => metadata?.['event_payload'] as { seq?: number; head?: string } | undefined,
    )
    .flatMap((marks) =>
      marks?.seq === undefined || marks.head === undefined
        ? []
        : [{ seq: marks.seq, hash: marks.head }],
    )
}

/** Every entry of the ledger, after checking that the chain is whole. */
export async function readLedger(database: string): Promise<ChainedEntry[]> {
  const opened = await openStore(database, { readOnly: true })
  try {
    const entries = await Array.fromAsync(opened.ledger.entries())
    const verdict = verify(entries)
    if (verdict.kind === 'broken') throw new Error(`entry ${verdict.seq}: ${verdict.because}`)
    return entries
  } finally {
    await opened.close()
  }
}

function matches(text: string, words: string | RegExp): boolean {
  return typeof words === 'string' ? text.includes(words) : words.test(text)
}

/** The types of the ledger's entries, in their order. */
export async function typesIn(story: Story): Promise<readonly string[]> {
  return (await story.ledger()).map(({ entry }) => entry.type)
}

/** How often Cognito was called for this. */
export function callsOf({ cognito }: Pick<Story, 'cognito'>, operation: string): number {
  return cognito.calls.filter((call) => call.operation === operation).length
}

/** All that Rekey has told somebody directly. */
export function toldTo(person: Person): string {
  return person
    .dm()
    .map((each) => person.read(each))
    .join('\n')
}
