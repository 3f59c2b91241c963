import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { personId } from '../../../src/ids.ts'
import { Secret } from '../../../src/secret.ts'
import { webClient } from '../../../src/slack/api/client.ts'
import { slackLogger } from '../../../src/slack/api/logger.ts'
import { SlackDirectory } from '../../../src/slack/directory/directory.ts'
import { start } from '../../sandbox/slack/bolt.ts'

let slack: SlackSandbox
let now: number
let directory: SlackDirectory

beforeEach(async () => {
  slack = await start()
  now = Date.parse('2026-05-01T10:00:00Z')
  directory = directoryOf(['S0SUPPORT', 'S0LEADS', 'S0SECURITY'])
})
afterEach(() => slack.close())

describe('who is in which user group', () => {
  it('is asked for all groups at once, and once in five seconds', async () => {
    expect(await Promise.all([groupsOf('U0SAM'), groupsOf('U0NOOR')])).toEqual([
      ['S0SUPPORT'],
      ['S0LEADS', 'S0SECURITY'],
    ])
    pass(4.9)
    await groupsOf('U0PRIYA')
    expect(lists()).toBe(1)
    pass(0.1)
    await groupsOf('U0PRIYA')
    expect(lists()).toBe(2)
  })

  it('is not asked where the policy names no group', async () => {
    directory = directoryOf([])
    expect(await groupsOf('U0SAM')).toEqual([])
    expect(lists()).toBe(0)
  })

  it('SE-04: is nobody where the group is disabled or gone', async () => {
    slack.workspace.directory.disableGroup('S0LEADS')
    directory = directoryOf(['S0LEADS', 'S0GONE'])
    expect(await groupsOf('U0NOOR')).toEqual([])
  })
})

describe('while Slack asks for patience', () => {
  beforeEach(async () => {
    await groupsOf('U0MIA')
    slack.workspace.directory.setGroup('S0LEADS', [])
  })

  it('SE-04: Slack is left alone, and what it said last counts for a minute, no longer', async () => {
    pass(5)
    slowDown(90)
    expect(await groupsOf('U0MIA')).toEqual(['S0LEADS'])
    pass(54.9)
    expect(await groupsOf('U0MIA')).toEqual(['S0LEADS'])
    pass(0.1)
    await expect(groupsOf('U0MIA')).rejects.toThrow(/rate-limit/)
    expect(lists()).toBe(2)
  })

  it('Slack is asked again when the time is over', async () => {
    pass(5)
    slowDown(10)
    await groupsOf('U0MIA')
    pass(10)
    expect(await groupsOf('U0MIA')).toEqual([])
    expect(lists()).toBe(3)
  })

  it('nothing is made up where Slack has said nothing yet', async () => {
    directory = directoryOf(['S0LEADS'])
    slowDown(10)
    await expect(groupsOf('U0MIA')).rejects.toThrow(/rate-limit/)
    await expect(groupsOf('U0MIA')).rejects.toThrow(/rate-limit/)
    expect(lists()).toBe(2)
  })

  it('no other failure is answered from memory', async () => {
    pass(5)
    slack.faults.add({ method: 'usergroups.list', kind: 'error', error: 'internal_error' })
    await expect(groupsOf('U0MIA')).rejects.toThrow('internal_error')
    expect(await groupsOf('U0MIA')).toEqual([])
  })
})

function directoryOf(groups: readonly string[]): SlackDirectory {
  const access = {
    apiUrl: slack.apiUrl,
    botToken: new Secret(slack.botToken),
    appToken: new Secret(slack.appToken),
  }
  return new SlackDirectory({
    client: webClient(access, 2_000, slackLogger(pino({ level: 'silent' }))),
    teamId: slack.workspace.directory.homeTeam.id,
    groups: () => groups,
    samePerson: () => [],
    now: () => new Date(now),
  })
}

async function groupsOf(id: string) {
  return (await directory.person(personId(id)))?.groups
}

function pass(seconds: number): void {
  now += seconds * 1_000
}

function slowDown(retryAfterSeconds: number): void {
  slack.faults.add({ method: 'usergroups.list', kind: 'rate-limit', retryAfterSeconds })
}

function lists(): number {
  return slack.transcript.callsOf('usergroups.list').length
}
