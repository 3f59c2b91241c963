// biome-ignore-all lint/style/noExcessiveLinesPerFile: everything that can be named in vain, in the same world

/** What a policy names in vain, and quorums that nobody could meet. Others have looked: here are their findings. */

import { describe, expect, test } from 'vitest'
import { pathName } from '../../../src/policy/fault.ts'
import {
  type ChannelState,
  type Findings,
  type FoundPerson,
  findingFaults,
  missingRights,
  type PoolState,
} from '../../../src/policy/references.ts'
import { someone } from '../../support/examples.ts'
import { parts, policyOf } from './policies.ts'

const sam = someone('U0SAM', ['S0SUPPORT'])
const ada = someone('U0ADA', ['S0LEADS'])
const grace = someone('U0GRACE')
const mary = someone('U0MARY', ['S0SECURITY'])
const max = someone('U0MAX', ['S0SECURITY'])
const left = someone('U0LEFT', ['S0LEADS'], false)

const tooFew = 'Write a lower number, or name more approvers'

test('nothing is wrong where everything is there', () => {
  expect(faults()).toEqual([])
})

describe('a channel', () => {
  test.each<[ChannelState, string]>([
    ['unknown', 'is no channel that Rekey can see: write the id of one, and invite Rekey to it'],
    ['not-in-channel', 'is a channel that Rekey is not in: invite it with /invite'],
    ['archived', 'is an archived channel: write another, or unarchive it'],
    [
      'shared',
      'is shared with another organization, whose people could read and press everything: write a channel that is not',
    ],
    [
      'public',
      'is public, so everybody in the workspace could read whose account is recovered, and how: make it private, or write a channel that is',
    ],
  ])('that is %s', (state, problem) => {
    expect(faults({ channels: channels({ C0AUDIT: state }) })).toEqual([
      `channels.audit is C0AUDIT, which ${problem}`,
    ])
  })

  test('that was not found is one that Rekey cannot see', () => {
    expect(faults({ channels: new Map() })).toEqual([
      expect.stringMatching(/^channels\.approvals is C0APPROVE, which is no channel/),
      expect.stringMatching(/^channels\.audit is C0AUDIT, which is no channel/),
    ])
  })

  test('for alerts is told of by its own name, where it is one of its own', () => {
    const own = { channels: { ...parts().channels, alerts: 'C0ALERTS' } }
    expect(faults({ channels: channels({ C0ALERTS: 'fine' }) }, own)).toEqual([])
    expect(faults({ channels: channels({ C0ALERTS: 'public' }) }, own)).toEqual([
      expect.stringMatching(/^channels\.alerts is C0ALERTS, which is public/),
    ])
    expect(faults({ channels: channels({ C0APPROVE: 'public' }) })).toHaveLength(1)
  })
})

describe('a pool', () => {
  test.each<[PoolState | undefined, string[]]>([
    ['unknown', ['is no user pool in its region: write the id of one']],
    [undefined, ['is no user pool in its region: write the id of one']],
    [
      'forbidden',
      [
        'is a user pool that Rekey’s AWS identity may not describe: grant cognito-idp:DescribeUserPool on it',
      ],
    ],
    ['unreachable', []],
  ])('that is %s', (state, problems) => {
    const pools = new Map(state && [['customers', state]])
    expect(faults({ pools })).toEqual(
      problems.map((problem) => `pools.customers.userPoolId ${problem}`),
    )
  })
})

describe('a person', () => {
  const named = { requesters: ['U0SAM', 'U0LEFT'], samePerson: [['U0SAM', 'U0LEFT']] }

  test('who is no member may do nothing', () => {
    expect(faults({}, named)).toEqual([
      'requesters[1] is U0LEFT, who is no full member of the workspace: guests, bots and people who have left may do nothing, so write another',
    ])
  })

  test('whom Slack does not know is nobody, and the same as nobody', () => {
    expect(faults({ people: people(sam, grace) }, named)).toEqual([
      'requesters[1] is U0LEFT, whom Slack does not know: write the id of a member',
      'samePerson[0][1] is U0LEFT, whom Slack does not know: write the id of an account',
    ])
  })
})

describe('somebody whom Slack does not show', () => {
  const named = { requesters: ['U0SAM', 'U0LEFT'], samePerson: [['U0SAM', 'U0LEFT']] }
  const hidden = () => new Map<string, Found>(people(sam, grace)).set('U0LEFT', 'not-visible')

  test('is told of where they are written', () => {
    expect(faults({ people: hidden() }, named)).toEqual([
      'requesters[1] is U0LEFT, whom Slack does not show to Rekey: write the id of a member whom it does',
      'samePerson[0][1] is U0LEFT, whom Slack does not show to Rekey: write the id of an account that it does',
    ])
  })

  test('is nobody who could approve', () => {
    const tiers = [parts().tiers[0], { ...parts().tiers[1], approvers: ['U0LEFT'] }]
    expect(faults({ people: hidden() }, { tiers })).toEqual([
      expect.stringMatching(/^tiers\[1\]\.approvers\[0\] is U0LEFT, whom Slack does not show/),
      expect.stringMatching(/^tiers\[1\]\.approvals can’t be met: only 0 people could approve/),
    ])
  })
})

describe('what could not be looked at', () => {
  test('is no fault of the policy’s, and no quorum is counted over it', () => {
    const unchecked = {
      people: new Map<string, Found>([
        ['U0SAM', 'unchecked'],
        ['U0GRACE', 'unchecked'],
      ]),
      groups: new Map(
        Object.keys(Object.fromEntries(groups())).map((id) => [id, 'unchecked'] as const),
      ),
      channels: channels({ C0AUDIT: 'unchecked', C0APPROVE: 'unchecked' }),
    }
    const unknown = { samePerson: [['U0SAM', 'U0ELSE']] }
    expect(faults(unchecked, unknown)).toEqual([expect.stringMatching(/^samePerson\[0\]\[1\]/)])
    const tiers = [parts().tiers[0], { ...parts().tiers[1], approvers: ['U0SAM'], approvals: 1 }]
    expect(faults(unchecked, { tiers })).toEqual([])
  })
})

describe('what Rekey may not ask Slack', () => {
  test('is nothing, where nothing is missing', () => {
    expect(missingRights({ scopes: [], refusals: [] })).toEqual([])
  })

  test('is told of by its scopes, and by what to press', () => {
    expect(missingRights({ scopes: ['users:read.email'], refusals: [] })).toEqual([
      'the Slack app lacks the bot scope users:read.email: at api.slack.com/apps, under OAuth & Permissions, add it to “Bot Token Scopes”, then press “Reinstall to Workspace”',
    ])
    expect(missingRights({ scopes: ['users:read', 'groups:read'], refusals: [] })).toEqual([
      expect.stringMatching(/lacks the bot scopes users:read, groups:read: .*, add them to/),
    ])
  })

  test.each([
    ['enterprise_is_restricted', 'install the app in the workspace itself'],
    ['not_allowed_token_type', 'set SLACK_BOT_TOKEN to the Bot User OAuth Token'],
    ['something_else', 'ask a workspace admin to approve the app with all scopes of manifest.yml'],
  ])('is told of once by Slack’s name for it: %s', (error, advice) => {
    const refusal = { method: 'users.info', error }
    const [line = '', ...more] = missingRights({ scopes: [], refusals: [refusal, refusal] })
    expect(line).toContain(`Slack refuses users.info to Rekey (${error}): ${advice}`)
    expect(more).toEqual([])
  })
})

describe('a user group', () => {
  test.each([
    ['that is none', undefined, 'which is no user group: write the id of one'],
    [
      'that is disabled',
      { enabled: false, members: [mary] },
      'a user group that is disabled: enable it, or write another',
    ],
    [
      'without people',
      { enabled: true, members: [] },
      'a user group without a full member: add people to it, or write another',
    ],
    [
      'of people who have left',
      { enabled: true, members: [left] },
      'a user group without a full member: add people to it, or write another',
    ],
  ])('%s', (_, group, problem) => {
    const found = new Map(groups())
    if (group === undefined) found.delete('S0SUPPORT')
    else found.set('S0SUPPORT', group)
    expect(faults({ groups: found })).toEqual([`requesters[0] is S0SUPPORT, ${problem}`])
  })

  test('is not there on a plan that has none', () => {
    expect(faults({ groupsInPlan: false })).toEqual(
      ['requesters[0]', 'security[0]', 'tiers[0].approvers[0]', 'tiers[1].approvers[0]'].map(
        (place, index) =>
          `${place} is ${['S0SUPPORT', 'S0SECURITY', 'S0SECURITY', 'S0LEADS'][index]}, but this Slack plan has no user groups: name people, U…`,
      ),
    )
  })

  test('of which one is a member is enough', () => {
    const mixed = new Map(groups()).set('S0SUPPORT', { enabled: true, members: [left, sam] })
    expect(faults({ groups: mixed })).toEqual([])
  })
})

describe('a tier', () => {
  test('is told of each list by its place', () => {
    const tier = (differs: object) => ({
      tiers: [parts().tiers[0], { ...parts().tiers[1], ...differs }],
    })
    const nobody = 'whom Slack does not know: write the id of a member'
    expect(faults({}, tier({ approvers: ['S0LEADS', 'U0GRACE', 'U0NOBODY'] }))).toEqual([
      `tiers[1].approvers[2] is U0NOBODY, ${nobody}`,
    ])
    expect(faults({}, tier({ escalation: { to: ['U0NOBODY'], after: '15m' } }))).toEqual([
      `tiers[1].escalation.to[0] is U0NOBODY, ${nobody}`,
    ])
    const from = ['S0LEADS', 'U0NOBODY']
    expect(faults({}, tier({ approvers: undefined, from, approvals: 2 }))).toEqual([
      `tiers[1].approvers[1] is U0NOBODY, ${nobody}`,
      `tiers[1].approvals can’t be met: only 1 person could approve. ${tooFew}`,
    ])
    expect(faults({}, tier({ approvers: ['U0GRACE', ...from], from, approvals: 2 }))).toEqual([
      `tiers[1].approvers[2] is U0NOBODY, ${nobody}`,
      `tiers[1].from[1] is U0NOBODY, ${nobody}`,
      `tiers[1].approvals can’t be met: only 2 people could approve. ${tooFew}`,
    ])
  })
})

describe('a Cognito group', () => {
  const pools = {
    customers: { userPoolId: 'us-west-2_aaaaaaaaa' },
    staff: { userPoolId: 'us-west-2_bbbbbbbbb' },
    trial: { userPoolId: 'us-west-2_ccccccccc' },
  }
  const when = { groups: ['root', 'admins'], pools: ['customers', 'staff'] }
  const written = { pools, tiers: [{ ...parts().tiers[0], when }, parts().tiers[1]] }
  const fine = new Map<string, PoolState>([
    ['customers', 'fine'],
    ['staff', 'fine'],
    ['trial', 'fine'],
  ])
  const found = (customers: PoolState, staff: PoolState, trial: PoolState = 'unknown') => ({
    pools: fine,
    cognitoGroups: [
      { pool: 'customers', group: 'root', state: 'fine' as const },
      { pool: 'customers', group: 'admins', state: customers },
      { pool: 'staff', group: 'admins', state: staff },
      { pool: 'trial', group: 'admins', state: trial },
    ],
  })
  const place = 'tiers[0].when.groups[1] is "admins", which'

  test.each<[PoolState, PoolState, string[]]>([
    ['fine', 'unknown', []],
    ['unknown', 'fine', []],
    ['unknown', 'unreachable', []],
    [
      'unknown',
      'unknown',
      ['is no group in customers or staff: write it as Cognito has it, capitals included'],
    ],
    [
      'unknown',
      'forbidden',
      [
        'Rekey’s AWS identity may not look up in customers or staff: grant cognito-idp:GetGroup there',
      ],
    ],
    ['fine', 'forbidden', []],
  ])('that is %s in one pool and %s in another', (customers, staff, problems) => {
    expect(faults(found(customers, staff), written)).toEqual(
      problems.map((problem) => `${place} ${problem}`),
    )
  })

  test('is not taken for that of a pool that the tier is not about', () => {
    expect(faults(found('unknown', 'unknown', 'fine'), written)).toHaveLength(1)
    expect(faults(found('unreachable', 'unreachable', 'forbidden'), written)).toEqual([])
  })

  test('is not missed in a pool that is not there', () => {
    const { cognitoGroups } = found('unknown', 'unknown')
    const one = new Map(fine).set('staff', 'unreachable')
    expect(faults({ pools: one, cognitoGroups }, written)).toEqual([
      `${place} is no group in customers: write it as Cognito has it, capitals included`,
    ])
    const none = new Map(one).set('customers', 'unreachable')
    expect(faults({ pools: none, cognitoGroups }, written)).toEqual([])
  })
})

describe('a quorum', () => {
  const tier = (differs: object) => ({
    tiers: [parts().tiers[0], { ...parts().tiers[1], ...differs }],
  })

  const asking = ' when one of them is the requester'

  test.each<[string, object, string[]]>([
    ['of two, with two', { approvers: ['S0LEADS', 'U0GRACE'], approvals: 2 }, []],
    [
      'of three, with two and one who has left',
      { approvers: ['S0LEADS', 'U0MAX'], approvals: 3 },
      ['2 people could approve'],
    ],
    ['of two, with one', { approvers: ['S0LEADS'], approvals: 2 }, ['1 person could approve']],
    [
      'of one, with the requester alone',
      { approvers: ['U0SAM'] },
      [`0 people could approve${asking}`],
    ],
    [
      'of two, with the requester and another',
      { approvers: ['U0SAM', 'U0GRACE'], approvals: 2 },
      [`1 person could approve${asking}`],
    ],
    [
      'of two, with the requester and two others',
      { approvers: ['U0SAM', 'U0GRACE', 'S0LEADS'], approvals: 2 },
      [],
    ],
    [
      'of one each, with one and a group that has another',
      { approvers: undefined, from: ['U0MARY', 'S0SECURITY'], approvals: 2 },
      [],
    ],
    [
      'of one each, with one who stands for both',
      { approvers: ['U0GRACE', 'U0ADA', 'S0LEADS'], from: ['U0ADA', 'S0LEADS'], approvals: 2 },
      ['2 people could approve'],
    ],
  ])('%s', (_, differs, problems) => {
    expect(faults({}, tier(differs))).toEqual(
      problems.map((problem) => `tiers[1].approvals can’t be met: only ${problem}. ${tooFew}`),
    )
  })

  test('counts two accounts of one person once', () => {
    const two = { ...tier({ approvers: ['S0LEADS', 'U0GRACE'], approvals: 2 }) }
    expect(faults({}, { ...two, samePerson: [['U0ADA', 'U0GRACE']] })).toEqual([
      `tiers[1].approvals can’t be met: only 1 person could approve. ${tooFew}`,
    ])
  })
})

type Found = NonNullable<ReturnType<Findings['people']['get']>>

/** What is wrong with a policy that differs so, in a world that differs so. */
function faults(world: Partial<Findings> = {}, policy: object = {}): string[] {
  const read = policyOf(JSON.stringify({ ...parts(), ...policy }))
  const found: Findings = {
    people: people(sam, ada, grace, mary, max, left),
    groups: groups(),
    groupsInPlan: true,
    channels: channels(),
    pools: new Map([['customers', 'fine']]),
    cognitoGroups: [{ pool: 'customers', group: 'admins', state: 'fine' }],
    ...world,
  }
  return findingFaults(read, found).map(({ path, problem }) => `${pathName(path)} ${problem}`)
}

function people(...all: readonly FoundPerson[]) {
  return new Map(all.map((person) => [person.id as string, person]))
}

function groups() {
  return new Map([
    ['S0SUPPORT', { enabled: true, members: [sam] }],
    ['S0LEADS', { enabled: true, members: [ada, left] }],
    ['S0SECURITY', { enabled: true, members: [mary, max] }],
  ])
}

function channels(differ: Readonly<Record<string, ChannelState>> = {}) {
  const all: Readonly<Record<string, ChannelState>> = {
    C0APPROVE: 'fine',
    C0AUDIT: 'fine',
    ...differ,
  }
  return new Map(Object.entries(all))
}
