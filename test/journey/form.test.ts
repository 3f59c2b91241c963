import { afterEach, describe, expect, it } from 'vitest'
import { staffPoolId } from '../../sandbox/world/user-pool-seed.ts'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import {
  appears,
  approve,
  ask,
  fillIn,
  formLabels,
  nameLabel,
  openForm,
} from '../support/story/interactions.ts'
import {
  auditCaughtUp,
  auditChannel,
  cardSays,
  current,
  messageSaying,
  windowSays,
} from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
afterEach(() => story.end())

const jane = 'jane@example.com'
const recording = 'Reference of the recording'

describe('the identity check of the caller', () => {
  it('T1: asks for the evidence that the chosen check needs, and keeps what was typed before', async () => {
    story = await beginStory()
    const { sam } = story
    await openForm(story, sam, jane)
    await sam.type(formLabels.reason, 'Lost her phone and can’t sign in')
    await sam.choose(formLabels.check, 'Video call with photo ID')
    await appears(sam, recording)
    expect(windowText()).not.toContain(formLabels.evidence)
    await sam.choose(formLabels.check, 'Called back on the number on file')
    await appears(sam, formLabels.evidence)
    expect(windowText()).not.toContain(recording)
    expect(windowText()).toContain('Lost her phone')
    await sam.choose(formLabels.evidence, 'Contract')
    await sam.type(formLabels.ticket, 'HELP-77')
    expect((await sam.submit()).kind).toBe('updated')

    const card = await messageSaying(story, story.mia, '#account-approvals', 'HELP-77')
    expect(story.mia.read(card)).toContain('Contract')
    await expect
      .poll(() => auditChannel(story).join('\n'))
      .toContain('Called back on the number on file (Contract)')
  })

  it('SE-12: sends nothing without a check, without its evidence, or with something that is none', async () => {
    story = await beginStory()
    const { sam } = story
    await openForm(story, sam, jane)
    await sam.type(formLabels.reason, 'Lost her phone and can’t sign in')
    await sam.type(formLabels.ticket, 'HELP-77')
    expect((await sam.submit()).kind).toBe('errors')
    await sam.choose(formLabels.check, 'Video call with photo ID')
    await appears(sam, recording)
    expect((await sam.submit()).kind).toBe('errors')
    await sam.type(recording, 'she knew her birthday')
    expect(await sam.submit()).toMatchObject({ kind: 'errors' })
    expect(windowText()).toContain('For example: VID-1042')
    await sam.type(recording, 'VID-2201')
    await sam.type(formLabels.ticket, 'the one from this morning')
    expect((await sam.submit()).kind).toBe('errors')
    expect(windowText()).toContain('That is not what a ticket looks like here')
    await sam.type(formLabels.ticket, 'HELP-77')
    expect((await sam.submit()).kind).toBe('updated')
  })

  it('offers only the checks that are good enough for the account, and the field at once if there is one', async () => {
    const { tiers } = sandboxTiers()
    const [privileged, ...others] = tiers
    story = await beginStory(
      undefined,
      policyWith({ tiers: [{ ...privileged, identityChecks: ['video'] }, ...others] }),
    )
    await openForm(story, story.sam, 'alan@example.com')
    expect(windowText()).toContain('Video call with photo ID')
    expect(windowText()).toContain(recording)
    expect(windowText()).not.toContain('Called back')
  })
})

describe('an account that was changed lately', () => {
  it('T19: needs what the policy asks for it, and stays what it was when time passes', async () => {
    const standard = sandboxTiers().tiers.at(-1)
    const fresh = {
      ...standard,
      name: 'fresh',
      when: { changedWithin: '72h' },
      approvers: ['S0SECURITY'],
      approvals: 2,
    }
    story = await beginStory(
      undefined,
      policyWith({ tiers: [fresh, standard], requestExpiresAfter: '24h' }),
    )
    const { sam, noor, priya, cognito } = story
    cognito.pools.get('customers').update(jane, { attributes: { nickname: 'J' } })
    expect(await openForm(story, sam, jane)).toContain('Changed recently: 2 approvals needed')
    await sam.closeModal({ all: true })
    const card = await ask(story, sam, jane)
    await approve(story, noor, card)
    await auditCaughtUp(story)
    story.pass(23 * 60 * 60_000)
    await approve(story, priya, current(story, card))
    await cardSays(story, card, 'signed out everywhere')
  })
})

describe('a privileged account', () => {
  it('SE-11 T3: warns, waits for two, and has each of them type its name', async () => {
    story = await beginStory()
    const { sam, noor, priya, cognito } = story
    const card = await ask(story, sam, 'alan@example.com')
    expect(story.mia.read(card)).toContain('Privileged account')
    await noor.press('Approve…', { in: card })
    expect(await windowSays(story, noor, '[Approve]')).toContain('Privileged account')
    story.pass(3_000)
    expect((await noor.submit()).kind).toBe('errors')
    await noor.type(nameLabel, 'Alan')
    expect((await noor.submit()).kind).toBe('errors')
    await noor.type(nameLabel, '  alan   ADMIN ')
    await noor.submit()
    await windowSays(story, noor, '1 more needed')
    await noor.closeModal({ all: true })
    expect(cognito.calls.some(({ operation }) => operation === 'AdminResetUserPassword')).toBe(
      false,
    )
    await approve(story, priya, current(story, card))
    await cardSays(story, card, 'signed out everywhere')
  })
})

describe('a search that a pool does not answer', () => {
  const denied = { name: 'AccessDeniedException', message: 'not authorized' }
  const outage = { poolId: staffPoolId, kind: denied, times: 100 }

  it('opens no form for the only account found, but says where another may be, and lets choose', async () => {
    story = await beginStory()
    const { sam, cognito } = story
    cognito.faults.add(outage)
    await sam.command('/reset-password', 'jane@example.com', { channel: '#general' })
    const says = await windowSays(story, sam, 'One account matches')
    expect(says).toContain('Jane Doe')
    expect(says).toContain('The user pool staff could not be searched')
    await sam.press('Choose')
    await windowSays(story, sam, formLabels.method)
  })

  it('says so where nothing is found', async () => {
    story = await beginStory()
    const { sam, cognito } = story
    cognito.faults.add(outage)
    await sam.command('/reset-password', 'nobody@example.com', { channel: '#general' })
    await windowSays(story, sam, 'The user pool staff could not be searched')
  })

  it('is one of the look-ups that a message leads to', async () => {
    story = await beginStory()
    const { sam, suki } = withSuki()
    const message = suki.say('#support', 'nobody@example.com writes that jane@example.com waits')
    story.cognito.faults.add(outage)
    await sam.shortcut('Recover this account', message)
    const says = await windowSays(story, sam, 'One account matches')
    expect(says).toContain('The user pool staff could not be searched')
  })
})

describe('a request that begins with a message', () => {
  const shortcut = 'Recover this account'

  it('finds the account that the message names, and links the message as evidence', async () => {
    story = await beginStory()
    const { sam, suki } = withSuki()
    const { members } = story.slack.workspace.directory.channelCalled('#support')
    story.slack.workspace.directory.setChannel('#support', { members: [...members, 'U0REKEY'] })
    const message = suki.say('#support', 'Can somebody help jane@example.com? She is locked out')
    await sam.shortcut(shortcut, message)
    await windowSays(story, sam, formLabels.method)
    await fillIn(sam)
    expect((await sam.submit()).kind).toBe('updated')
    await sam.closeModal({ all: true })
    const card = await messageSaying(story, story.mia, '#account-approvals', 'Jane Doe')
    expect(JSON.stringify(card.blocks)).toContain('acme.slack.com/archives/C0SUPPORT/p')
  })

  it('lets the requester choose where it names several, and ask where it names nobody', async () => {
    story = await beginStory()
    const { sam, suki } = withSuki()
    const both = suki.say('#support', 'jane@example.com and <mailto:judy@example.com|Judy> wait')
    await sam.shortcut(shortcut, both)
    expect(await windowSays(story, sam, 'Several accounts match')).toContain('Judy Glen')
    await sam.closeModal({ all: true })
    await sam.shortcut(shortcut, suki.say('#support', 'She can’t get in!'))
    await windowSays(story, sam, 'names no e-mail address or phone number')
  })

  it('refuses whoever may not ask, whatever the message says', async () => {
    story = await beginStory()
    const { ana, slack } = story
    const said = slack.person('U0SUKI').say('#general', 'jane@example.com is locked out')
    const before = story.cognito.calls.length
    await ana.shortcut(shortcut, said)
    await windowSays(story, ana, 'You can’t ask for recoveries here')
    expect(story.cognito.calls.length).toBe(before)
  })
})

function withSuki() {
  return { sam: story.sam, suki: story.slack.person('U0SUKI') }
}

function windowText(): string {
  return story.sam.modal === undefined ? '' : story.sam.read(story.sam.modal)
}
