/** What Slack does not let Rekey ask, whom it does not show, and what it has no time for. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../sandbox/slack/faults.ts'
import { policy } from '../../src/cli/policy.ts'
import { policyWith, sandboxTiers } from '../support/policies.ts'
import { approve, ask } from '../support/story/interactions.ts'
import { cardSays, messageSaying } from '../support/story/reading.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await beginStory()
})
afterEach(() => story.end())

const [, , standard] = sandboxTiers().tiers

const asked = [
  ['users.info', 'users:read'],
  ['users.lookupByEmail', 'users:read.email'],
  ['usergroups.list', 'usergroups:read'],
  ['conversations.info', 'groups:read'],
] as const

const whatToPress =
  'at api.slack.com/apps, under OAuth & Permissions, add it to “Bot Token Scopes”, then press “Reinstall to Workspace”'

describe('a right that is missing', () => {
  it.each(['users:read', 'users:read.email', 'usergroups:read', 'groups:read', 'chat:write'])(
    'keeps Rekey from starting, with the scope and what to press: %s',
    async (scope) => {
      lose(scope)
      const line = `the Slack app lacks the bot scope ${scope}: ${whatToPress}`
      expect(await refusal(policyWith({}))).toContain(line)
      expect(await check()).toMatchObject({ status: 1, text: expect.stringContaining(line) })
    },
  )

  it('keeps nobody from hearing of what else is wrong', async () => {
    lose('users:read.email')
    const file = policyWith({
      security: ['U0NIL'],
      channels: { approvals: 'C0NIL', audit: 'C0AUDIT' },
    })
    const said = await refusal(file)
    expect(said).toContain('users:read.email')
    expect(said).toContain('security[0] is U0NIL')
    expect(said).toContain('channels.approvals is C0NIL')
  })

  it.each(asked)('shows by asking, too: %s', async (method, scope) => {
    story.slack.faults.add({ method, kind: 'error', error: 'missing_scope', times: 1_000 })
    expect(await refusal(policyWith({}))).toMatch(
      new RegExp(`lacks the bot scopes? (\\S+ )?${scope}: .*Reinstall to Workspace`),
    )
  })

  it('is that of the channels that Rekey posts to, of all that Slack would take', async () => {
    const more = { needed: 'channels:read,groups:read,mpim:read,im:read' }
    const fault: Fault = {
      method: 'conversations.info',
      kind: 'error',
      error: 'missing_scope',
      more,
    }
    story.slack.faults.add({ ...fault, times: 1_000 })
    expect(await refusal(policyWith({}))).toContain('the bot scopes channels:read, groups:read: ')
    lose('groups:read')
    expect(await refusal(policyWith({}))).toContain('the bot scope groups:read: ')
  })

  it.each([...asked.map(([method]) => method), 'auth.test'])(
    'is told of by Slack’s own name where it is no scope: %s',
    async (method) => {
      const error = 'enterprise_is_restricted'
      story.slack.faults.add({ method, kind: 'error', error, times: 1_000 })
      const said = await refusal(policyWith({}))
      expect(said).toContain(`Slack refuses ${method}`)
      expect(said).toContain(error)
      expect(said).toMatch(/install the app in the workspace itself/)
      expect(said).not.toMatch(/whom Slack does not know|can’t be met|which is no/)
    },
  )

  it('keeps another policy out of force, and the one before goes on', async () => {
    await story.startWith(policyWith({}))
    lose('users:read.email')
    await expect(story.reload(policyWith({ requestExpiresAfter: '20m' }))).rejects.toThrow(
      'the bot scope users:read.email',
    )
    story.slack.workspace.scopes = [...story.slack.workspace.scopes, 'users:read.email']
    await approve(story, story.mia, await ask(story, story.sam, 'jane@example.com'))
  })

  // Rekey has to be stopped for another to be started.
  beforeEach(() => story.stopRekey())

  function lose(scope: string): void {
    const { workspace } = story.slack
    workspace.scopes = workspace.scopes.filter((each) => each !== scope)
  }
})

describe('somebody whom Slack does not show', () => {
  const hide = (id: string) => story.slack.workspace.directory.setMember(id, { isHidden: true })

  it('is told of by the line where they are written', async () => {
    await story.stopRekey()
    hide('U0HANA')
    const said = await refusal(policyWith({ requesters: ['S0SUPPORT', 'U0HANA'] }))
    expect(said).toMatch(
      /policy.yml:\d+:\d+ requesters\[1\] is U0HANA, whom Slack does not show to Rekey: write/,
    )
    expect(said).not.toContain('S0SUPPORT')
  })

  it('keeps nobody else of their group from asking and deciding', async () => {
    await story.stopRekey()
    story.slack.workspace.directory.setGroup('S0LEADS', ['U0HANA', 'U0MIA', 'U0NOOR'])
    hide('U0HANA')
    await story.startWith(policyWith({}))
    const card = await ask(story, story.sam, 'jane@example.com')
    await approve(story, story.mia, card)
    await cardSays(story, card, 'signed out everywhere')
  })
})

describe('a group that begins with many who may do nothing', () => {
  it('has its members counted at the start, on a reload and at every request', async () => {
    await story.stopRekey()
    const { directory } = story.slack.workspace
    const hana = directory.memberOrThrow('U0HANA')
    const guests = Array.from({ length: 500 }, (_, number) => `U0GUEST${number}`)
    directory.members = [
      ...directory.members,
      ...guests.map((id) => ({ ...hana, id, email: `${id}@acme.example`, isRestricted: true })),
    ]
    directory.setGroup('S0LEADS', [...guests, 'U0MIA', 'U0NOOR'])
    const tiers = { tiers: [{ ...standard, approvers: ['S0LEADS'], approvals: 2 }] }
    await story.startWith(policyWith(tiers))
    await story.reload(policyWith({ ...tiers, requestExpiresAfter: '20m' }))
    const infos = () => story.slack.transcript.callsOf('users.info').length
    const before = infos()
    const card = await ask(story, story.sam, 'jane@example.com')
    expect(story.mia.read(card)).toContain('Jane')
    // They were counted when the policy was checked.
    expect(infos() - before).toBeLessThan(30)
  })
})

describe('Slack without time', () => {
  const methods = ['auth.test', ...asked.map(([method]) => method)]
  const wait = { retryAfterSeconds: 1 }

  beforeEach(() => story.stopRekey())

  it.each<[string, Fault]>([
    ['asks for patience', { kind: 'rate-limit', ...wait }],
    ['is unavailable', { kind: 'http-status', status: 503, ...wait }],
  ])('is waited for at the start, and the log says so: it %s', async (_, fault) => {
    for (const method of methods) story.slack.faults.add({ ...fault, method })
    await story.startWith(policyWith({}))
    for (const method of methods) {
      const said = new RegExp(`"method":"${method}","seconds":1,"because":"(ratelimited|http_503)"`)
      expect(story.logged()).toMatch(said)
    }
    expect(await story.readiness()).toBe('ready\n')
  })

  it('is waited for by npm run policy, which says so', async () => {
    for (const method of methods) story.slack.faults.add({ kind: 'rate-limit', ...wait, method })
    const { status, text } = await check()
    expect(status).toBe(0)
    for (const method of methods)
      expect(text).toContain(`Slack can't answer ${method} yet (ratelimited). Asking again in 1 s.`)
  })

  it('is waited for on a reload', async () => {
    await story.startWith(policyWith({}))
    for (const method of methods) story.slack.faults.add({ kind: 'rate-limit', ...wait, method })
    await story.reload(policyWith({ requestExpiresAfter: '20m' }))
    await messageSaying(story, story.mia, '#account-approvals', 'The policy changed')
  })

  it('is not taken for a refusal of the token, nor a refusal for it', async () => {
    story.slack.faults.add({ method: 'auth.test', kind: 'error', error: 'token_revoked' })
    expect(await refusal(policyWith({}))).toContain(
      'Slack does not accept SLACK_BOT_TOKEN (token_revoked)',
    )
    const times = { retryAfterSeconds: 900 }
    story.slack.faults.add({ method: 'auth.test', kind: 'rate-limit', ...times })
    const said = await refusal(policyWith({}))
    expect(said).toContain('Slack takes no auth.test for another 900 s')
    expect(said).not.toContain('TOKEN')
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

/** `npm run policy -- check` of the sandbox's policy. */
async function check(): Promise<{ status: number; text: string }> {
  const file = join(story.folder, 'checked.yml')
  writeFileSync(file, policyWith({}))
  const lines: string[] = []
  const status = await policy(['check', '--file', file], story.env, (line) => lines.push(line))
  return { status, text: lines.join('\n') }
}
