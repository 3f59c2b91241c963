/** A world with Rekey in it, a clock that tests turn, and the gestures that every story needs. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import { secretClient } from '../../sandbox/world/user-pool-seed.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import type { ChainedEntry } from '../../src/audit/entry.ts'
import { UnreadableEntry, verify } from '../../src/audit/verify.ts'
import { createLog } from '../../src/log.ts'
import { type Rekey, type RekeyOptions, startRekey } from '../../src/rekey.ts'
import { readSettings, type Settings } from '../../src/settings.ts'
import { openStore } from '../../src/store/open.ts'
import { SecretWatch } from './canary-watch.ts'
import { unlikeItsSchema } from './entry-schema.ts'

export interface Story extends World {
  readonly sam: Person
  readonly mia: Person
  readonly noor: Person
  readonly priya: Person
  readonly gus: Person
  readonly otto: Person
  readonly ana: Person
  /** Lets time pass, for Rekey, Slack and Cognito alike. */
  pass(milliseconds: number): void
  /** Ends Rekey and starts it anew on the same database. @param changes to its environment */
  restart(changes?: Readonly<Record<string, string>>): Promise<void>
  stopRekey(): Promise<void>
  /** Every entry of the ledger, after checking that the chain is whole. Rekey has to be stopped. */
  ledger(): Promise<ChainedEntry[]>
  /** Everything Rekey has written to its log. */
  logged(): string
  readonly folder: string
  /** What Rekey was started with. */
  readonly env: Readonly<Record<string, string>>
  /** Starts Rekey with this policy, where none is running. */
  startWith(policy: string): Promise<void>
  /** Puts another policy in force while Rekey runs. */
  reload(policy: string): Promise<void>
  /** Puts another policy in force behind Rekey's back, as another Rekey on the same database does. */
  overrule(policy: string): Promise<void>
  /** What `/readyz` says. */
  readiness(): Promise<string>
  /** What `/metrics` says. */
  metrics(): Promise<string>
  /** Names one more secret that must not be anywhere at the end. */
  beware(secret: string | Buffer): void
  /** Ends it all, and looks whether a secret was left anywhere. */
  end(): Promise<void>
}

/** As much of a story as a gesture needs. */
export type Stage = Pick<Story, 'slack' | 'mia'> & Partial<Pick<Story, 'pass'>>

export const minute = 60_000

/** The secrets that a story's policy may name. */
const secrets = { CUSTOMERS_CLIENT_SECRET: secretClient.secret }

export async function beginStory(
  databaseUrl?: string,
  policy?: string,
  options: Pick<RekeyOptions, 'timeouts'> = {},
): Promise<Story> {
  let offset = 0
  const now = () => new Date(Date.now() + offset)
  const watch = new SecretWatch()
  const world = await startWorld({ now, onPassword: watch.onPassword })
  const folder = mkdtempSync(join(tmpdir(), 'rekey-story-'))
  const database = databaseUrl ?? `sqlite:${join(folder, 'rekey.db')}`
  const environment: Record<string, string> = { ...world.environment(database), ...secrets }
  // The SDK reads these by itself; the rest goes through Rekey's own front door.
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  const lines: string[] = []
  const out = new Writable({
    write(line: Buffer, _encoding, written) {
      lines.push(line.toString('utf8'))
      written()
    },
  })
  const settings = (text?: string): Settings => {
    if (text !== undefined) {
      environment['POLICY_FILE'] = join(folder, 'policy.yml')
      writeFileSync(environment['POLICY_FILE'], text)
    }
    const read = readSettings(environment)
    if (read.kind === 'faulty') throw new Error(read.faults.join('\n'))
    return read.settings
  }
  const start = (text?: string): Promise<Rekey> => {
    return startRekey(settings(text), { ...options, log: createLog('debug', out), now, pollMs: 20 })
  }
  let rekey: Rekey | undefined = await start(policy)
  const stopRekey = async () => {
    await rekey?.stop()
    rekey = undefined
  }
  const person = (id: string) => world.slack.person(id)
  return {
    ...world,
    sam: person('U0SAM'),
    mia: person('U0MIA'),
    noor: person('U0NOOR'),
    priya: person('U0PRIYA'),
    gus: person('U0GUS'),
    otto: person('U0OTTO'),
    ana: person('U0ANA'),
    folder,
    pass: (milliseconds) => {
      offset += milliseconds
    },
    restart: async (changes = {}) => {
      await stopRekey()
      Object.assign(environment, changes)
      rekey = await start()
    },
    stopRekey,
    env: environment,
    startWith: async (text) => {
      rekey = await start(text)
    },
    reload: async (text) => rekey?.reload(settings(text)),
    overrule: async (text) => putInForce(join(folder, 'rekey.db'), settings(text).policy.hash),
    readiness: async () => (await fetch(`http://127.0.0.1:${rekey?.port}/readyz`)).text(),
    metrics: async () => (await fetch(`http://127.0.0.1:${rekey?.port}/metrics`)).text(),
    ledger: () => readLedger(database),
    logged: () => lines.join(''),
    beware: (secret) => watch.beware(secret),
    end: async () => {
      try {
        await watch.look({ folder }, rekey?.port)
        await stopRekey()
        await watch.search({ ...world, environment, database, folder, logged: lines.join('') })
        await checkEntries(database)
      } finally {
        await world.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** What is left in the file by another Rekey, as SQLite lets only one process write. */
function putInForce(file: string, hash: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  database
    .prepare('insert or ignore into policies (hash, meaning_json) values (?, ?)')
    .run(hash, '{}')
  database.prepare('update head set policy = ?').run(hash)
  database.close()
}

/** What somebody's open window says, once it says this. */
export async function windowSays(
  story: Stage,
  person: Person,
  words: string | RegExp,
): Promise<string> {
  return story.slack.until(() => {
    const text = person.modal === undefined ? '' : person.read(person.modal)
    return matches(text, words) && text
  }, 10_000)
}

/** The newest message that somebody can see in a channel and that says this. */
export async function messageSaying(
  story: Stage,
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
  story: Stage,
  person: Person,
  words: string | RegExp,
): Promise<Message> {
  return story.slack.until(
    () => person.dm().findLast((message) => matches(person.read(message), words)),
    10_000,
  )
}

export interface Asking {
  readonly method?: string
  readonly reason?: string
  readonly ticket?: string
  /** Where the number that was called is on file. */
  readonly evidence?: string
}

/** From the command to the card: somebody asks for an account's recovery. */
export async function ask(
  story: Stage,
  person: Person,
  account: string,
  asking: Asking = {},
): Promise<Message> {
  await openForm(story, person, account)
  if (asking.method !== undefined) await person.choose(formLabels.method, asking.method)
  await fillIn(person, asking)
  await person.submit()
  const says = await windowSays(story, person, answered)
  if (!says.includes('Request sent')) throw new Error(`not sent: ${says}`)
  const [id = ''] = /REQ-\w{10}/.exec(says) ?? []
  await person.closeModal({ all: true })
  return messageSaying(story, story.mia, '#account-approvals', id)
}

// An answer that takes its time is announced.
const answered = /^(?!.*Still working)/s

export async function openForm(story: Stage, person: Person, account: string): Promise<string> {
  await person.command('/reset-password', account, { channel: '#general' })
  return windowSays(story, person, formLabels.method)
}

export async function fillIn(
  person: Person,
  { reason, ticket, evidence }: Asking = {},
): Promise<void> {
  await person.choose(formLabels.check, 'Called back on the number on file')
  await appears(person, formLabels.evidence)
  await person.choose(formLabels.evidence, evidence ?? 'HR record')
  await person.type(formLabels.reason, reason ?? 'Lost her phone and can’t sign in')
  await person.type(formLabels.ticket, ticket ?? 'HELP-1234')
}

/** A field appears when the answer before it asks for it. */
export async function appears(person: Person, label: string): Promise<void> {
  const isThere = () =>
    (person.modal === undefined ? '' : person.read(person.modal)).includes(label)
  await expect.poll(isThere, { interval: 5, timeout: 10_000 }).toBe(true)
}

export const formLabels = {
  method: 'How should it be recovered?',
  check: 'How did you make sure that it is the owner who asks?',
  evidence: 'Where is that number on file?',
  reason: 'Why does it need recovering?',
  ticket: 'Ticket or case number',
}

/** From the card to “recorded”: somebody approves. */
export async function approve(story: Stage, person: Person, card: Message): Promise<string> {
  await person.press('Approve…', { in: current(story, card) })
  await windowSays(story, person, '[Approve]')
  await read(story)
  const asks = person.modal === undefined ? '' : person.read(person.modal)
  // Read off the window, as an approver does.
  const name = /Name\n(.+)/.exec(asks)?.[1]
  if (asks.includes(nameLabel) && name !== undefined) await person.type(nameLabel, name)
  await person.submit()
  const says = await windowSays(story, person, /recorded|Not possible/)
  await person.closeModal({ all: true })
  return says
}

export const nameLabel = 'To approve, type the account’s name as it stands above'

/** As long as the policy wants an approver to read: where a clock can be turned, by turning it. */
async function read({ pass }: Stage): Promise<void> {
  if (pass === undefined) await sleep(sandboxReadingMs)
  else pass(3_000)
}

// What sandbox/world/policy.yml asks for, and a little.
const sandboxReadingMs = 1_050

/** Lets time pass, five seconds at a stride, until this is so. */
export async function passUntil(story: Story, look: () => unknown): Promise<void> {
  await expect
    .poll(
      () => {
        const found = look()
        if (!found) story.pass(5_000)
        return Boolean(found)
      },
      { interval: 50, timeout: 20_000 },
    )
    .toBe(true)
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
  story: Stage,
  card: Message,
  words: string | RegExp,
): Promise<string> {
  return story.slack.until(() => {
    const text = story.mia.read(current(story, card))
    return matches(text, words) && text
  }, 10_000)
}

/** Waits until the audit channel is up to date. What waits is old once time has passed, and holds up the rest. */
export async function auditCaughtUp(story: Story): Promise<void> {
  await expect.poll(() => story.metrics(), { timeout: 10_000 }).toMatch(/^rekey_audit_backlog 0$/m)
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

/** @throws naming every entry that is not as docs/ledger.md has it */
async function checkEntries(database: string): Promise<void> {
  const opened = await openStore(database, { readOnly: true })
  try {
    const entries = await Array.fromAsync(opened.ledger.entries())
    const unlike = entries.flatMap(({ entry }) => unlikeItsSchema(entry))
    if (unlike.length > 0) throw new Error(unlike.join('\n'))
  } catch (error) {
    // Some journeys are about somebody who has been at the rows.
    if (!(error instanceof UnreadableEntry)) throw error
  } finally {
    await opened.close()
  }
}

/** Every entry of the ledger, after checking that the chain is whole. */
export async function readLedger(database: string): Promise<ChainedEntry[]> {
  const opened = await openStore(database)
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
