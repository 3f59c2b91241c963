// biome-ignore-all lint/style/noExcessiveLinesPerFile: one method, from the command to the owner’s return

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EntryType } from '../../src/audit/entry-data.ts'
import { openStore } from '../../src/store/open.ts'
import {
  approve,
  ask,
  fillIn,
  formLabels,
  openForm,
  passUntil,
} from '../support/story/interactions.ts'
import {
  auditChannel,
  cardSays,
  current,
  dmSaying,
  messageSaying,
  windowSays,
  witnesses,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const jane = 'jane@example.com'
const evil = 'joe@evil.example'

describe('a reset, from the command to the owner’s return', () => {
  it('sends Jane a code after Mia’s approval, and follows her until she is back in', async () => {
    const { sam, mia, cognito, application } = story
    const card = await ask(story, sam, jane)
    expect(await approve(story, mia, card)).toContain('Your approval is recorded')
    await cardSays(story, card, 'signed out everywhere')

    const sent = cognito.calls.filter(({ operation }) => operation === 'AdminResetUserPassword')
    expect(sent).toHaveLength(1)
    expect((await application.signIn(jane, 'Jane-sandbox-1')).kind).toBe('password-reset-required')

    await dmSaying(story, sam, 'j***@e***.com')
    const code = cognito.mailbox.latest(jane)?.code ?? ''
    expect((await application.confirmForgotPassword(jane, code, 'Jane-is-back-1')).kind).toBe(
      'changed',
    )
    expect((await application.signIn(jane, 'Jane-is-back-1')).kind).toBe('signed-in')

    story.pass(2 * minute)
    await cardSays(story, card, /[Rr]ecovered/)
  })

  it('leaves a ledger with every step, refusals too, and a channel that tells it without an address or a secret', async () => {
    const { sam, mia, gus } = story
    const card = await ask(story, sam, jane, {
      reason: 'jane@example.com called from her new phone',
    })
    await sam.press('Approve…', { in: card })
    await windowSays(story, sam, 'Not possible')
    await gus.press('Approve…', { in: card, asSeen: true })
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
    await messageSaying(story, story.ana, '#account-audit', 'Jane Doe')
    await story.slack.until(() =>
      auditChannel(story).some((post) => /sessions|signed out/i.test(post)),
    )

    const read = auditChannel(story).join('\n')
    expect(read).toMatch(/@Sam .*Jane Doe/)
    expect(read).toMatch(/@Mia approved/)
    expect(read).toContain('HELP-1234')
    expect(read).not.toContain(jane)
    // Sam's own window repeats what Sam typed. No message does.
    const posted = story.slack.transcript.calls.filter(({ method }) => method.startsWith('chat.'))
    expect(JSON.stringify(posted)).not.toContain(jane)

    await story.stopRekey()
    const entries = await story.ledger()
    const types = entries.map(({ entry }) => entry.type)
    // When the owner is told, and when Gus is written down, is up to Slack.
    const whenever = ['owner.told', 'ingress.refused']
    expect(types).toEqual(expect.arrayContaining(whenever))
    expect(types.filter((type) => !whenever.includes(type))).toEqual([
      'rekey.started',
      'account.looked-up',
      'request.opened',
      'decision.refused',
      'approval.opened',
      'request.approved',
      'effect.intended',
      'effect.confirmed',
      'effect.intended',
      'sessions.revoked',
    ])
    for (const { seq, hash } of witnesses(story)) expect(entries[seq - 1]?.hash).toBe(hash)
    expect(JSON.stringify(entries)).not.toContain(jane)
  })

  it('finds people by a part of their name, and lets Sam choose when there are several', async () => {
    const { sam } = story
    await sam.command('/reset-password', 'family@example.com', { channel: '#general' })
    const chooser = await windowSays(story, sam, '[Choose]')
    expect(chooser.match(/\[Choose\]/g)).toHaveLength(2)
    await sam.closeModal()

    await sam.command('/reset-password', '', { channel: '#general' })
    const window = await windowSays(story, sam, '[Find]')
    expect(window).toMatch(/e-mail/i)
    const label = /^(.+): ____/m.exec(window)?.[1] ?? ''
    await sam.type(label, '花子')
    await sam.submit()
    expect(await windowSays(story, sam, formLabels.method)).toContain('花子')
  })

  it('says which methods cannot help, and why, before anybody is asked', async () => {
    const { sam } = story
    const bob = await openForm(story, sam, 'bob@example.com')
    expect(bob).toContain('(x) Temporary password')
    expect(bob).not.toContain('Reset with a code\n')
    expect(bob).toMatch(/verified/)
    await sam.closeModal()
    await sam.command('/reset-password', 'grace@example.com', { channel: '#general' })
    expect(await windowSays(story, sam, /disabled/i)).not.toContain('[Send request]')
  })

  it('T20: opens one request for an account, and tells the second requester so, keeping their form', async () => {
    const { sam, slack } = story
    await ask(story, sam, jane)
    const suki = slack.person('U0SUKI')
    await openForm(story, suki, jane)
    await fillIn(suki)
    expect((await suki.submit()).kind).toBe('pushed')
    await windowSays(story, suki, 'Not possible')
    await suki.closeModal()
    expect(await windowSays(story, suki, formLabels.reason)).toContain('HELP-1234')
  })
})

describe('other ends', () => {
  it('B11: a denial, with the reason for Sam to read', async () => {
    const { sam, mia, cognito } = story
    const card = await ask(story, sam, jane)
    await mia.press('Deny…', { in: card })
    const window = await windowSays(story, mia, '[Deny]')
    const label = /^(.+): ____/m.exec(window)?.[1] ?? ''
    await mia.type(label, 'She is on leave, call her first')
    await mia.submit()
    await cardSays(story, card, /[Dd]enied/)
    await dmSaying(story, sam, 'She is on leave')
    expect(cognito.calls.some(({ operation }) => operation.startsWith('AdminReset'))).toBe(false)
    // A button that somebody still has on the screen.
    await mia.press('Approve…', { in: card, asSeen: true })
    expect(await windowSays(story, mia, 'Not possible')).toMatch(/denied by @Mia/)
  })

  it('a withdrawal, by the requester only', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, jane)
    const receipt = await dmSaying(story, sam, '[Withdraw]')
    await mia.press('Withdraw', { in: receipt, asSeen: true })
    await messageSaying(story, story.ana, '#account-audit', 'Jane Doe')
    await story.slack.until(() =>
      auditChannel(story).some((post) => /@Mia wanted to withdraw/.test(post)),
    )
    await sam.press('Withdraw', { in: receipt })
    await cardSays(story, card, /[Ww]ithdrawn/)
    await story.slack.until(() => !sam.read(current(story, receipt)).includes('[Withdraw]'))
  })

  it('an expiry, and a click that comes too late', async () => {
    const { sam, mia } = story
    const card = await ask(story, sam, jane)
    story.pass(31 * minute)
    await mia.press('Approve…', { in: card, asSeen: true })
    expect(await windowSays(story, mia, 'Not possible')).toMatch(/expired/)
    await cardSays(story, card, /[Ee]xpired/)
    await dmSaying(story, sam, /[Ee]xpired/)
  })

  it('a privileged account takes two approvers of its own tier', async () => {
    const { sam, mia, noor, priya } = story
    const card = await ask(story, sam, 'alan@example.com')
    await mia.press('Approve…', { in: card })
    expect(await windowSays(story, mia, 'Not possible')).toMatch(/approver/)
    await mia.closeModal()
    expect(await approve(story, noor, card)).toContain('1 more')
    await noor.press('Approve…', { in: current(story, card) })
    expect(await windowSays(story, noor, 'Not possible')).toMatch(/already/)
    await noor.closeModal()
    await approve(story, priya, current(story, card))
    await cardSays(story, card, 'signed out everywhere')
    expect(
      story.cognito.calls.filter(({ operation }) => operation === 'AdminResetUserPassword'),
    ).toHaveLength(1)
  })
})

describe('when things break on the way', () => {
  it('SI-01 takes a submission that Slack delivers four times as one', async () => {
    const { sam, slack } = story
    await openForm(story, sam, jane)
    await fillIn(sam)
    await sam.submit()
    const submission = slack.workspace.lastEnvelopes.at(-1)
    if (submission === undefined) throw new Error('nothing was delivered')
    await Promise.all([1, 2, 3].map(() => slack.workspace.deliver(submission)))
    await messageSaying(story, story.mia, '#account-approvals', 'Waiting for approval')
    const cards = story.mia
      .messages('#account-approvals')
      .filter((each) => story.mia.read(each).includes('REQ-'))
    expect(cards).toHaveLength(1)
  })

  it('CG-04 does not send a second code when Cognito’s answer is lost', async () => {
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'drop-after' })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
    expect(
      cognito.calls.filter(({ operation }) => operation === 'AdminResetUserPassword'),
    ).toHaveLength(1)
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types).toContain('effect.unknown')
    expect(types).toContain('effect.observed')
  })

  it('CG-02 sends the code after two looks when the call never landed', async () => {
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'drop-before' })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await story.slack.until(() => cognito.calls.some(({ outcome }) => outcome === 'drop-before'))
    await passUntil(story, () => cognito.mailbox.to(jane).length > 0)
    await cardSays(story, card, 'signed out everywhere')
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it('CG-01 waits when Cognito throttles', async () => {
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'throttle', times: 2 })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it('SO-02 finds the card that Slack took without saying so, instead of posting another', async () => {
    const { sam, mia, slack } = story
    slack.faults.add({ method: 'chat.postMessage', kind: 'http-500-after', times: 3 })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await cardSays(story, card, 'signed out everywhere')
    await story.slack.until(
      () => auditChannel(story).some((post) => /sessions|signed out/i.test(post)),
      20_000,
    )
    const cards = mia
      .messages('#account-approvals')
      .filter((each) => mia.read(each).includes('Account recovery'))
    expect(cards).toHaveLength(1)
    const seqs = witnesses(story).map(({ seq }) => seq)
    expect(new Set(seqs).size).toBe(seqs.length)
  })

  it('CR-08 goes on after a restart with what was approved before it', async () => {
    const { sam, mia, cognito } = story
    const card = await ask(story, sam, jane)
    cognito.faults.add({ operation: 'AdminGetUser', kind: 'error-before', times: 6 })
    await approve(story, mia, card)
    await story.slack.until(() => cognito.calls.some(({ outcome }) => outcome === 'error-before'))
    await story.restart()
    await passUntil(story, () => cognito.mailbox.to(jane).length > 0)
    await cardSays(story, card, 'signed out everywhere')
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it('CG-07 asks a person when the account has changed in a way that no call of ours explains', async () => {
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'drop-before' })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await story.slack.until(() => cognito.calls.some(({ outcome }) => outcome === 'drop-before'))
    cognito.pools.get('customers').update(jane, { attributes: { nickname: 'J' } })
    await passUntil(story, () => mia.read(current(story, card)).includes('Needs a person'))

    const question = await dmSaying(story, sam, '[Nothing came of it]')
    await mia.press('Nothing came of it', { in: current(story, card), confirm: false })
    await sam.press('Nothing came of it', { in: question })
    await cardSays(story, card, 'Failed')
    const outcome = await dmSaying(story, sam, '[Ask again…]')
    await sam.press('Ask again…', { in: outcome })
    expect(await windowSays(story, sam, formLabels.method)).toContain('Jane Doe')
    expect(cognito.mailbox.to(jane)).toEqual([])
  })

  it('CG-07 goes on as if Cognito had answered when a person says that it worked', async () => {
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'drop-after' })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await story.slack.until(() => cognito.mailbox.to(jane).length === 1)
    const code = cognito.mailbox.latest(jane)?.code ?? ''
    // The owner is quicker than Rekey’s next look.
    await story.application.confirmForgotPassword(jane, code, 'Jane-is-back-1')
    await passUntil(story, () => mia.read(current(story, card)).includes('Needs a person'))
    await mia.press('It worked', { in: current(story, card) })
    await cardSays(story, card, 'signed out everywhere')
    expect(cognito.mailbox.to(jane)).toHaveLength(1)
  })

  it.each([
    ['NotAuthorizedException', 'User password cannot be reset in the current state.'],
    ['LimitExceededException', 'Attempt limit exceeded, please try after some time.'],
    [
      'InvalidParameterException',
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    ],
    [
      'AccessDeniedException',
      'User: arn:aws:sts::123456789012:assumed-role/rekey is not authorized',
    ],
  ])(
    'says what Cognito’s %s means, and nothing that only AWS should know',
    async (name, message) => {
      const { sam, mia, cognito } = story
      cognito.faults.add({
        operation: 'AdminResetUserPassword',
        kind: { name, message },
        times: 100,
      })
      const card = await ask(story, sam, jane)
      await approve(story, mia, card)
      await passUntil(story, () => mia.read(current(story, card)).includes('Failed'))
      expect(mia.read(current(story, card))).toContain(name)
      expect(JSON.stringify(story.slack.transcript.calls)).not.toContain('123456789012')
      await dmSaying(story, sam, '[Ask again…]')
    },
  )

  it('T19 does not send the code to an address that was put there after the request', async () => {
    const { sam, mia, cognito } = story
    const card = await ask(story, sam, jane)
    cognito.pools.get('customers').update(jane, { attributes: { email: 'joe@evil.example' } })
    await approve(story, mia, card)
    await cardSays(story, card, 'The account has changed since the request was opened')
    expect(cognito.mailbox.messages).toEqual([])
  })

  it('B6 is not carried out days later, when Cognito could not be asked in between', async () => {
    const { sam, mia, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'throttle' })
    const card = await ask(story, sam, jane)
    await approve(story, mia, card)
    await story.slack.until(() => cognito.calls.some(({ outcome }) => outcome === 'throttle'))
    cognito.faults.add({
      operation: 'AdminGetUser',
      kind: { name: 'AccessDeniedException', message: 'no' },
      times: 500,
    })
    await isWritten('effect.not-applied')
    story.pass(20 * minute)
    await story.slack.until(() =>
      cognito.calls.some(({ outcome }) => outcome === 'AccessDeniedException'),
    )
    story.pass(72 * 60 * minute)
    await passUntil(story, () => mia.read(current(story, card)).includes('Failed'))
    cognito.faults.clear()
    expect(cognito.mailbox.to(jane)).toEqual([])
  })

  it('F3 CG-09 sends nothing to an address that was set while Slack was slow', async () => {
    const { sam, mia, cognito, slack } = story
    const card = await ask(story, sam, jane)
    cognito.faults.add({
      operation: 'AdminGetUser',
      kind: { name: 'AccessDeniedException', message: 'no' },
    })
    await approve(story, mia, card)
    await story.slack.until(() => cognito.calls.some(({ outcome }) => /Denied/.test(outcome)))
    slack.faults.add({ method: 'users.info', kind: 'slow', ms: 600, times: 20 })
    // What is known of people is old by then. Whichever comes first, Slack's answers or the look: the address is
    // another one when the second of them comes.
    let looks = 0
    const forget = cognito.beforeCall((operation) => {
      if (operation === 'AdminGetUser') looks += 1
      if (operation === 'AdminListGroupsForUser' && looks === 1)
        cognito.pools.get('customers').update(jane, { attributes: { email: evil } })
    })
    story.pass(6_000)
    await cardSays(story, card, 'The account has changed since the request was opened')
    forget()
    expect(cognito.mailbox.messages).toEqual([])
  })

  it('F3 security is called where the address is changed in the moment of the call', async () => {
    const { sam, mia, cognito } = story
    const card = await ask(story, sam, jane)
    const forget = cognito.beforeCall((operation) => {
      if (operation === 'AdminResetUserPassword')
        cognito.pools.get('customers').update(jane, { attributes: { email: evil } })
    })
    await approve(story, mia, card)
    const warning = 'What was sent may have gone to somebody else'
    await cardSays(story, card, warning)
    forget()
    await dmSaying(story, sam, warning)
    await messageSaying(story, mia, '#account-approvals', 'What was sent for Jane Doe')
    expect(cognito.mailbox.to(evil)).toHaveLength(1)
    story.beware(evil)
  })

  it('SO-09 goes on posting when an administrator has deleted the beginning of a thread', async () => {
    const { sam, mia, ana, slack } = story
    const card = await ask(story, sam, jane)
    const root = await messageSaying(story, ana, '#account-audit', 'asked to recover Jane Doe')
    slack.workspace.deleteMessage('#account-audit', root.ts)
    await approve(story, mia, card)
    await messageSaying(story, ana, '#account-audit', '@Mia approved the recovery of Jane Doe')
    await story.slack.until(() => auditChannel(story).some((post) => /Signed out/.test(post)))
  })

  it('SE-07 keeps an owner from approving for themself, verified address or not', async () => {
    const { sam, mia, cognito } = story
    cognito.pools.get('customers').update(jane, {
      attributes: {
        email: 'mia@acme.example',
        email_verified: 'false',
        phone_number: '+15550001111',
        phone_number_verified: 'true',
      },
    })
    const card = await ask(story, sam, 'Jane Doe')
    await mia.press('Approve…', { in: card })
    expect(await windowSays(story, mia, 'Not possible')).toMatch(/your own account/i)
  })

  it('answers with one neutral sentence and a reference when the unexpected happens', async () => {
    const { sam, slack } = story
    slack.faults.add({
      method: 'usergroups.list',
      kind: 'error',
      error: 'internal_error',
      times: 4,
    })
    await sam.command('/reset-password', jane, { channel: '#general' })
    const says = await story.slack.until(() => {
      const window = sam.modal === undefined ? '' : sam.read(sam.modal)
      const notice = sam.messages('#general').findLast(({ onlyFor }) => onlyFor === sam.id)
      return [window, notice === undefined ? '' : sam.read(notice)].find((text) =>
        /went wrong|wasn’t|could not/i.test(text),
      )
    })
    const reference = /\b[0-9a-f]{8}\b/.exec(says)?.[0] ?? 'no reference'
    expect(story.logged()).toContain(reference)
  })
})

/** Waits until the ledger of a Rekey that runs has such an entry. */
async function isWritten(type: EntryType): Promise<void> {
  const reader = await openStore(story.env['DATABASE_URL'] ?? '', { readOnly: true })
  const types = async () =>
    (await Array.fromAsync(reader.ledger.entries())).map(({ entry }) => entry.type)
  await expect.poll(types).toContain(type)
  await reader.close()
}
