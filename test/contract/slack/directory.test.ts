import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Member } from '../../../sandbox/slack/model.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { personId } from '../../../src/ids.ts'
import { Secret } from '../../../src/secret.ts'
import { webClient } from '../../../src/slack/api/client.ts'
import { slackLogger } from '../../../src/slack/api/logger.ts'
import { PatientClient } from '../../../src/slack/api/patient-client.ts'
import { type DirectoryDeps, SlackDirectory } from '../../../src/slack/directory/directory.ts'
import { Outsiders } from '../../../src/slack/directory/outsiders.ts'
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

describe('somebody whom Slack does not show', () => {
  it.each(['user_not_visible', 'user_not_found', 'user_is_bot'])(
    'is nobody, and the others of the group are who they are: %s',
    async (error) => {
      slack.workspace.directory.setGroup('S0LEADS', ['U0MIA', 'U0NOOR'])
      slack.faults.add({ method: 'users.info', kind: 'error', error, user: 'U0MIA', times: 100 })
      expect(await directory.person(personId('U0MIA'))).toBeUndefined()
      expect(await idsOf('S0LEADS')).toEqual(['U0NOOR'])
    },
  )

  it('is told from somebody whom there is not', async () => {
    slack.workspace.directory.setMember('U0MIA', { isHidden: true })
    expect(await directory.isHidden(personId('U0MIA'))).toBe(true)
    expect(await directory.isHidden(personId('U0NIL'))).toBe(false)
    expect(await directory.isHidden(personId('U0SAM'))).toBe(false)
  })

  it('leaves those who are written as the same person who they are', async () => {
    slack.workspace.directory.setMember('U0MIA', { isHidden: true })
    directory = directoryOf(['S0LEADS'], { samePerson: [['U0MIA', 'U0NOOR']] })
    expect(await groupsOf('U0NOOR')).toEqual(['S0LEADS'])
  })
})

describe('a long group', () => {
  it('has its members counted, wherever they stand in the list', async () => {
    slack.workspace.directory.setGroup('S0LEADS', [...guests(40), 'U0MIA', 'U0NOOR'])
    expect(await idsOf('S0LEADS')).toEqual(['U0MIA', 'U0NOOR'])
  })

  it('is read only until there are enough people: two accounts of one are one', async () => {
    const crowd = join(60, (number) => ({ email: `crowd${Math.floor(number / 2)}@acme.example` }))
    slack.workspace.directory.setGroup('S0LEADS', crowd)
    expect(await idsOf('S0LEADS')).toHaveLength(20)
    expect(infos()).toBe(20)
  })

  it('of guests is read once, within Slack’s rate; then a few of them are asked for again', async () => {
    slack.workspace.directory.setGroup('S0LEADS', [...guests(490), 'U0MIA', 'U0NOOR', 'U0PRIYA'])
    slack.faults.limitRate('users.info', 100, () => new Date(now))
    const began = now
    const outsiders = new Outsiders()
    const patient = new PatientClient({
      access: access(),
      logger,
      onWait: () => undefined,
      sleep: async (milliseconds) => pass(milliseconds / 1_000),
    })
    directory = directoryOf(['S0LEADS'], { client: patient, outsiders })
    const all = ['U0MIA', 'U0NOOR', 'U0PRIYA']
    expect(await idsOf('S0LEADS')).toEqual(all)
    expect(now - began).toBeLessThan(5 * 60_000)

    directory = directoryOf(['S0LEADS'], { outsiders })
    pass(60)
    const before = infos()
    expect(await idsOf('S0LEADS')).toEqual(all)
    expect(infos() - before).toBe(3)

    // By then the first of them are worth a look again.
    slack.workspace.directory.setMember('U0GUEST0', { isRestricted: false })
    pass(10 * 60)
    expect(await idsOf('S0LEADS')).toEqual([...all, 'U0GUEST0'])
    expect(infos() - before).toBe(3 + 3 + 20)
  })

  it('passes over one of whom Slack cannot be asked, where there are enough others', async () => {
    const crowd = join(12, (number) => ({ email: `crowd${number}@acme.example` }))
    slack.workspace.directory.setGroup('S0LEADS', crowd)
    slack.faults.add({ method: 'users.info', kind: 'http-500-before', user: 'U0CROWD3' })
    expect(await idsOf('S0LEADS')).toHaveLength(9)
    slack.workspace.directory.setGroup('S0LEADS', ['U0MIA', 'U0NOOR'])
    slack.faults.add({ method: 'users.info', kind: 'http-500-before', user: 'U0MIA' })
    pass(60)
    await expect(idsOf('S0LEADS')).rejects.toThrow('500')
  })

  it('is left alone when Slack asks for patience, or refuses', async () => {
    slack.workspace.directory.setGroup('S0LEADS', guests(200))
    slack.faults.add({ method: 'users.info', kind: 'rate-limit', user: 'U0GUEST15' })
    await expect(idsOf('S0LEADS')).rejects.toThrow(/rate-limit/)
    expect(infos()).toBe(20)
    slack.faults.add({ method: 'users.info', kind: 'error', error: 'missing_scope', times: 100 })
    await expect(idsOf('S0LEADS')).rejects.toThrow('missing_scope')
    // Those who were seen are known by now.
    expect(infos()).toBe(30)
  })

  const infos = () => slack.transcript.callsOf('users.info').length

  const guests = (many: number) => join(many, () => ({ isRestricted: true }), 'U0GUEST')

  /** @returns the ids of so many who are in the workspace from now on */
  function join(many: number, differ: (number: number) => Partial<Member>, prefix = 'U0CROWD') {
    const people = slack.workspace.directory
    const hana = people.memberOrThrow('U0HANA')
    const crowd = Array.from({ length: many }, (_, number) => {
      const id = `${prefix}${number}`
      return { ...hana, email: `${id}@acme.example`, ...differ(number), id }
    })
    people.members = [...people.members, ...crowd]
    return crowd.map(({ id }) => id)
  }
})

const logger = slackLogger(pino({ level: 'silent' }))

function access() {
  return {
    apiUrl: slack.apiUrl,
    botToken: new Secret(slack.botToken),
    appToken: new Secret(slack.appToken),
  }
}

function directoryOf(
  groups: readonly string[],
  differ: Partial<Omit<DirectoryDeps, 'samePerson'>> & { samePerson?: string[][] } = {},
): SlackDirectory {
  const { samePerson = [], ...more } = differ
  return new SlackDirectory({
    client: webClient(access(), 2_000, logger),
    teamId: slack.workspace.directory.homeTeam.id,
    groups: () => groups,
    samePerson: () => samePerson,
    now: () => new Date(now),
    outsiders: new Outsiders(),
    ...more,
  })
}

async function idsOf(group: string): Promise<string[]> {
  return (await directory.members([{ kind: 'group', id: group }])).map(({ id }) => id)
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
