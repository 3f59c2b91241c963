// biome-ignore-all lint/style/noExcessiveLinesPerFile: one pause, and everybody who meets it

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import { limits, policyWith } from '../support/policies.ts'
import { approve, ask, fillIn, openForm, passUntil } from '../support/story/interactions.ts'
import { cardSays, current, dmSaying, messageSaying, windowSays } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import { minute, type Story } from '../support/story/story.ts'

let story: Story
afterEach(() => story.end())

const general = { channel: '#general' }

describe('pausing', () => {
  it('T21: carries nothing out until security lets it go on, and tells everybody who waits', async () => {
    story = await beginStory()
    const { sam, mia, priya } = story
    const card = await ask(story, sam, 'jane@example.com')
    expect(await answer(priya, 'pause Two callers with the same story')).toContain('paused')
    await messageSaying(story, mia, '#account-approvals', 'paused all recoveries')
    expect(await cardSays(story, card, 'All recoveries are paused')).toContain('same story')
    const news = () => sam.dm().filter((each) => sam.read(each).includes('I write again when they'))
    await story.slack.until(() => news().length === 1)

    await approve(story, mia, card)
    await cardSays(story, card, 'about to be carried out')
    await isHeld()
    story.pass(minute)
    await isHeld()
    expect(resets()).toBe(0)

    expect(await answer(priya, 'resume')).toContain('go on')
    story.pass(minute)
    await cardSays(story, card, 'signed out everywhere')
    expect(resets()).toBe(1)
    expect(story.mia.read(current(story, card))).not.toContain('paused')
    // Each of them rings once, whatever was drawn anew in between.
    const resumed = sam.dm().filter((each) => sam.read(each).includes('Recoveries go on'))
    expect([news().length, resumed.length]).toEqual([1, 1])
    await story.stopRekey()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types.indexOf('recovery.paused')).toBeLessThan(types.indexOf('recovery.resumed'))
    expect(types.indexOf('recovery.resumed')).toBeLessThan(types.indexOf('effect.intended'))
  })

  it('T21: a call that Cognito has put off is not made again during a pause', async () => {
    story = await beginStory()
    const { sam, mia, priya, cognito } = story
    cognito.faults.add({ operation: 'AdminResetUserPassword', kind: 'throttle', times: 1_000 })
    const card = await ask(story, sam, 'jane@example.com')
    await approve(story, mia, card)
    await story.slack.until(() => resets() > 0)
    await answer(priya, 'pause A drill')
    await isHeld()
    const made = resets()
    cognito.faults.clear()
    for (const _ of [1, 2]) {
      story.pass(minute)
      await isHeld()
    }
    expect(resets()).toBe(made)

    await answer(priya, 'resume')
    await passUntil(story, () => resets() > made)
    await cardSays(story, card, 'signed out everywhere')
    expect(resets()).toBe(made + 1)
  })

  it('T21: a requester with several requests is called once, and the owners read it as well', async () => {
    story = await beginStory()
    const { sam, priya, slack } = story
    await ask(story, sam, 'jane@example.com')
    await ask(story, sam, 'judy@example.com')
    await answer(priya, 'pause A drill')
    const news = await dmSaying(story, sam, 'I write again when they')
    expect(sam.read(news)).toContain('Jane Doe')
    expect(sam.read(news)).toContain('Judy Glen')
    await dmSaying(story, slack.person('U0JANE'), 'All recoveries are paused')
    await answer(priya, 'resume')
    await dmSaying(story, sam, 'Recoveries go on')
    expect(sam.dm().filter((each) => sam.read(each).includes('Yours'))).toHaveLength(2)
  })

  it('T21: a password stays sealed in a pause, can be seen after it, and burns at its time', async () => {
    story = await beginStory()
    const { sam, mia, priya } = story
    for (const [email, end] of [
      ['jane@example.com', 'seen'],
      ['judy@example.com', 'burnt'],
    ] as const) {
      const card = await ask(story, sam, email, temporary)
      await approve(story, mia, card)
      await cardSays(story, card, 'signed out everywhere')
      await answer(priya, 'pause A drill')
      const outcome = await dmSaying(story, sam, '[Show the password once]')
      await sam.press('Show the password once', { in: outcome })
      await windowSays(story, sam, 'nothing is shown or sent now')
      await sam.closeModal({ all: true })
      if (end === 'burnt') story.pass(16 * minute)
      else await answer(priya, 'resume')
      if (end === 'burnt') await cardSays(story, card, /destroyed/)
      else {
        await sam.press('Show the password once', { in: current(story, outcome) })
        await windowSays(story, sam, 'This is shown once')
        await sam.closeModal({ all: true })
      }
    }
  })

  it('is for the people whom the policy names, asks for a reason, and ends by a button in the alert', async () => {
    story = await beginStory()
    const { sam, mia, noor, priya } = story
    expect(await answer(sam, 'pause I am Sam')).toContain('Only the people')
    expect(await answer(mia, 'resume')).toContain('Only the people')
    expect(await answer(priya, 'pause')).toContain('Please say why')
    expect(await answer(priya, 'resume')).toContain('Nothing is paused')
    await answer(priya, 'pause A drill')
    expect(await answer(noor, 'pause Another drill')).toContain('paused already')

    const alert = await messageSaying(story, mia, '#account-approvals', 'paused all recoveries')
    await mia.press('Let recoveries go on', { in: alert })
    await saysPrivately(mia, '#account-approvals', 'Only the people')
    await noor.press('Let recoveries go on', { in: alert })
    await saysPrivately(noor, '#account-approvals', 'go on')
    // The alert about a pause that is over ends no later one.
    story.pass(minute)
    await answer(priya, 'pause Another drill')
    await noor.press('Let recoveries go on', { in: alert, asSeen: true })
    await saysPrivately(noor, '#account-approvals', 'That pause is over')
    expect(await answer(priya, 'resume')).toContain('go on')
  })
})

describe('the breaker', () => {
  it('SE-10: one execution too many pauses everything until somebody has looked', async () => {
    const tight = policyWith({ limits: limits({ executionsOverall: '1 per 1h' }) })
    story = await beginStory(undefined, tight)
    const { sam, mia, priya } = story
    const first = await ask(story, sam, 'jane@example.com')
    await approve(story, mia, first)
    await cardSays(story, first, 'signed out everywhere')
    const second = await ask(story, sam, 'judy@example.com')
    await approve(story, mia, second)
    await messageSaying(story, mia, '#account-approvals', 'Rekey paused all recoveries')
    await cardSays(story, second, 'by Rekey itself')
    expect(resets()).toBe(1)

    await answer(priya, 'resume')
    story.pass(minute)
    await cardSays(story, second, 'signed out everywhere')
    expect(resets()).toBe(2)
  })

  it('SE-10: counts what somebody has sent again', async () => {
    const tight = policyWith({
      limits: limits({ executionsOverall: '1 per 1h' }),
    })
    story = await beginStory(undefined, tight)
    const { sam, mia, priya, cognito } = story
    cognito.faults.add({ operation: 'ForgotPassword', kind: 'drop-before' })
    const card = await ask(story, sam, 'jane@example.com', {
      method: 'Recovery code, nothing reset',
    })
    await approve(story, mia, card)
    await passUntil(story, () => mia.read(current(story, card)).includes('Needs a person'))
    await sam.press('Send again', { in: await dmSaying(story, sam, '[Send again]') })
    await messageSaying(story, mia, '#account-approvals', 'Rekey paused all recoveries')
    expect(codes()).toBe(1)

    await answer(priya, 'resume')
    await passUntil(story, () => codes() > 1)
    await cardSays(story, card, 'Carried out')
  })
})

describe('limits', () => {
  it('SE-10 T2: as many requests as the policy allows a requester, an account, and all together', async () => {
    const tight = policyWith({
      limits: limits({ requestsPerRequester: '2 per 1h', requestsPerAccount: '1 per 1h' }),
    })
    story = await beginStory(undefined, tight)
    const { sam, mia } = story
    // Carried out: what comes to nothing is given back.
    const card = await ask(story, sam, 'jane@example.com')
    await approve(story, mia, card)
    await cardSays(story, card, 'Carried out')
    await expect(ask(story, sam, 'jane@example.com')).rejects.toThrow('not sent')
    await windowSays(story, sam, 'This account has had as many requests')
    await sam.closeModal({ all: true })
    await ask(story, sam, 'judy@example.com')
    await expect(ask(story, sam, 'ken@example.com', temporary)).rejects.toThrow('not sent')
    await windowSays(story, sam, 'You have opened as many requests')
    await sam.closeModal({ all: true })
    // An hour later there is room again.
    story.pass(61 * minute)
    await ask(story, sam, 'ken@example.com', temporary)
  })

  it('SE-10 T3: as many approvals as the policy allows an approver; another one may still approve', async () => {
    const tight = policyWith({ limits: limits({ approvalsPerApprover: '1 per 1h' }) })
    story = await beginStory(undefined, tight)
    const { sam, mia, noor } = story
    await approve(story, mia, await ask(story, sam, 'jane@example.com'))
    const card = await ask(story, sam, 'judy@example.com')
    expect(await approve(story, mia, card)).toContain('You have approved as many')
    expect(await approve(story, noor, card)).toContain('recorded')
  })

  it('T22: nobody looks up more accounts than the policy allows, and Cognito is not even asked', async () => {
    const tight = policyWith({ limits: limits({ lookUpsPerRequester: '2 per 1h' }) })
    story = await beginStory(undefined, tight)
    const { sam, cognito } = story
    for (const name of ['jane', 'judy']) {
      await openForm(story, sam, `${name}@example.com`)
      await sam.closeModal({ all: true })
    }
    const before = cognito.calls.length
    await sam.command('/reset-password', 'ken@example.com', general)
    await windowSays(story, sam, 'You have looked up as many accounts')
    expect(cognito.calls.length).toBe(before)
  })

  it('SE-13: tells outsiders the same whether there is such an account or not, without asking Cognito', async () => {
    story = await beginStory()
    const { ana, cognito } = story
    const before = cognito.calls.length
    const says: string[] = []
    for (const email of ['jane@example.com', 'nobody@example.com']) {
      await ana.command('/reset-password', email, general)
      says.push(await windowSays(story, ana, 'Not possible'))
      await ana.closeModal({ all: true })
    }
    expect(says[0]).toBe(says[1])
    expect(cognito.calls.length).toBe(before)
  })
})

describe('a form', () => {
  it('SE-13 SE-04: of somebody who has lost the right since is refused before Cognito is asked', async () => {
    story = await beginStory()
    const { sam, slack, cognito } = story
    await openForm(story, sam, 'jane@example.com')
    await fillIn(sam)
    slack.workspace.directory.setGroup('S0SUPPORT', ['U0SUKI'])
    story.pass(minute)
    const before = cognito.calls.length
    await sam.submit()
    await windowSays(story, sam, 'You can’t ask for recoveries here')
    expect(cognito.calls.length).toBe(before)
  })
})

describe('reading before approving', () => {
  it('SE-09 T20: refuses an approval that comes before anybody could have read, and keeps the window', async () => {
    story = await beginStory(undefined, policyWith({ minimumReadingTime: '10s' }))
    const { sam, mia } = story
    const card = await ask(story, sam, 'jane@example.com')
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, '[Approve]')
    await mia.submit()
    await windowSays(story, mia, 'quicker than anybody can read')
    await mia.closeModal()
    story.pass(10_000)
    await mia.submit()
    await windowSays(story, mia, 'Your approval is recorded')
    await cardSays(story, card, 'signed out everywhere')
  })

  it('SE-09: does not take one person’s reading for another’s', async () => {
    story = await beginStory(undefined, policyWith({ minimumReadingTime: '10s' }))
    const { sam, mia, noor } = story
    const card = await ask(story, sam, 'jane@example.com')
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, '[Approve]')
    story.pass(10_000)
    await noor.press('Approve…', { in: card })
    await windowSays(story, noor, '[Approve]')
    await noor.submit()
    await windowSays(story, noor, 'quicker than anybody can read')
  })
})

describe('/recovery', () => {
  it('shows a requester what became of their requests, with the buttons they need', async () => {
    story = await beginStory()
    const { sam } = story
    expect(await answer(sam, 'mine')).toContain('You have asked for no recovery yet')
    const card = await ask(story, sam, 'jane@example.com')
    const list = await answer(sam, 'mine')
    expect(list).toContain('Waiting for approval')
    expect(list).toContain('Jane Doe')
    await sam.press('Withdraw', { in: newest(sam) })
    await cardSays(story, card, 'Withdrawn')
    expect(await answer(sam, 'mine')).toContain('Withdrawn')
  })

  it('shows an approver what waits for them, and lets them decide from there', async () => {
    story = await beginStory()
    const { sam, mia, priya } = story
    expect(await answer(mia, 'pending')).toContain('Nothing waits')
    const card = await ask(story, sam, 'jane@example.com')
    expect(await answer(mia, 'pending')).toContain('acme.slack.com/archives/')
    await mia.press('Approve…', { in: newest(mia) })
    await windowSays(story, mia, '[Approve]')
    story.pass(1_000)
    await mia.submit()
    await cardSays(story, card, 'signed out everywhere')
    // Whoever can pause everything sees everything that waits.
    await ask(story, sam, 'judy@example.com')
    expect(await answer(priya, 'pending')).toContain('Judy Glen')
  })

  it('helps, and tells people without a part in it nothing', async () => {
    story = await beginStory()
    const { sam, ana } = story
    expect(await answer(sam, '')).toContain('/recovery mine')
    expect(await answer(sam, 'explode')).toContain('There is no such command')
    await ask(story, sam, 'jane@example.com')
    expect(await answer(ana, 'pending')).toContain('You have no part in recoveries')
    expect(await answer(ana, 'mine')).toContain('You have no part in recoveries')
  })
})

/** Waits until the outbox has looked once more at what is approved, and has put it back for the pause. */
async function isHeld(): Promise<void> {
  const looked = () => {
    const database = new DatabaseSync(join(story.folder, 'rekey.db'), { readOnly: true })
    try {
      return database
        .prepare("select attempts, lease_until, last_error from jobs where kind = 'execute'")
        .get()
    } finally {
      database.close()
    }
  }
  const before = Number(looked()?.['attempts'] ?? 0)
  await expect
    .poll(
      () => {
        const job = looked()
        const isAgain = Number(job?.['attempts']) > before || before === 0
        if (!isAgain) story.pass(5_000)
        return isAgain && job?.['lease_until'] === 0 ? job?.['last_error'] : undefined
      },
      { interval: 50 },
    )
    .toBe('paused or frozen')
}

const temporary = { method: 'Temporary password' }

function resets(): number {
  return story.cognito.calls.filter(({ operation }) => operation === 'AdminResetUserPassword')
    .length
}

function codes(): number {
  return story.cognito.calls.filter(({ operation }) => operation === 'ForgotPassword').length
}

/** Types the command, and waits for the private answer. */
async function answer(person: Person, text: string): Promise<string> {
  const before = privately(person, '#general').length
  await person.command('/recovery', text, general)
  return story.slack.until(() => {
    const answers = privately(person, '#general')
    return answers.length > before && person.read(newest(person))
  })
}

async function saysPrivately(person: Person, channel: string, words: string): Promise<void> {
  await story.slack.until(
    () => privately(person, channel).some((each) => person.read(each).includes(words)),
    10_000,
  )
}

function newest(person: Person): Message {
  const message = privately(person, '#general').at(-1)
  if (message === undefined) throw new Error('there is no private answer yet')
  return message
}

function privately(person: Person, channel: string): Message[] {
  return person.messages(channel).filter((each) => each.onlyFor === person.id)
}
