/** What people do in every story: they ask, fill forms in, approve, and time passes. */

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Message } from '../../../sandbox/slack/model.ts'
import type { Person } from '../../../sandbox/slack/person.ts'
import { current, messageSaying, windowSays } from './reading.ts'
import type { AnyStory, Story } from './story.ts'

export interface Asking {
  readonly method?: string
  readonly reason?: string
  readonly ticket?: string
  /** Where the number that was called is on file. */
  readonly evidence?: string
}

/** From the command to the card: somebody asks for an account's recovery. */
export async function ask(
  story: AnyStory,
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

export async function openForm(story: AnyStory, person: Person, account: string): Promise<string> {
  await person.command('/reset-password', account, { channel: '#general' })
  return windowSays(story, person, formLabels.method)
}

export async function fillIn(
  person: Person,
  { reason, ticket, evidence }: Asking = {},
  patienceMs?: number,
): Promise<void> {
  await person.choose(formLabels.check, 'Called back on the number on file')
  await appears(person, formLabels.evidence, patienceMs)
  await person.choose(formLabels.evidence, evidence ?? 'HR record')
  await person.type(formLabels.reason, reason ?? 'Lost her phone and can’t sign in')
  await person.type(formLabels.ticket, ticket ?? 'HELP-1234')
}

/** A field appears when the answer before it asks for it. */
export async function appears(person: Person, label: string, timeout?: number): Promise<void> {
  const isThere = () =>
    (person.modal === undefined ? '' : person.read(person.modal)).includes(label)
  const limit = timeout === undefined ? {} : { timeout }
  await expect.poll(isThere, { interval: 5, ...limit }).toBe(true)
}

export const formLabels = {
  method: 'How should it be recovered?',
  check: 'How did you make sure that it is the owner who asks?',
  evidence: 'Where is that number on file?',
  reason: 'Why does it need recovering?',
  ticket: 'Ticket or case number',
}

/** From the card to “recorded”: somebody approves. */
export async function approve(story: AnyStory, person: Person, card: Message): Promise<string> {
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
async function read({ pass }: AnyStory): Promise<void> {
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
      { interval: 50 },
    )
    .toBe(true)
}
