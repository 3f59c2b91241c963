// biome-ignore-all lint/style/noExcessiveLinesPerFile: every kind of fault, in the same small policy

/** How the parts of a policy fit together. What cannot be read is skipped: its form has been told of already. */

import { describe, expect, test } from 'vitest'
import { consistencyFaults } from '../../../src/policy/consistency.ts'
import { pathName } from '../../../src/policy/fault.ts'
import { parts } from './policies.ts'

const [privileged, standard] = parts().tiers as [Tier, Tier]
const [check] = parts().identityChecks

type Tier = ReturnType<typeof parts>['tiers'][number]

/** The places of all faults of a policy that differs so. */
function places(differs: object = {}): string[] {
  return consistencyFaults({ ...parts(), ...differs }).map(({ path }) => pathName(path))
}

function faults(differs: object): string[] {
  return consistencyFaults({ ...parts(), ...differs }).map(
    ({ path, problem }) => `${pathName(path)} ${problem}`,
  )
}

/** A policy whose last tier differs so. */
const last = (differs: object) => ({ tiers: [privileged, { ...standard, ...differs }] })
/** A policy with this tier before the others. */
const first = (tier: object) => ({ tiers: [{ ...standard, ...tier }, privileged, standard] })

describe('what makes no sense as a policy', () => {
  test.each([[undefined], [null], [7], ['policy'], [[]], [{}]])('%j has no faults here', (data) => {
    expect(consistencyFaults(data)).toEqual([])
  })

  test.each(
    Object.keys(parts()).flatMap((key) => [
      [key, 7],
      [key, null],
      [key, [7]],
      [key, { a: 7 }],
      [key, [{}]],
    ]),
  )('%s may be %j', (key, value) => {
    expect(() => consistencyFaults({ ...parts(), [key as string]: value })).not.toThrow()
  })

  test('hides nothing of the rest', () => {
    expect(places({ channels: 7, ...last({ name: 'privileged' }) })).toEqual(['tiers[1].name'])
    expect(places({ tiers: [7, { ...standard, approvals: 3, approvers: ['U0ADA'] }] })).toEqual([
      'tiers[1].approvals',
    ])
    expect(places({ pools: 7, channels: { approvals: 'C0A', audit: 'C0A' } })).toEqual([
      'channels.audit',
    ])
  })
})

describe('channels', () => {
  test.each([
    [{ approvals: 'C0A', audit: 'C0B' }, []],
    [{ approvals: 'C0A', audit: 'C0A' }, ['channels.audit']],
    [{ approvals: 'C0A', audit: 'C0B', alerts: 'C0B' }, []],
    [{ approvals: 'C0A' }, []],
    [{ audit: 'C0A' }, []],
    [{}, []],
    [{ approvals: 7, audit: 7 }, []],
  ])('%j', (channels, expected) => {
    expect(places({ channels })).toEqual(expected)
  })
})

describe('the tier that takes every account', () => {
  test.each<[string, object[], string[]]>([
    ['is the last', [privileged, standard], []],
    ['may be the only one', [standard], []],
    ['is none', [privileged], ['tiers[0].when']],
    [
      'stands in the middle',
      [privileged, standard, { ...privileged, name: 'x' }],
      ['tiers[1]', 'tiers[2].when', 'tiers[2].when'],
    ],
    [
      'stands before the last, which does too',
      [standard, { ...standard, name: 'x' }],
      ['tiers[0]'],
    ],
  ])('%s', (_, tiers, expected) => {
    expect(places({ tiers }).filter((place) => !place.endsWith('name'))).toEqual(expected)
  })
})

describe('a tier behind one that takes all of its accounts', () => {
  const pools = {
    customers: { userPoolId: 'us-west-2_a' },
    staff: { userPoolId: 'us-west-2_b' },
  }
  const ofBoth = (one: object, other: object) =>
    places({
      pools,
      tiers: [
        { ...privileged, name: 'one', when: one },
        { ...privileged, name: 'other', when: other },
        standard,
      ],
    })

  test.each<[object, object, boolean]>([
    [{ groups: ['a'] }, { groups: ['a'] }, true],
    [{ groups: ['a', 'b'] }, { groups: ['b'] }, true],
    [{ groups: ['a'] }, { groups: ['a', 'b'] }, false],
    [{ groups: ['a'] }, { pools: ['staff'] }, false],
    [{ pools: ['staff'] }, { groups: ['a'] }, false],
    [{ pools: ['staff'] }, { pools: ['staff'] }, true],
    [{ pools: ['staff', 'customers'] }, { groups: ['a'] }, true],
    [{ groups: ['a'] }, { groups: ['a'], pools: ['staff'] }, true],
    [{ groups: ['a'], pools: ['staff'] }, { groups: ['a'] }, false],
    [{ changedWithin: '2h' }, { changedWithin: '1h' }, true],
    [{ changedWithin: '2h' }, { changedWithin: '2h' }, true],
    [{ changedWithin: '1h' }, { changedWithin: '2h' }, false],
    [{ groups: ['a'] }, { groups: ['a'], changedWithin: '2h' }, true],
    // Nobody knows which accounts it takes.
    [{ groups: 7 }, { groups: ['a'] }, false],
    [{ groups: ['a'] }, { groups: 7 }, false],
    [{}, { groups: ['a'] }, false],
    [{ groups: ['a'] }, {}, false],
    [{ changedWithin: 'soon' }, { changedWithin: '1h' }, false],
    [{ changedWithin: '1h' }, { changedWithin: 'soon' }, false],
  ])('%j, and then %j: %s', (one, other, covered) => {
    expect(ofBoth(one, other)).toEqual(covered ? ['tiers[1].when'] : [])
  })

  test('is told of the first that does, by its name', () => {
    const when = { groups: ['admins'] }
    expect(faults({ tiers: [privileged, { ...privileged, name: 'a', when }, standard] })).toEqual([
      'tiers[1].when holds only for accounts that the tier "privileged" above it takes: move it above that one, or remove it',
    ])
    const unnamed = { ...privileged, name: 7 }
    expect(faults({ tiers: [unnamed, { ...privileged, name: 'a', when }, standard] })[0]).toContain(
      'that the tier "" above it takes',
    )
  })
})

describe('a tier that accounts get into by a change', () => {
  const lax = (fresh: object, strict: object = {}) =>
    faults({
      identityChecks: [check, { ...check, id: 'video' }],
      tiers: [
        { ...privileged, name: 'fresh', when: { changedWithin: '72h' }, ...fresh },
        { ...privileged, ...strict },
        { ...standard, approvals: 1 },
      ],
    })
  const less = (what: string) =>
    `tiers[0].when.changedWithin takes accounts from the tier "privileged" below it as soon as they are changed, and asks for less (${what}): move it below that one, or ask for as much`

  test.each<[string, object, object, string[]]>([
    ['asks for as much', {}, {}, []],
    ['asks for more', { approvals: 3, privileged: true }, {}, []],
    ['asks for fewer approvals', { approvals: 1 }, {}, [less('not for 2 approvals')]],
    ['lets the name go untyped', {}, { privileged: true }, [less('not for the name to be typed')]],
    [
      'spares one of each',
      { from: ['S0SECURITY'], approvals: 3 },
      { from: ['S0SECURITY', 'S0HEADS', 'S0LEADS'], approvals: 3, approvers: undefined },
      [less('not for one of S0HEADS, S0LEADS')],
    ],
    [
      'has other methods',
      { methods: ['reset', 'temporary-password', 'resend-invitation'] },
      {},
      [less('takes temporary-password, resend-invitation')],
    ],
    [
      'takes other checks',
      { identityChecks: ['callback', 'video'] },
      { identityChecks: ['callback'] },
      [less('takes the check video')],
    ],
    ['takes every check', {}, { identityChecks: ['video'] }, [less('takes the check callback')]],
    [
      'does several of these',
      { approvals: 1, methods: ['reset', 'temporary-password'] },
      { privileged: true },
      [less('not for 2 approvals; not for the name to be typed; takes temporary-password')],
    ],
    ['has no number of approvals', { approvals: 'few' }, {}, []],
    ['is not for changed accounts', { approvals: 1, when: { groups: ['x'] } }, {}, []],
    [
      'is for changed accounts, though nobody knows which',
      { approvals: 1, when: { changedWithin: 'soon' } },
      {},
      [],
    ],
  ])('%s', (_, fresh, strict, expected) => {
    expect(lax(fresh, strict).filter((fault) => !fault.includes('approvers'))).toEqual(expected)
  })

  test('takes none of the accounts of other pools', () => {
    const pools = {
      customers: { userPoolId: 'us-west-2_a' },
      staff: { userPoolId: 'us-west-2_b' },
      trial: { userPoolId: 'us-west-2_c' },
    }
    const ofPools = (fresh: string[], strict: string[]) =>
      places({
        pools,
        tiers: [
          { ...standard, name: 'fresh', when: { changedWithin: '72h', pools: fresh } },
          { ...privileged, when: { pools: strict } },
          { ...standard, methods: ['reset', 'temporary-password'] },
        ],
      })
    expect(ofPools(['staff'], ['customers'])).toEqual([])
    expect(ofPools(['staff', 'trial'], ['customers', 'staff'])).toEqual([
      'tiers[0].when.changedWithin',
    ])
  })
})

describe('what a caller can have bought or looked up', () => {
  test.each([
    ...[
      'Birthplace',
      'DOB',
      'D.O.B.',
      'dob?',
      'her do.b',
      'Maiden name',
      'Grandmother',
      'MOTHER’S name',
    ],
    ...['Security question', 'security answer', 'Secret question', 'secret answer', 'secret word'],
    ...[
      'A memorable date',
      'PIN',
      'two pins',
      'Passphrase',
      'passcode',
      'last four digits',
      'Last 4',
    ],
    ...[
      'last three',
      'the last 3 of it',
      'Social security number',
      'SSN',
      'Name of a pet',
      'Favourite food',
    ],
    ...[
      'favorite colour',
      'ZIP code',
      'zipcode',
      'Post code',
      'postcode',
      'postal code',
      'Postalcode',
    ],
    ...['Home address', 'Employee id', 'employee number', 'Knows the answer', 'know their team'],
    ...['knows her boss', 'know his boss', 'Geburtsort', 'MÄDCHENNAME', 'Lieu de naissance'],
    ...['Nom de jeune fille', 'Fecha de nacimiento', 'Data di nascita', 'Data de nascimento'],
    ...['Apellido de soltera'],
  ])('%s', (label) => {
    expect(places({ identityChecks: [{ ...check, label }] })).toEqual(['identityChecks[0].label'])
  })

  test.each([
    ...[
      'Called back on the number on file',
      'The adobe account',
      'dobro',
      'Motherboard',
      'Security guard',
    ],
    ...[
      'secret santa',
      'pinned message',
      'spin',
      'pint',
      'the last 45 calls',
      'last foursome',
      'last five',
    ],
    ...[
      'assn',
      'ssns',
      'carpet',
      'petty cash',
      'code',
      'Employee badge',
      'Knowledge base',
      'Known to us',
    ],
    ...['The zip archive', 'Home office', 'last 30 calls', 'Social worker'],
  ])('not %s', (label) => {
    expect(places({ identityChecks: [{ ...check, label }] })).toEqual([])
  })

  test('is looked for in each thing that people read', () => {
    const pin = { source: 'PIN', options: ['Contract', 'PIN'] }
    expect(places({ identityChecks: [{ ...check, evidence: pin }] })).toEqual([
      'identityChecks[0].evidence.source',
      'identityChecks[0].evidence.options[1]',
    ])
    const reference = { reference: 'PIN', pattern: '\\d+', example: '12' }
    expect(places({ identityChecks: [check, { ...check, id: 'x', evidence: reference }] })).toEqual(
      ['identityChecks[1].evidence.reference'],
    )
    expect(places({ identityChecks: [{ id: 'x', label: 'PIN' }] })).toEqual([
      'identityChecks[0].label',
    ])
  })
})

describe('a form', () => {
  const reference = { reference: 'Call record', pattern: 'CALL-\\d+', example: 'CALL-12' }
  const told = (form: object, evidence = { ...reference, ...form }) => [
    ...places({ ticket: { pattern: 'CALL-\\d+', example: 'CALL-12', ...form } }),
    ...places({ identityChecks: [{ ...check, evidence }] }),
  ]
  const both = (key: string) => [`ticket.${key}`, `identityChecks[0].evidence.${key}`]

  test.each<[string, object, string[]]>([
    ['takes its example', {}, []],
    ['does not take its example', { example: 'CALL' }, both('example')],
    ['takes only an address', { pattern: '\\w+@\\d', example: 'a@1' }, both('example')],
    ['takes spaces around it', { pattern: ' ?A-\\d', example: ' A-1' }, []],
    [
      'takes only what has spaces around it',
      { pattern: ' A-\\d', example: ' A-1' },
      both('example'),
    ],
    ['is slow', { pattern: '(\\d+-?)+', example: '1-2' }, both('pattern')],
    [
      'is slow, and its example does not fit',
      { pattern: '(\\d+-?)+', example: '1-2x' },
      both('pattern'),
    ],
    ['is none', { pattern: '(' }, []],
    ['is missing', { pattern: 7 }, []],
    ['has no example', { example: 7 }, []],
  ])('that %s', (_, form, expected) => {
    expect(told(form)).toEqual(expected)
  })

  test('that prose fits is none for a reference, and may be one for a ticket', () => {
    expect(told({ pattern: '.*\\S.*' })).toEqual(['identityChecks[0].evidence.pattern'])
  })

  test('with an option that is not kept as it is', () => {
    const options = ['Contract', ' HR', 'hr@x.example', 'HR record']
    expect(
      places({ identityChecks: [{ ...check, evidence: { source: 'Where?', options } }] }),
    ).toEqual(['identityChecks[0].evidence.options[1]', 'identityChecks[0].evidence.options[2]'])
  })
})

describe('times', () => {
  test.each<[string, object, string[]]>([
    ['an escalation just in time', last({ escalation: { after: '1799s' } }), []],
    [
      'an escalation at the end',
      last({ escalation: { after: '30m' } }),
      ['tiers[1].escalation.after'],
    ],
    ['reminders just in time', { reminders: { after: '1799s', times: 1 } }, []],
    ['reminders at the end', { reminders: { after: '30m', times: 1 } }, ['reminders.after']],
    ['as many as there are by default', { reminders: { after: '30m' } }, ['reminders.after']],
    ['no reminders', { reminders: { after: '30m', times: 0 } }, []],
    ['time to read', { minimumReadingTime: '29m' }, []],
    ['reading to the end', { minimumReadingTime: '30m' }, ['minimumReadingTime']],
    ['no time', { minimumReadingTime: 'soon' }, []],
    ['an end that is none', { minimumReadingTime: '30m', requestExpiresAfter: 'soon' }, []],
    ['another end', { ...last({ escalation: { after: '1h' } }), requestExpiresAfter: '61m' }, []],
    [
      'a password that can be used for as long as it is shown',
      { temporaryPassword: { revealWithin: '1h', useWithin: '1h' } },
      [],
    ],
    [
      'a password that cannot',
      { temporaryPassword: { revealWithin: '1h', useWithin: '59m' } },
      ['temporaryPassword.useWithin'],
    ],
    [
      'as long as by default',
      { temporaryPassword: { revealWithin: '61m' } },
      ['temporaryPassword.useWithin'],
    ],
    [
      'shown as long as by default',
      { temporaryPassword: { useWithin: '14m' } },
      ['temporaryPassword.useWithin'],
    ],
    ['what is no time', { temporaryPassword: { revealWithin: 'soon', useWithin: '1m' } }, []],
    [
      'what is no time either',
      { temporaryPassword: { revealWithin: '1h', useWithin: 'soon' } },
      [],
    ],
  ])('%s', (_, differs, expected) => {
    expect(places(differs)).toEqual(expected)
  })

  test('are named', () => {
    expect(faults({ minimumReadingTime: '31m' })).toEqual([
      'minimumReadingTime is 31m, when every request has expired (requestExpiresAfter: 30m): write less than that',
    ])
    expect(faults({ temporaryPassword: { revealWithin: '61m' } })).toEqual([
      'temporaryPassword.useWithin ends after 60m, before revealWithin does (61m): write at least 61m',
    ])
  })
})

describe('a tier', () => {
  test.each<[string, object, string[]]>([
    ['permanent passwords for two', { methods: ['permanent-password'], approvals: 2 }, []],
    [
      'permanent passwords for one',
      { methods: ['reset', 'permanent-password'] },
      [
        'tiers[1].approvals is too low for permanent-password: write 2 or more, or remove that method',
      ],
    ],
    [
      'permanent passwords for nobody knows how many',
      { methods: ['permanent-password'], approvals: 'x' },
      [],
    ],
    ['as many approvals as users', { approvers: ['U0ADA', 'W0MARY'], approvals: 2 }, []],
    [
      'more approvals than users',
      { approvers: ['U0ADA', 'W0MARY'], approvals: 3 },
      [
        'tiers[1].approvals can never be met, since only 2 people may approve: write a lower number, or name more approvers',
      ],
    ],
    [
      'more approvals than one user',
      { approvers: ['U0ADA'], approvals: 2 },
      [
        'tiers[1].approvals can never be met, since only one person may approve: write a lower number, or name more approvers',
      ],
    ],
    [
      'more approvals than users, with a group',
      { approvers: ['U0ADA', 'S0LEADS'], approvals: 5 },
      [],
    ],
    ['more approvals than names, with what is none', { approvers: ['U0ADA', 7], approvals: 5 }, []],
    [
      'more approvals than names that only look like users',
      { approvers: ['xU0ADA'], approvals: 5 },
      [],
    ],
    ['approvals, and nobody', { approvers: [], approvals: 5 }, []],
    [
      'approvers left out for those of each',
      { approvers: undefined, from: ['S0LEADS', 'S0HEADS'], approvals: 2 },
      [],
    ],
    [
      'neither approvers nor those of each',
      { approvers: undefined },
      ['tiers[1].approvers is missing: write at least one user (U…) or user group (S…)'],
    ],
    [
      'one of each of more than have to approve',
      { approvers: undefined, from: ['S0LEADS', 'S0HEADS'] },
      [
        'tiers[1].from names 2, so one of each are more than `approvals` asks for: write approvals: 2 or more',
      ],
    ],
    [
      'one of each, and nobody knows how many',
      { approvers: undefined, from: ['S0LEADS', 'S0HEADS'], approvals: 'x' },
      [],
    ],
    [
      'one of each of whom one is no approver',
      { from: ['S0LEADS', 'S0HEADS'], approvals: 2 },
      [
        'tiers[1].from[1] is "S0HEADS", who is not among the approvers: add them there, or leave `approvers` out',
      ],
    ],
    ['a check that there is', { identityChecks: ['callback'] }, []],
    [
      'a check that there is not',
      { identityChecks: ['callback', 'video'] },
      ['tiers[1].identityChecks[1] is "video", which is no check of this policy: write callback'],
    ],
  ])('%s', (_, differs, expected) => {
    expect(faults(last(differs))).toEqual(expected)
  })

  test('knows each check by its id', () => {
    const identityChecks = [check, { ...check, id: 'video' }]
    expect(faults({ identityChecks, ...last({ identityChecks: ['letter'] }) })).toEqual([
      'tiers[1].identityChecks[0] is "letter", which is no check of this policy: write callback or video',
    ])
  })

  test.each<[unknown, string[]]>([
    [['customers'], []],
    [
      ['customers', 'staff'],
      ['tiers[0].when.pools[1] is "staff", which is no pool of this policy: write customers'],
    ],
    [[7], []],
    ['staff', []],
    [undefined, []],
  ])('of the pools %j', (pools, expected) => {
    expect(faults(first({ name: 'some', when: { groups: ['x'], pools } }))).toEqual(expected)
  })

  test('of a pool, where there is none', () => {
    const tiers = [{ ...standard, name: 'some', when: { pools: ['staff'] } }, standard]
    expect(faults({ pools: {}, tiers })).toEqual([
      'tiers[0].when.pools[0] is "staff", which is no pool of this policy: write the name of a pool',
    ])
  })
})

describe('recovery codes', () => {
  const client = { id: 'a' }
  const pools = {
    customers: { userPoolId: 'us-west-2_a', client },
    staff: { userPoolId: 'us-west-2_b' },
    trial: { userPoolId: 'us-west-2_c', client: { id: 'b' } },
  }
  const only = ['recovery-code']
  const among = ['reset', 'recovery-code']

  test.each<[string[], string[] | undefined, string | undefined]>([
    [only, ['customers'], undefined],
    [only, ['customers', 'trial'], undefined],
    [only, ['customers', 'staff'], 'staff'],
    [only, ['staff'], 'staff'],
    [among, ['customers', 'staff'], undefined],
    [among, ['staff'], 'staff'],
    [among, undefined, undefined],
    [only, undefined, 'staff'],
    [['reset'], ['staff'], undefined],
    [only, ['nowhere'], undefined],
    [among, ['nowhere', 'staff'], 'staff'],
  ])('as %j in the pools %j: without a client in %s', (methods, of, pool) => {
    const tier = { ...standard, methods, ...(of && { when: { pools: of } }) }
    const found = faults({ pools, tiers: of ? [tier, { ...standard, name: 'rest' }] : [tier] })
    expect(found.filter((fault) => fault.includes('client'))).toEqual(
      pool === undefined
        ? []
        : [
            `tiers[0].methods[${methods.indexOf('recovery-code')}] needs an app client, which the pool ${pool} does not have: write pools.${pool}.client, or another method`,
          ],
    )
  })

  test('in pools of which nobody knows anything', () => {
    expect(places({ pools: {}, ...last({ methods: only }) })).toEqual([])
    expect(places({ pools: { customers: 7 }, ...last({ methods: only }) })).toEqual([])
    expect(places({ pools, ...first({ name: 'x', methods: only, when: { pools: 7 } }) })).toEqual(
      [],
    )
  })
})

describe('what is written twice', () => {
  const again = (value: string) => `repeats "${value}": write another, or remove it`

  test.each<[string, object, string[]]>([
    [
      'a tier',
      { tiers: [privileged, { ...standard, name: 'privileged' }] },
      [`tiers[1].name ${again('privileged')}`],
    ],
    [
      'a check',
      { identityChecks: [check, { ...check, label: 'x' }] },
      [`identityChecks[1].id ${again('callback')}`],
    ],
    [
      'a pool',
      { pools: { a: { userPoolId: 'us-west-2_a' }, b: { userPoolId: 'us-west-2_a' } } },
      [`pools.b.userPoolId ${again('us-west-2_a')}`],
    ],
    [
      'somebody, three times',
      { requesters: ['U0A', 'U0B', 'U0A', 'U0A'] },
      [`requesters[2] ${again('U0A')}`, `requesters[3] ${again('U0A')}`],
    ],
    [
      'somebody deeper',
      last({ approvers: ['S0A', 'S0A'] }),
      [`tiers[1].approvers[1] ${again('S0A')}`],
    ],
    [
      'an account of one person',
      {
        samePerson: [
          ['U0A', 'U0B'],
          ['U0C', 'U0C'],
        ],
      },
      [`samePerson[1][1] ${again('U0C')}`],
    ],
    ['what is no text', { requesters: [7, 7, null, null] }, []],
    ['what is not there', { tiers: [7, 7, standard], identityChecks: [7, 7] }, []],
  ])('%s', (_, differs, expected) => {
    expect(faults(differs)).toEqual(expected)
  })
})
