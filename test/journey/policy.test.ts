import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import { staffPoolId } from '../../sandbox/world/user-pool-seed.ts'
import { policy } from '../../src/cli/policy.ts'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import { approve, ask } from '../support/story/interactions.ts'
import {
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

const [privileged, , standard] = sandboxTiers().tiers

describe('a policy that names what is not there', () => {
  it('SE-05 B7: keeps Rekey from starting, with every fault, its line and what to write', async () => {
    story = await beginStory()
    story.slack.workspace.directory.setMember('U0PRIYA', { deleted: true })
    story.slack.workspace.directory.setChannel('C0AUDIT', { extShared: true })
    await story.stopRekey()
    const faulty = policyWith({
      requesters: ['S0GONE', 'U0GUS'],
      channels: { approvals: 'C0NOWHERE', audit: 'C0AUDIT' },
      pools: { customers: { userPoolId: 'us-west-2_zzzzzzzzz', client: { id: '1example2' } } },
      tiers: [{ ...standard, approvals: 5 }],
    })
    const said = await refusal(faulty)
    expect(said).toMatch(/policy.yml:\d+:\d+ channels.approvals is C0NOWHERE, which is no channel/)
    expect(said).toMatch(/channels.audit is C0AUDIT, which is shared with another organization/)
    expect(said).toMatch(/pools.customers.userPoolId is no user pool/)
    expect(said).toMatch(/requesters\[0\] is S0GONE, which is no user group/)
    expect(said).toMatch(/requesters\[1\] is U0GUS, who is no full member/)
    // Mia’s two accounts are one person.
    expect(said).toMatch(/tiers\[0\].approvals can’t be met: only 2 people could approve/)
  })

  it('SE-05: counts without the one who asks, where an approver may ask as well', async () => {
    story = await beginStory()
    await story.stopRekey()
    const said = await refusal(
      policyWith({ requesters: ['S0SUPPORT', 'U0NOOR'], tiers: [{ ...standard, approvals: 2 }] }),
    )
    expect(said).toContain('only 1 person could approve when one of them is the requester')
  })
})

describe('a policy whose rules would bind nobody', () => {
  const rules = (changes: Readonly<Record<string, unknown>>) => refusal(policyWith(changes))

  beforeEach(async () => {
    story = await beginStory()
    await story.stopRekey()
  })

  it('is told of a Cognito group that is misspelt, so that admins would pass for everybody', async () => {
    const admins = { ...privileged, when: { groups: ['admin', 'admins'] } }
    const said = await rules({ tiers: [admins, standard] })
    expect(said).toMatch(
      /policy.yml:\d+:\d+ tiers\[0\].when.groups\[0\] is "admin", which is no group in customers or staff/,
    )
    expect(said).not.toContain('groups[1]')
  })

  it('is told of one that is only in another pool', async () => {
    const admins = { ...privileged, when: { groups: ['admins'], pools: ['staff'] } }
    expect(await rules({ tiers: [admins, standard] })).toContain('which is no group in staff')
  })

  it('is told what to grant where it may not look for groups', async () => {
    const kind = { name: 'AccessDeniedException', message: 'not authorized' }
    story.cognito.faults.add({ operation: 'GetGroup', kind, times: 2 })
    expect(await rules({})).toContain('grant cognito-idp:GetGroup there')
  })

  it('is told of accounts of one person that Slack does not know', async () => {
    const said = await rules({ samePerson: [['U0SAM', 'U0TYPO']] })
    expect(said).toContain('samePerson[0][1] is U0TYPO, whom Slack does not know')
    expect(said).not.toContain('U0SAM')
  })

  it('is told of a channel that everybody can read', async () => {
    story.slack.workspace.directory.setChannel('C0AUDIT', { kind: 'public' })
    expect(await rules({})).toContain('channels.audit is C0AUDIT, which is public')
  })

  it('is told when the Slack plan has no user groups', async () => {
    for (const error of ['paid_teams_only', 'plan_upgrade_required']) {
      withoutUserGroups(error)
      expect(await rules({})).toMatch(
        /policy.yml:\d+:\d+ requesters\[0\] is S0SUPPORT, but this Slack plan has no user groups: name people, U…/,
      )
      story.slack.faults.clear()
    }
  })

  it('does without user groups where it names people only', async () => {
    withoutUserGroups('paid_teams_only')
    const before = lists()
    const approvers = ['U0MIA', 'U0NOOR']
    const people = { requesters: ['U0SAM'], security: ['U0PRIYA'] }
    await story.startWith(policyWith({ ...people, tiers: [{ ...standard, approvers }] }))
    await ask(story, story.sam, 'jane@example.com')
    expect(lists()).toBe(before)
  })

  const lists = () => story.slack.transcript.callsOf('usergroups.list').length
  const withoutUserGroups = (error: string) =>
    story.slack.faults.add({ method: 'usergroups.list', kind: 'error', error, times: 1000 })

  it('SE-06: takes for one person whom a list and an address join only together', async () => {
    const { directory } = story.slack.workspace
    // Priya is Hana by the list. Hana is Noor by the address, and has no part in the tier.
    directory.setMember('U0NOOR', { email: 'hana+security@acme.example' })
    const said = await rules({ samePerson: [['U0PRIYA', 'U0HANA']] })
    expect(said).toContain('tiers[0].approvals can’t be met: only 1 person could approve')
  })
})

describe('a group of many', () => {
  it('leaves room for the people of the others, at the start and at every request', async () => {
    story = await beginStory()
    const { directory } = story.slack.workspace
    const hana = directory.memberOrThrow('U0HANA')
    const crowd = Array.from({ length: 25 }, (_, number) => `U0CROWD${number}`)
    directory.members = [
      ...directory.members,
      ...crowd.map((id) => ({ ...hana, id, handle: id, email: `${id}@acme.example` })),
    ]
    directory.setGroup('S0HEADS', crowd)
    story.pass(6_000) // The first look is to find them there.
    const { approvers: _, ...tier } = { ...standard, from: ['S0HEADS', 'S0LEADS'], approvals: 2 }
    await story.reload(policyWith({ tiers: [tier] }))
    const card = await ask(story, story.sam, 'jane@example.com')
    expect(story.mia.read(card)).toContain('Jane')
  })
})

describe('another policy', () => {
  const two = policyWith({ tiers: [{ ...standard, approvals: 2 }] })

  it('T27: is announced with what changed, in the ledger, the audit channel and an alert', async () => {
    story = await beginStory()
    await story.reload(two)
    const alert = await messageSaying(story, story.mia, '#account-approvals', 'The policy changed')
    expect(story.mia.read(alert)).toContain('approvals: ')
    await expect.poll(() => auditChannel(story).join('\n')).toContain('The policy changed')
    // The same once more is no change.
    await story.reload(two)
    await story.stopRekey()
    const entries = await story.ledger()
    expect(entries.filter(({ entry }) => entry.type === 'policy.changed')).toHaveLength(1)
  })

  it('B3: binds the requests that are open already, by the stricter of the two', async () => {
    story = await beginStory()
    const { sam, mia, noor } = story
    const card = await ask(story, sam, 'jane@example.com')
    await story.reload(two)
    expect(await approve(story, mia, card)).toContain('1 more needed')
    await approve(story, noor, current(story, card))
    await cardSays(story, card, 'signed out everywhere')
  })

  it('stays out of force when it is faulty, and the one before goes on', async () => {
    story = await beginStory()
    await expect(story.reload(policyWith({ requesters: ['S0GONE'] }))).rejects.toThrow('S0GONE')
    await approve(story, story.mia, await ask(story, story.sam, 'jane@example.com'))
  })

  it('CO-05: a Rekey with an older one decides nothing any more, and says so', async () => {
    story = await beginStory()
    const { sam, mia } = story
    const card = await ask(story, sam, 'jane@example.com')
    await story.overrule(two)
    await mia.press('Approve…', { in: card })
    await windowSays(story, mia, 'Something went wrong')
    expect(await story.readiness()).toContain('another Rekey has put a newer policy in force')
  })
})

describe('a start', () => {
  it('that finds its port taken puts no policy in force, and lets go of the database', async () => {
    story = await beginStory()
    const file = join(story.folder, 'other.yml')
    writeFileSync(file, policyWith({ requestExpiresAfter: '20m' }))
    const { PORT: anyPort = '0' } = story.env
    const taken = createServer().listen(0)
    const { port } = taken.address() as AddressInfo
    const inVain = story.restart({ POLICY_FILE: file, PORT: String(port) })
    await expect(inVain).rejects.toThrow('EADDRINUSE')
    taken.close()
    const types = (await story.ledger()).map(({ entry }) => entry.type)
    expect(types.filter((type) => type === 'rekey.started')).toHaveLength(1)
    expect(types).not.toContain('policy.changed')
    await story.restart({ PORT: anyPort })
  })

  it('is not ready before Slack is connected, whatever policy was in force before', async () => {
    story = await beginStory()
    const file = join(story.folder, 'other.yml')
    writeFileSync(file, policyWith({ requestExpiresAfter: '20m' }))
    const port = await freePort()
    story.slack.faults.add({ method: 'apps.connections.open', kind: 'slow', ms: 1_000, times: 2 })
    const restarting = story.restart({ POLICY_FILE: file, PORT: port })
    const readiness = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        (answer) => answer.text(),
        () => 'nothing',
      )
    await expect.poll(readiness, { interval: 10 }).toBe('no socket to Slack is open\n')
    await restarting
    expect(await readiness()).toBe('ready\n')
  })
})

describe('npm run policy', () => {
  it('check: says that the sandbox’s can be put in force, and what is wrong with another', async () => {
    story = await beginStory()
    expect(await run('check')).toMatchObject({ status: 0 })
    const file = join(story.folder, 'other.yml')
    writeFileSync(file, policyWith({ security: ['S0GONE'] }))
    const { status, text } = await run('check', '--file', file)
    expect(status).toBe(1)
    expect(text).toContain('security[0] is S0GONE')
    expect((await run('explode')).status).toBe(2)
  })

  it('check: says what could not be verified', async () => {
    story = await beginStory()
    story.cognito.faults.add({ operation: 'GetGroup', kind: 'throttle', times: 10 })
    const { text } = await run('check')
    expect(text).toContain('not verified: the group admins in the pool customers')
  })

  it('explain: names the methods and the approvers, with reasons', async () => {
    story = await beginStory()
    const jane = await run('explain', '--requester', 'U0SAM', '--account', 'jane@example.com')
    expect(jane.text).toContain('reset: yes')
    expect(jane.text).toContain('resend-invitation: This way of recovery is not open')
    expect(jane.text).toContain('U0MIA: yes')
    const noor = await run('explain', '--requester', 'U0NOOR', '--account', 'alan@example.com')
    expect(noor.text).toContain('tier: privileged, privileged')
    expect(noor.text).toContain('reset: You can’t ask for recoveries here')
    expect(noor.text).toContain('U0NOOR: You asked for this recovery yourself')
  })

  it('explain: says where an account may be that was not found', async () => {
    story = await beginStory()
    const kind = { name: 'AccessDeniedException', message: 'not authorized' }
    story.cognito.faults.add({ poolId: staffPoolId, kind, times: 100 })
    const jane = await run('explain', '--requester', 'U0SAM', '--account', 'jane@example.com')
    expect(jane.text).toContain('reset: yes')
    expect(jane.text).toContain('The user pool staff could not be searched')
    const nobody = await run('explain', '--requester', 'U0SAM', '--account', 'nobody@example.com')
    expect(nobody).toMatchObject({ status: 1 })
    expect(nobody.text).toContain('The user pool staff could not be searched')
  })

  it('explain: a name is words on one line, whatever is in it', async () => {
    story = await beginStory()
    const name = `Eve\n    U0EVE: yes\u2028\u001b]0;mine\u0007\u202e${'long '.repeat(100)}`
    const eve = userSeed('Eve', { email: 'eve@example.com', attributes: { name } })
    story.cognito.pools.get('customers').add(eve)
    const { text } = await run('explain', '--requester', 'U0SAM', '--account', 'eve@example.com')
    expect(text).toMatch(/^Eve +U0EVE: yes \]0;mine [^\n]*… \(customers, [^\n]+\), CONFIRMED$/m)
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u)
  })
})

async function refusal(text: string): Promise<string> {
  try {
    await story.startWith(text)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  throw new Error('Rekey has started')
}

async function run(...args: string[]): Promise<{ status: number; text: string }> {
  const lines: string[] = []
  const status = await policy(args, story.env, (line) => lines.push(line))
  return { status, text: lines.join('\n') }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0)
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return String(port)
}
