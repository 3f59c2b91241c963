// biome-ignore-all lint/style/noExcessiveLinesPerFile: every fault of Cognito’s, met by one story

/** Cognito in bad weather: one code, one password, no call too many, and people who know where they stand. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UserSnapshot } from '../../sandbox/cognito/admin.ts'
import { Application } from '../../sandbox/cognito/application.ts'
import type { FaultKind } from '../../sandbox/cognito/faults.ts'
import { sha256 } from '../../sandbox/cognito/transcript.ts'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import type { Message } from '../../sandbox/slack/model.ts'
import { viewSubmission } from '../../sandbox/slack/payloads.ts'
import { staffClient } from '../../sandbox/world/user-pool-seed.ts'
import { approve, ask, fillIn, openForm, passUntil } from '../support/story/interactions.ts'
import { auditChannel, cardSays, current, dmSaying, windowSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

const jane = 'jane@example.com'
const bob = 'bob@example.com'
const temporary = { method: 'Temporary password' }
const offer = 'Show the password once'

let story: Story
beforeEach(async () => {
  story = await beginStory(undefined, undefined, { timeouts: { cognitoMs: 700 } })
})
afterEach(() => story.end())

describe('a call without an answer', () => {
  const before = [
    ['CG-02', 'drop-before'],
    ['CG-02', 'hang-before'],
    ['CG-05', 'error-before'],
  ] as const
  const after = ['drop-after', 'hang-after', 'error-after'] as const

  it.each(before)('%s: %s: a reset is made again, and sends one code', async (_, kind) => {
    story.cognito.faults.add({ operation: 'AdminResetUserPassword', kind })
    const card = await approved(jane)
    await passUntil(story, () => says(card, 'signed out everywhere'))
    expect(outcomesOf('AdminResetUserPassword')).toEqual([kind, 'ok'])
    expect(story.cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it.each(after)('CG-04: %s: a reset is not made again', async (kind) => {
    story.cognito.faults.add({ operation: 'AdminResetUserPassword', kind })
    const card = await approved(jane)
    await passUntil(story, () => says(card, 'signed out everywhere'))
    expect(outcomesOf('AdminResetUserPassword')).toEqual([kind])
    expect(story.cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it.each(before)('%s: %s: the same password is set again', async (_, kind) => {
    story.cognito.faults.add({ operation: 'AdminSetUserPassword', kind })
    await approved(bob, temporary)
    const shown = await reveal()
    expect(outcomesOf('AdminSetUserPassword')).toEqual([kind, 'ok'])
    expect(passwordsSet()).toEqual([sha256(shown), sha256(shown)])
    expect((await story.application.signIn(bob, shown)).kind).toBe('new-password-required')
  })

  it.each(after)('CG-03: %s: a password is not set again', async (kind) => {
    story.cognito.faults.add({ operation: 'AdminSetUserPassword', kind })
    await approved(bob, temporary)
    const shown = await reveal()
    expect(outcomesOf('AdminSetUserPassword')).toEqual([kind])
    expect(passwordsSet()).toEqual([sha256(shown)])
    expect((await story.application.signIn(bob, shown)).kind).toBe('new-password-required')
  })

  it('CG-03: a password is set again where its status proves nothing, and it is the same', async () => {
    story.cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'drop-after' })
    await approved('carol@example.com', temporary)
    const shown = await reveal()
    expect(passwordsSet()).toEqual([sha256(shown), sha256(shown)])
  })

  it('CG-06: what a history of passwords refuses the second time was set the first time', async () => {
    const { sam, noor, priya, cognito } = story
    cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'drop-after' })
    const card = await ask(story, sam, 'peter.dale', temporary)
    await approve(story, noor, card)
    await approve(story, priya, current(story, card))
    const shown = await reveal()
    expect(outcomesOf('AdminSetUserPassword')).toEqual([
      'drop-after',
      'PasswordHistoryPolicyViolationException',
    ])
    const staff = new Application({ url: cognito.url, clientId: staffClient.id })
    expect((await staff.signIn('peter.dale', shown)).kind).toBe('new-password-required')
    staff.close()
  })

  it('CG-11: and an account that can’t be looked at for a quarter of an hour: a person decides', async () => {
    const { mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'hang-after' })
    const card = await approved(jane)
    await called('AdminResetUserPassword')
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'error-before', times: 10_000 })
    story.pass(13 * minute)
    await looksMore(2)
    expect(mia.read(current(story, card))).toContain('Being carried out')
    story.pass(2 * minute)
    await passUntil(story, () => says(card, 'Needs a person'))
    cognito.faults.clear()
    story.pass(10 * minute)
    await dmSaying(story, story.sam, '[It worked]')
    expect(outcomesOf('AdminResetUserPassword')).toEqual(['hang-after'])
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })
})

describe('an account that is not what it was when it was approved', () => {
  const again = userSeed('Jane Doe', { email: jane, sub: 'aaaaaaaa-0000-4000-8000-000000000001' })

  it('CG-08: that is disabled is left alone', async () => {
    const card = await ask(story, story.sam, jane)
    story.cognito.pools.get('customers').update(jane, { enabled: false })
    await approve(story, story.mia, card)
    await cardSays(story, card, 'this can’t help it any more')
    expect(writes()).toEqual([])
  })

  it('CG-08: that signs in through somebody else now is left alone', async () => {
    const card = await ask(story, story.sam, jane)
    story.cognito.pools.get('customers').update(jane, { status: 'EXTERNAL_PROVIDER' })
    await approve(story, story.mia, card)
    await cardSays(story, card, 'this can’t help it any more')
    expect(writes()).toEqual([])
  })

  it('CG-09: whose address belongs to a new account: nothing is done to that one', async () => {
    const customers = story.cognito.pools.get('customers')
    const card = await ask(story, story.sam, jane)
    customers.remove(jane)
    customers.add(again)
    await approve(story, story.mia, card)
    await cardSays(story, card, 'The account no longer exists')
    expect(writes()).toEqual([])
    expect(story.cognito.mailbox.messages).toEqual([])
  })

  it.each([
    ['username', ({ username }: UserSnapshot) => username],
    ['id, as a username,', ({ sub }: UserSnapshot) => sub],
  ])('CG-09: whose %s belongs to a new account: nothing is done to that one', async (_, nameOf) => {
    const { sam, noor, priya, cognito } = story
    const staff = cognito.pools.get('staff')
    const card = await ask(story, sam, 'mary.lane', temporary)
    await approve(story, noor, card)
    const mary = staff.user('mary.lane')
    staff.remove('mary.lane')
    staff.add({ ...again, username: nameOf(mary) })
    await approve(story, priya, current(story, card))
    await cardSays(story, card, 'The account no longer exists')
    expect(writes()).toEqual([])
  })

  it('CG-09: whose address somebody else has got: nothing is done to either', async () => {
    const customers = story.cognito.pools.get('customers')
    const card = await ask(story, story.sam, jane)
    customers.update(jane, { attributes: { email: 'jane.doe@example.com' } })
    customers.update('judy@example.com', { attributes: { email: jane } })
    await approve(story, story.mia, card)
    await cardSays(story, card, 'The account has changed since the request was opened')
    expect(writes()).toEqual([])
  })

  it('CG-09: that is replaced while an answer is missing: the call is not made again', async () => {
    const customers = story.cognito.pools.get('customers')
    story.cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'drop-before' })
    const card = await approved(jane)
    await called('AdminResetUserPassword')
    customers.remove(jane)
    customers.add(again)
    await passUntil(story, () => says(card, 'The account no longer exists'))
    expect(writes()).toHaveLength(1)
    expect(story.cognito.mailbox.messages).toEqual([])
  })
})

describe('a method that can’t help', () => {
  it.each([
    ['waits for its first sign-in', 'carol@example.com', 'first sign-in', '(x) New invitation'],
    ['has no verified address', bob, 'only goes to a verified one', '(x) Temporary password'],
  ])(
    'CG-10: an account that %s: the form says so, and what can',
    async (_, account, why, instead) => {
      const form = await openForm(story, story.sam, account)
      expect(form).toContain(why)
      expect(form).toContain(instead)
      expect(form).not.toContain(') Reset with a code')
    },
  )

  it('CG-10: is refused where the account has come to it under an open form, and where it was never offered', async () => {
    const { sam, slack, cognito } = story
    await openForm(story, sam, jane)
    await fillIn(sam)
    cognito.pools.get('customers').update(jane, { status: 'FORCE_CHANGE_PASSWORD' })
    await sam.submit()
    const answer = await windowSays(story, sam, 'This way of recovery is not open')
    expect(answer).toContain('Look the account up again to see which are')
    await sam.closeModal({ all: true })

    await openForm(story, sam, 'carol@example.com')
    await fillIn(sam)
    const view = sam.modal
    if (view === undefined) throw new Error('no form is open')
    const forged = JSON.parse(
      JSON.stringify(viewSubmission(slack.workspace, sam.member, view)).replaceAll(
        '"value":"resend-invitation"',
        '"value":"reset"',
      ),
    )
    const delivery = await slack.workspace.deliver({ type: 'interactive', payload: forged })
    expect(JSON.stringify(delivery)).toContain('This way of recovery is not open')
    expect(story.mia.messages('#account-approvals')).toEqual([])
  })
})

describe('a code that may not have been sent', () => {
  it.each(['lambda-error-after', 'code-delivery-failure'] as const)(
    'CG-12: %s: the reset counts, and Sam is told to ask whether it has arrived',
    async (kind) => {
      story.cognito.faults.add({ operation: 'AdminResetUserPassword', kind })
      const card = await approved(jane)
      await passUntil(story, () => says(card, 'signed out everywhere'))
      expect(story.mia.read(current(story, card))).toContain('The code may not have been sent')
      const told = story.sam.read(await dmSaying(story, story.sam, 'Carried out'))
      expect(told).toContain('ask whether it has arrived')
      expect(told).toContain('open a request for a recovery code or a temporary password')
      expect(outcomesOf('AdminResetUserPassword')).toEqual([kind])
    },
  )
})

describe('sessions that Cognito does not end', () => {
  it('CG-13: are ended later, and until then the card says that they are not', async () => {
    const { sam, cognito } = story
    const signOut = 'AdminUserGlobalSignOut'
    cognito.faults.add({ operation: signOut, kind: 'error-before', times: 10_000 })
    const card = await approved(jane)
    const waiting = 'Whoever was signed in still is'
    await cardSays(story, card, waiting)
    await passUntil(story, () => outcomesOf(signOut).length > 2)
    story.pass(10 * minute)
    const tried = outcomesOf(signOut).length
    await passUntil(story, () => outcomesOf(signOut).length > tried + 1)
    expect(story.mia.read(current(story, card))).toContain(waiting)
    const told = await dmSaying(story, sam, waiting)
    cognito.faults.clear()
    await passUntil(story, () => says(card, 'signed out everywhere'))
    await story.slack.until(() => !sam.read(current(story, told)).includes(waiting))
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })
})

describe('an AWS that does not let Rekey in', () => {
  const expired: FaultKind = { name: 'ExpiredTokenException', message: 'The token has expired' }
  const denied: FaultKind = { name: 'AccessDeniedException', message: 'arn:aws:sts::1234 may not' }

  it.each([
    ['expired credentials', undefined, expired],
    ['a right that is missing', 'AdminResetUserPassword', denied],
  ])(
    'CG-14: %s: the operator hears of it, and the request goes on when it is mended',
    async (_, operation, kind) => {
      const { cognito } = story
      const card = await ask(story, story.sam, jane)
      const aim = operation === undefined ? {} : { operation }
      cognito.faults.add({ ...aim, kind, times: 10_000 })
      await approve(story, story.mia, card)
      await expect.poll(() => story.readiness()).toContain('AWS does not let Rekey in')
      expect(story.logged()).toMatch(/"level":"error".*AWS does not let Rekey in/)
      expect(cognito.mailbox.to(jane)).toEqual([])
      story.pass(5 * minute)
      cognito.faults.clear()
      await passUntil(story, () => says(card, 'signed out everywhere'))
      expect(cognito.mailbox.to(jane)).toHaveLength(1)
      expect(await story.readiness()).toBe('ready\n')
    },
  )

  it('CG-14: and is not mended in time: nothing happens later, and people know', async () => {
    const { cognito, sam } = story
    const card = await ask(story, sam, jane)
    cognito.faults.add({ kind: expired, times: 10_000 })
    await approve(story, story.mia, card)
    await expect.poll(() => story.readiness()).toContain('AWS does not let Rekey in')
    story.pass(31 * minute)
    await passUntil(story, () => says(card, 'It was not carried out by'))
    await dmSaying(story, sam, 'Nothing was changed')
    cognito.faults.clear()
    story.pass(5 * minute)
    expect(writes()).toEqual([])
  })
})

describe('a pool whose rules for passwords have just become stricter', () => {
  const stricter = () => {
    const customers = story.cognito.pools.get('customers')
    const { passwordPolicy } = customers.settings
    customers.configure({ passwordPolicy: { ...passwordPolicy, minimumLength: 24 } })
  }

  it('CG-15: refuses the password, which is destroyed; a new request makes one that fits', async () => {
    const { sam } = story
    const card = await ask(story, sam, bob, temporary)
    stricter()
    await approve(story, story.mia, card)
    await cardSays(story, card, 'Please open a new request: it will make another password')
    await dmSaying(story, sam, 'Please open a new request')
    expect(outcomesOf('AdminSetUserPassword')).toEqual(['InvalidPasswordException'])
    expect(sealedPasswords()).toBe(0)
    await approved(bob, temporary)
    const shown = await reveal()
    expect(shown.length).toBeGreaterThanOrEqual(24)
    expect((await story.application.signIn(bob, shown)).kind).toBe('new-password-required')
  })

  it('CG-15 P10: does not keep an unused password alive', async () => {
    const card = await approved(bob, temporary)
    const shown = await reveal()
    await cardSays(story, card, 'signed out everywhere')
    story.pass(58 * minute)
    // The pool is read again then, and what was read is kept for five minutes.
    const readings = outcomesOf('DescribeUserPool').length
    await passUntil(story, () => outcomesOf('DescribeUserPool').length > readings)
    stricter()
    story.pass(3 * minute)
    await passUntil(story, () => says(card, 'replaced by one that nobody knows'))
    expect((await story.application.signIn(bob, shown)).kind).toBe('refused')
  })
})

describe('another administrator at the same moment', () => {
  it('CG-16: is not told apart from a lost call of ours, and Rekey says so', async () => {
    const { mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'drop-before' })
    const card = await approved(jane)
    await called('AdminResetUserPassword')
    cognito.pools.get('customers').update(jane, { status: 'RESET_REQUIRED' })
    await passUntil(story, () => says(card, 'signed out everywhere'))
    const somebodyElse = 'somebody else may have made the same change'
    expect(mia.read(current(story, card))).toContain(somebodyElse)
    expect(auditChannel(story).join('\n')).toContain(somebodyElse)
    expect(outcomesOf('AdminResetUserPassword')).toHaveLength(1)
  })

  it('CG-16: may have set a password that is not the one Sam sees: Sam is warned', async () => {
    const { cognito } = story
    cognito.faults.add({ operation: 'AdminSetUserPassword', kind: 'drop-before' })
    await approved(bob, temporary)
    await called('AdminSetUserPassword')
    cognito.pools.get('customers').update(bob, { status: 'FORCE_CHANGE_PASSWORD' })
    await reveal()
    await dmSaying(story, story.sam, 'If sign-in refuses it, open a new request')
  })
})

/** From the command to an approved request. */
async function approved(account: string, asking: { method?: string } = {}): Promise<Message> {
  const card = await ask(story, story.sam, account, asking)
  await approve(story, story.mia, card)
  return card
}

function says(card: Message, words: string): boolean {
  return story.mia.read(current(story, card)).includes(words)
}

/** Lets time pass until a password is offered, and looks at it. */
async function reveal(): Promise<string> {
  const { sam, slack } = story
  const offered = () => sam.dm().findLast((each) => sam.read(each).includes(`[${offer}]`))
  await passUntil(story, offered)
  const message = offered()
  if (message === undefined) throw new Error('no password is offered')
  await sam.press(offer, { in: message })
  return slack.until(
    () =>
      /"type":"rich_text_preformatted".*?"text":"((?:[^"\\]|\\.)+)"/.exec(
        JSON.stringify(sam.modal?.definition['blocks'] ?? []),
      )?.[1],
  )
}

function outcomesOf(operation: string): string[] {
  return story.cognito.calls
    .filter((call) => call.operation === operation)
    .map(({ outcome }) => outcome)
}

/** Until Rekey has made this call. */
async function called(operation: string): Promise<void> {
  await expect.poll(() => outcomesOf(operation), { interval: 10 }).toHaveLength(1)
}

/** The fingerprints of the passwords that Rekey has sent, in order. */
function passwordsSet(): (string | undefined)[] {
  return story.cognito.calls
    .filter(({ operation }) => operation === 'AdminSetUserPassword')
    .map(({ passwordHashes }) => passwordHashes['Password'])
}

/** How many passwords are kept, sealed. */
function sealedPasswords(): unknown {
  const database = new DatabaseSync(join(story.folder, 'rekey.db'), { readOnly: true })
  try {
    return database.prepare('select count(*) as kept from secrets').get()?.['kept']
  } finally {
    database.close()
  }
}

/** The calls that change something. */
function writes(): string[] {
  return story.cognito.calls
    .map(({ operation }) => operation)
    .filter((operation) => /^(Admin(Reset|Set|Create|UserGlobal)|Forgot)/.test(operation))
}

/** Until Rekey has looked at an account so many more times. */
async function looksMore(times: number): Promise<void> {
  const looks = outcomesOf('AdminGetUser').length
  await passUntil(story, () => outcomesOf('AdminGetUser').length >= looks + times)
}
