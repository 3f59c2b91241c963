// biome-ignore-all lint/style/noExcessiveLinesPerFile: every journey of a secret, searched in the same way

/**
 * Passwords on their way: every step may fail, the key may change, the time may run out. What each
 * story leaves behind is searched for its secrets when it ends.
 */

import crypto from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { isUint8Array } from 'node:util/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RekeyProcess } from '../../sandbox/rekey-process.ts'
import type { Fault } from '../../sandbox/slack/faults.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import { audit } from '../../src/cli/audit.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import { auditChannel, cardSays, current, dmSaying, windowSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

const bob = 'bob@example.com'
const offer = 'Show the password once'
const broken = 'it broke'

let story: Story
let mend: () => void
beforeEach(async () => {
  mend = () => undefined
  story = await beginStory()
})
afterEach(() => {
  mend()
  return story.end()
})

describe('a step that fails', () => {
  /** Each breaks with everything in its hands, as careless libraries do. */
  const breaks: Readonly<Record<string, () => () => void>> = {
    'the generator': breakChance,
    'the key’s derivation': () => breakOverKey('hkdfSync'),
    'the cipher': () => breakOverKey('createCipheriv'),
    'the sealing itself': () => breakStep('createCipheriv', 'update'),
    'the seal’s end': () => breakStep('createCipheriv', 'final'),
    'opening before the call': () => breakOverKey('createDecipheriv'),
    'the opening itself': () => breakStep('createDecipheriv', 'update'),
    'the check of the seal': () => breakStep('createDecipheriv', 'final'),
  }

  it.each(Object.entries(breaks))('SX-05: %s, and is made good later', async (_, make) => {
    mend = make()
    const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
    await approve(story, story.mia, card)
    await expect.poll(() => story.logged()).toContain(broken)
    mend()
    await passUntil(story, offered)
    expect(await shown()).toHaveLength(16)
  })

  it('SX-05: the SDK, as it signs the call, and the same password is set later', async () => {
    mend = breakSigning()
    const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
    await approve(story, story.mia, card)
    await story.slack.until(() => auditChannel(story).some((post) => post.includes('is not known')))
    mend()
    await passUntil(story, offered)
    const password = await shown()
    expect((await story.application.signIn(bob, password)).kind).toBe('new-password-required')
  })

  it.each(['opening before the call', 'the opening itself', 'the check of the seal'])(
    'SX-05: %s, at the showing: nothing is shown, and it is destroyed',
    async (step) => {
      const { sam } = story
      const message = await untilOffered()
      mend = breaks[step]?.() ?? mend
      await sam.press(offer, { in: message })
      await windowSays(story, sam, 'Something went wrong')
      expect(story.logged()).toContain(broken)
      mend()
      story.pass(minute)
      await dmSaying(story, sam, 'was destroyed')
    },
  )

  const drawing = { method: 'views.update' } as const
  it.each<[string, Fault, 'again' | 'destroyed']>([
    ['refuses it', { ...drawing, kind: 'error', error: 'invalid_blocks' }, 'again'],
    ['asks for patience', { ...drawing, kind: 'rate-limit' }, 'again'],
    ['fails before it is drawn', { ...drawing, kind: 'http-500-before' }, 'destroyed'],
    ['fails after it is drawn', { ...drawing, kind: 'http-500-after' }, 'destroyed'],
    ['cuts the line', { ...drawing, kind: 'drop-before' }, 'destroyed'],
  ])('SX-05 I9: Slack %s, as the password is drawn', async (_, fault, end) => {
    const { sam, slack } = story
    const message = await untilOffered()
    slack.faults.add(fault)
    await sam.press(offer, { in: message })
    await windowSays(story, sam, 'Something went wrong')
    await sam.closeModal({ all: true })
    if (end === 'again') expect(await shown()).toHaveLength(16)
    else {
      story.pass(minute)
      await dmSaying(story, sam, 'was destroyed')
    }
  })
})

describe('a password’s one showing', () => {
  it('I9: is not for another requester, and is still there for the one who asked', async () => {
    const suki = story.slack.person('U0SUKI')
    const message = await untilOffered()
    await suki.press(offer, { in: message, asSeen: true })
    await windowSays(story, suki, 'Not possible')
    expect(await shown()).toHaveLength(16)
  })
})

describe('a password’s time', () => {
  it('I9: it is off the screen two minutes after it came there, and not before', async () => {
    const { sam } = story
    await untilOffered()
    const password = await shown()
    story.pass(2 * minute - 5_000)
    // Long enough for what would be done too early.
    await sleep(200)
    expect(sam.read(sam.modal ?? [])).toContain(password)
    story.pass(5_000)
    await windowSays(story, sam, 'taken off the screen')
    expect(sam.read(sam.modal ?? [])).not.toContain(password)
  })

  it.each([
    ['that was shown', true],
    ['that nobody asked to see', false],
  ])(
    'P9 P10: one %s and not used is dead within 61 minutes, and its seal long before',
    async (_, isAskedFor) => {
      const account = () => story.cognito.pools.get('customers').user(bob)
      const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
      await approve(story, story.mia, card)
      await cardSays(story, card, 'signed out everywhere')
      const setAt = account().passwordSetAt?.getTime() ?? 0
      if (isAskedFor) await shown()
      const isAsItWas = () => account().passwordSetAt?.getTime() === setAt
      for (let passed = 0; passed < 60; passed += 5) {
        expect(isAsItWas()).toBe(true)
        // Shown, or not asked for within a quarter of an hour: there is nothing left to open.
        if (passed >= 20) expect(sealed()).toBe(0)
        story.pass(5 * minute)
        // As slowly as it takes to do what is due: only the last stride is measured.
        await sleep(150)
      }
      await expect.poll(isAsItWas).toBe(false)
      const livedMs = (account().passwordSetAt?.getTime() ?? 0) - setAt
      expect(livedMs).toBeLessThanOrEqual(61 * minute)
      await cardSays(story, card, 'Not used in time')
    },
  )
})

/** How many sealed passwords the database has. */
function sealed(): unknown {
  const database = new DatabaseSync(join(story.folder, 'rekey.db'), { readOnly: true })
  const row = database.prepare('select count(*) as number from secrets').get()
  database.close()
  return row?.['number']
}

describe('SX-04: another key', () => {
  it('opens what the one before has sealed, and both have signed what they signed', async () => {
    const card = await ask(story, story.sam, 'jane@example.com')
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
    story.pass(61 * minute)
    await story.slack.until(() => checkpoints() === 1)

    await untilOffered()
    const before = story.env['REKEY_SECRET_KEY'] ?? ''
    const after = crypto.randomBytes(32).toString('base64')
    await story.restart({ REKEY_SECRET_KEY: after, REKEY_SECRET_KEYS_OLD: before })
    const password = await shown()
    expect((await story.application.signIn(bob, password)).kind).toBe('new-password-required')

    story.pass(61 * minute)
    await story.slack.until(() => checkpoints() === 2)
    expect(await verdict({})).toMatch(/^intact: [\s\S]*\n4 signed checkpoints agree$/)
    expect(await verdict({ REKEY_SECRET_KEYS_OLD: '' })).toContain(
      'the checkpoint of the entries up to here is signed by no key that was given',
    )
    const publicHalves = await lines(['key'], {})
    expect(publicHalves).toHaveLength(2)
    const keys = publicHalves.flatMap((each) => ['--key', each])
    const withoutSecrets = { REKEY_SECRET_KEY: '', REKEY_SECRET_KEYS_OLD: '' }
    const byAuditor = await lines(['verify', '--slack-export', channel(), ...keys], withoutSecrets)
    expect(byAuditor.join('\n')).toContain('4 signed checkpoints agree')
  })

  it('without the one before Rekey does not start, and says what is missing', async () => {
    await untilOffered()
    const before = story.env['REKEY_SECRET_KEY'] ?? ''
    const other = crypto.randomBytes(32).toString('base64')
    await expect(story.restart({ REKEY_SECRET_KEY: other })).rejects.toThrow(
      'REKEY_SECRET_KEYS_OLD',
    )
    await story.restart({ REKEY_SECRET_KEY: before })
  })

  function checkpoints(): number {
    return auditChannel(story).filter((post) => post.includes('Checkpoint of the ledger')).length
  }

  async function verdict(changes: Readonly<Record<string, string>>): Promise<string> {
    return (await lines(['verify', '--live'], changes)).join('\n')
  }

  async function lines(
    args: readonly string[],
    changes: Readonly<Record<string, string>>,
  ): Promise<string[]> {
    const printed: string[] = []
    await audit(args, { ...story.env, ...changes }, (line) => printed.push(line))
    return printed
  }

  /** The audit channel as a Slack export has it. */
  function channel(): string {
    const file = join(story.folder, 'export.json')
    const messages = story.slack.workspace.messages.all.filter((each) => each.channel === 'C0AUDIT')
    writeFileSync(file, JSON.stringify(messages.map(({ ts, text }) => ({ ts, text }))))
    return file
  }
})

describe('an error that nobody catches', () => {
  it('T24: ends Rekey, and takes nothing into the log that it carries', async () => {
    const signalled = join(story.folder, 'signalled.mjs')
    writeFileSync(
      signalled,
      `process.once('SIGUSR2', () => {
        const carried = { headers: { authorization: process.env.SLACK_BOT_TOKEN } }
        Promise.reject(Object.assign(new Error('${broken}'), { config: carried, carried }))
      })`,
    )
    const logFile = join(story.folder, 'rekey.log')
    const database = `sqlite:${join(story.folder, 'other.db')}`
    const rekey = new RekeyProcess({
      environment: { ...story.env, DATABASE_URL: database, PORT: '0' },
      logFile,
      preload: [signalled],
    })
    await rekey.start()
    const dying = rekey.pid ?? 0
    process.kill(dying, 'SIGUSR2')
    await expect.poll(() => rekey.pid !== dying && rekey.isRunning).toBe(true)
    await rekey.stop()
    expect(readFileSync(logFile, 'utf8')).toMatch(/"level":"fatal".*"message":"it broke"/)
  })
})

/** From the command to the direct message that offers the password, as it stands once the sessions are over. */
async function untilOffered(): Promise<Message> {
  const card = await ask(story, story.sam, bob, { method: 'Temporary password' })
  await approve(story, story.mia, card)
  return dmSaying(story, story.sam, /signed out everywhere[\s\S]*\[Show the password once\]/)
}

function offered(): Message | undefined {
  const { sam } = story
  return sam.dm().findLast((message) => sam.read(message).includes(`[${offer}]`))
}

/** Has the password shown. */
async function shown(): Promise<string> {
  const { sam, slack } = story
  const message = await slack.until(offered)
  await sam.press(offer, { in: current(story, message) })
  const blocks = () => JSON.stringify(sam.modal?.definition['blocks'] ?? [])
  return slack.until(
    () => /"type":"rich_text_preformatted".*?"text":"((?:[^"\\]|\\.)+)"/.exec(blocks())?.[1],
  )
}

/** Throws, with the secret in the error, in its cause, and everywhere else that errors carry things about. */
function breaking(secret: string | Buffer): never {
  if (secret.length >= 8) story.beware(secret)
  const cause = Object.assign(new Error(broken), { input: secret })
  const rest = { input: secret, data: { secret, config: [secret] }, $response: { body: secret } }
  throw Object.assign(new Error(broken, { cause }), rest)
}

type Replaceable = 'randomInt' | 'hkdfSync' | 'createCipheriv' | 'createDecipheriv'

/** Another function in the place of one of node:crypto, for everybody. @returns the way back */
function replace(name: Replaceable, by: (...given: never[]) => unknown): () => void {
  const genuine = crypto[name]
  const put = (value: unknown) => {
    Object.defineProperty(crypto, name, { value, configurable: true, writable: true })
    syncBuiltinESMExports()
  }
  put(by)
  return () => put(genuine)
}

/** Breaks over the alphabet of passwords, and leaves other identifiers alone. */
function breakChance(): () => void {
  const { randomInt } = crypto
  return replace('randomInt', (max: number) => (max === 64 ? breaking('') : randomInt(max)))
}

/** Breaks with the key in hand. */
function breakOverKey(name: 'hkdfSync' | 'createCipheriv' | 'createDecipheriv'): () => void {
  return replace(name, (_: string, key: Buffer) => breaking(key))
}

/** A cipher that is fine but for one step, which breaks with the password in hand. */
function breakStep(name: 'createCipheriv' | 'createDecipheriv', step: 'update' | 'final') {
  const genuine = crypto[name]
  return replace(name, (...given: unknown[]) => {
    const cipher: object = Reflect.apply(genuine, crypto, given)
    const work = Reflect.get(cipher, step)
    Reflect.set(cipher, step, (...parts: unknown[]) => {
      const result = String(Reflect.apply(work, cipher, parts))
      return breaking(name === 'createCipheriv' ? String(parts[0] ?? '') : result)
    })
    return cipher
  })
}

/** A hash that breaks over the body of a call that sets a password, which the SDK has to sign. */
function breakSigning(): () => void {
  const hash: object = Reflect.getPrototypeOf(crypto.createHash('sha256')) ?? {}
  const genuine = Reflect.get(hash, 'update')
  Reflect.set(hash, 'update', function (this: crypto.Hash, ...parts: unknown[]) {
    const text = isUint8Array(parts[0]) ? textOf(parts[0]) : String(parts[0])
    const [, password] = /"Password":"([^"]+)"/.exec(text) ?? []
    return password === undefined ? Reflect.apply(genuine, this, parts) : breaking(password)
  })
  return () => void Reflect.set(hash, 'update', genuine)
}

// The SDK's own bytes complain when they are turned into text themselves.
function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}
