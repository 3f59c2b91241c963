// biome-ignore-all lint/style/noExcessiveLinesPerFile: every key of the file, one after the other

/** The form of each key by itself: the longest, the shortest, and what is just beyond. */

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { pathName } from '../../../src/policy/fault.ts'
import { shape } from '../../../src/policy/schema.ts'
import { parts, written } from './policies.ts'

type At = readonly (string | number)[]

const anId = ['0A', `0${'A'.repeat(19)}`]
const noId = ['0', `0${'A'.repeat(20)}`, '0a', '0-A', '0A\n', '0A B']
const ids = (letters: string) => [...letters].flatMap((letter) => anId.map((rest) => letter + rest))
const others = (letters: string) => [
  '',
  'X0ADA',
  ...[...letters].flatMap((letter) => [
    ...noId.map((rest) => letter + rest),
    `${letter.toLowerCase()}0ADA`,
    ` ${letter}0ADA`,
    `x${letter}0ADA`,
  ]),
]

const pool = ['pools', 'customers']
const client = [...pool, 'client']
const evidence = ['identityChecks', 0, 'evidence']
const reference = { reference: 'Call record', pattern: 'CALL-\\d+', example: 'CALL-12' }
const aName = ['a', 'Z', 'a_b-C9', 'x'.repeat(40)]
const noName = ['', 'x'.repeat(41), '9a', '_a', '-a', 'a b', 'a\n', 'ä', ' a']
const nameWords = 'a name of at most 40 letters, digits, - and _ that starts with a letter'
const aLabel = ['x', '  x  ', 'x'.repeat(75), '“Ünal?”']
const noLabel = ['', ' ', ' '.repeat(75), 'x'.repeat(76), 'x\ny', 'x\n']
const labelWords = 'a label of 1 to 75 characters on one line'
const truth = 'true or false'
const times = 'a whole number from 0 to 10'
const methods = 'reset, temporary-password, permanent-password, recovery-code, resend-invitation'
const limitWords = 'a limit such as 10 per 1h, from 1 to 10000 within 1m to 7d'
const span = (least: string, most: string) =>
  `a duration from ${least} to ${most}, such as 90s, 30m or 2h`

/** What each key takes, what it does not, and what there is to write instead. */
const keys: readonly (readonly [At, readonly unknown[], readonly unknown[], string])[] = [
  [['version'], [1], [0, 2, '1', null], '1, the only version there is'],
  [
    ['requesters', 0],
    ids('USW'),
    [...others('USW'), 7],
    'the id of a user (U… or W…) or of a user group (S…)',
  ],
  [['requesters'], [['U0ADA']], [[], 7, {}], 'at least one user (U…) or user group (S…)'],
  [['security'], [['U0ADA']], [[], 7], 'at least one user (U…) or user group (S…)'],
  ...['approvals', 'audit', 'alerts'].map(
    (channel) =>
      [
        ['channels', channel],
        ids('CG'),
        [...others('CG'), 7],
        'the id of a channel (C… or G…)',
      ] as const,
  ),
  [['channels'], [], [7, [1]], 'a mapping with approvals, audit, alerts'],
  [
    [...pool, 'region'],
    ['us-west-2', 'ap-southeast-13', 'us-gov-west-1'],
    ['', 'us-2', 'us-west', 'us-west-', 'US-west-2', 'us-West-2', 'us-west-2a', 'us--2', '-west-2'],
    'an AWS region such as us-west-2',
  ],
  [
    [...pool, 'defaultCountry'],
    ['JP', 'DE', 'NO'],
    ['', 'jp', 'JPN', 'ZZ', '81', ' JP', 'JP\n', false, 7],
    'a country’s two letters such as JP',
  ],
  [[...pool, 'region'], [], [' us-west-2', 'us-west-2\n', 7], 'an AWS region such as us-west-2'],
  [
    [...pool, 'userPoolId'],
    ['us-west-2_a', 'us-gov-west-1_aB9', `ap-southeast-13_${'a'.repeat(39)}`],
    [
      ...['', 'us-west-2_', 'us-west-2', 'us-west_a', 'us-2_a', 'us-west-2_a-b', 'us-west-2_a\n'],
      ...[' us-west-2_a', 'US-west-2_a', 'us-West-2_a', 'us-west-x_a', 7],
      `ap-southeast-13_${'a'.repeat(40)}`,
    ],
    'the id of a user pool, REGION_SUFFIX, such as us-west-2_aaaaaaaaa',
  ],
  [pool, [], [7, 'us-west-2_a'], 'a mapping with userPoolId, region, defaultCountry, client'],
  [['pools'], [], [{}, 7, undefined], 'at least one pool, as NAME: { userPoolId: … }'],
  [client, [{ id: 'a' }, { id: 'a', secretEnv: 'A' }], [7], 'a mapping with id, secretEnv'],
  [client, ['a', '1_+z', 'x'.repeat(128)].map((id) => ({ id })), [], 'the id of an app client'],
  [
    [...client, 'id'],
    [],
    ['', 'a-b', 'a b', ' a', 'a\n', 'x'.repeat(129), 7],
    'the id of an app client',
  ],
  [
    client,
    ['A', 'A_9', 'THE_SECRET'].map((secretEnv) => ({ id: 'a', secretEnv })),
    [],
    'the name of the environment variable that holds the client secret, in capitals',
  ],
  [['tiers'], [], [[], 7], 'at least one tier'],
  [['tiers', 0, 'name'], aName, [...noName, 7], nameWords],
  [
    ['tiers', 0],
    [],
    [7, 'a'],
    'a mapping with name, when, approvers, from, escalation, privileged, approvals, newMembersWait, methods, identityChecks',
  ],
  [['tiers', 0, 'when'], [], [{}], 'groups, pools or changedWithin'],
  [['tiers', 0, 'when'], [], [7], 'a mapping with groups, pools, changedWithin'],
  [
    ['tiers', 0, 'when', 'groups', 0],
    ['a', 'Admins/9', 'x'.repeat(128)],
    ['', 'a b', ' a', 'a ', 'x'.repeat(129), 7],
    'the name of a Cognito group',
  ],
  [['tiers', 0, 'when', 'groups'], [], [[], 7], 'at least one Cognito group'],
  [
    ['tiers', 0, 'when', 'pools'],
    aName.map((name) => [name]),
    [[], 7],
    'the name of at least one pool',
  ],
  [
    ['tiers', 0, 'when', 'changedWithin'],
    ['1h', '60m', '90d', '2160h'],
    ['59m', '91d', '2161h', '', 7],
    span('1h', '90d'),
  ],
  [
    ['tiers', 0, 'approvers'],
    [['U0ADA', 'S0LEADS']],
    [[]],
    'at least one user (U…) or user group (S…)',
  ],
  [['tiers', 0, 'from'], [['U0ADA', 'S0LEADS']], [[]], 'at least one user (U…) or user group (S…)'],
  [['tiers', 0, 'escalation'], [{ to: ['U0ADA'], after: '1m' }], [7], 'a mapping with to, after'],
  [
    ['tiers', 0, 'escalation'],
    ['1m', '24h', '1d'].map((after) => ({ to: ['S0HEADS'], after })),
    [],
    span('1m', '24h'),
  ],
  [['tiers', 0, 'privileged'], [true, false], ['true', 1], truth],
  [['tiers', 0, 'approvals'], [1, 2, 3, 4, 5], [0, 6, 1.5, '2'], 'a whole number from 1 to 5'],
  [['tiers', 0, 'methods', 0], methods.split(', '), ['', 'magic', 7], `one of ${methods}`],
  [['tiers', 0, 'methods'], [methods.split(', ')], [[], 7], `at least one of ${methods}`],
  [
    ['tiers', 0, 'identityChecks'],
    [['callback'], aName],
    [[], 7],
    'the id of at least one identity check',
  ],
  [['identityChecks'], [], [[], 7], '1 to 10 checks, each with an id and a label'],
  [['identityChecks', 0, 'id'], aName, [...noName, 7], nameWords],
  [['identityChecks', 0, 'label'], aLabel, [...noLabel, 7], labelWords],
  [['identityChecks', 0], [], [7], 'a mapping with id, label, evidence'],
  [
    evidence,
    [reference, { source: 'x', options: Array.from({ length: 10 }, (_, n) => `${n}`) }],
    [
      7,
      {},
      { ...reference, pattern: 7 },
      { ...reference, example: 7 },
      { source: 'x', options: 7 },
    ],
    '{ reference: LABEL, pattern: …, example: … } for something that can be looked up, or { source: LABEL, options: […] } for where the number that was called is on file',
  ],
  [
    ['samePerson'],
    [
      [],
      [ids('UW')],
      [
        ['U0ADA', 'W0ADA'],
        ['U0MAX', 'U0MIA', 'U0MEG'],
      ],
    ],
    [7, {}],
    'a list of lists of user ids',
  ],
  [['samePerson'], [], [], 'the ids of the accounts of one person'],
  [['ticket'], [{ pattern: 'x', example: 'x' }], [7], 'a mapping with pattern, example'],
  [['ticket'], ['x'.repeat(200), '[^a]+'].map((pattern) => ({ pattern, example: 'x' })), [], ''],
  [['limits'], [{}], [7], limitKeys().join(', ').replace(/^/, 'a mapping with ')],
  [['minimumReadingTime'], ['0s', '5m', '300s'], ['301s', '6m', '', 7], span('0s', '5m')],
  [
    ['reminders'],
    [{}, { times: 0 }, { times: 10 }, { after: '24h' }],
    [7],
    'a mapping with after, times',
  ],
  [['requestExpiresAfter'], ['1m', '60s', '24h', '1d'], ['59s', '25h', '1441m'], span('1m', '24h')],
  [['temporaryPassword'], [{}], [7], 'a mapping with revealWithin, useWithin'],
  [['newMembersWait'], ['0s', '24h', '30d'], ['31d', 'never', 0], span('0s', '30d')],
  [['tiers', 0, 'newMembersWait'], ['0s', '24h', '30d'], ['31d', '', 0], span('0s', '30d')],
  [['signOutAfter'], [true, false], ['yes', 0], truth],
]

describe.each(keys)('%j', (path, good, bad, write) => {
  test('takes what has its form', () => {
    for (const value of good) expect(faults(path, value), JSON.stringify(value)).toEqual([])
  })

  test('takes nothing else, and says what to write', () => {
    for (const value of bad) {
      expect(faults(path, value), JSON.stringify(value)).toEqual([
        expect.stringMatching(/^(is|has) /),
      ])
      expect(faults(path, value)[0]?.endsWith(`: write ${write}`), write).toBe(true)
    }
  })
})

/** Keys of mappings that may be left out: they are tried inside their mapping. */
const inside: readonly (readonly [
  At,
  object,
  string,
  readonly unknown[],
  readonly unknown[],
  string,
])[] = [
  [
    client,
    { id: 'a' },
    'secretEnv',
    [],
    ['', 'a', '9A', '_A', 'A-B', 'A b', ' A', 'A\n', 7],
    'the name of the environment variable that holds the client secret, in capitals',
  ],
  [['reminders'], {}, 'after', ['1m', '24h'], ['59s', '25h', 7], span('1m', '24h')],
  [['reminders'], {}, 'times', [0, 3, 10], [-1, 11, 1.5, '3'], times],
  [['temporaryPassword'], {}, 'revealWithin', ['1m', '1h'], ['59s', '61m', 7], span('1m', '1h')],
  [['temporaryPassword'], {}, 'useWithin', ['5m', '24h'], ['299s', '25h', 7], span('5m', '24h')],
  [evidence, reference, 'reference', aLabel, noLabel, labelWords],
  [evidence, { source: 'x', options: ['x'] }, 'source', aLabel, noLabel, labelWords],
  [
    evidence,
    { source: 'x' },
    'options',
    aLabel.map((label) => [label]),
    noLabel.map((label) => [label]),
    labelWords,
  ],
  [
    evidence,
    reference,
    'pattern',
    ['x', 'x'.repeat(200), '^(a|b)$', '\\p{L}'],
    ['', 'x'.repeat(201), 'x\ny', 'x\n'],
    'a regular expression of at most 200 characters',
  ],
  [
    evidence,
    reference,
    'example',
    ['x', 'x'.repeat(64), ' '],
    ['', 'x'.repeat(65), 'x\ny', 'x\n'],
    'an example of at most 64 characters',
  ],
  ...limitKeys().map(
    (limit) =>
      [
        ['limits'],
        {},
        limit,
        ['1 per 1m', '10 per 60s', '9999 per 1h', '10000 per 7d', '7 per 168h'],
        [
          ...['', '0 per 1h', '01 per 1h', '10001 per 1h', '99999 per 1h', '10 per 59s'],
          ...['10 per 8d', '10 per 169h', '10 per ', '10 per 1w', ' 10 per 1h', '10 per 1h!'],
          ...['10  per 1h', 'ten per 1h', '10 in 1h', '10 per xh', 10],
        ],
        limitWords,
      ] as const,
  ),
]

describe.each(inside)('%j, with %j: %s', (...[path, own, key, good, bad, write]) => {
  test('takes what has its form', () => {
    for (const value of good) expect(faults(path, { ...own, [key]: value })).toEqual([])
  })

  test('takes nothing else, and says what to write', () => {
    for (const value of bad) {
      const found = faults(path, { ...own, [key]: value })
      expect(found, JSON.stringify(value)).toEqual([expect.stringContaining(`: write ${write}`)])
    }
  })
})

describe('what is not known', () => {
  test.each<[At, string]>([
    [
      [],
      'version, channels, pools, requesters, security, samePerson, tiers, identityChecks, ticket, limits, minimumReadingTime, reminders, requestExpiresAfter, temporaryPassword, newMembersWait, signOutAfter',
    ],
    [['channels'], 'approvals, audit, alerts'],
    [pool, 'userPoolId, region, defaultCountry, client'],
    [['tiers', 0, 'when'], 'groups, pools, changedWithin'],
    [['identityChecks', 0], 'id, label, evidence'],
  ])('is told in %j', (path, names) => {
    const found = faults([...path, 'colour'], 'red')
    expect(found).toEqual([`is not known here: write one of ${names}, or remove it`])
  })
})

describe('too many', () => {
  test('identity checks', () => {
    const [check] = parts().identityChecks
    const many = (length: number) => Array.from({ length }, (_, n) => ({ ...check, id: `c${n}` }))
    expect(faults(['identityChecks'], many(10))).toEqual([])
    expect(faults(['identityChecks'], many(11))).toEqual([
      'has more than 10 checks: write at most 10',
    ])
  })

  test('sources, or none', () => {
    const of = (length: number) => ({
      source: 'x',
      options: Array.from({ length }, (_, n) => `option ${n}`),
    })
    expect(faults(evidence, of(10))).toEqual([])
    expect(told(evidence, of(0))).toEqual([
      'identityChecks[0].evidence.options is empty: write 1 to 10 sources',
    ])
    expect(told(evidence, of(11))).toHaveLength(1)
  })
})

describe('accounts of one person', () => {
  test('are two or more', () => {
    expect(told(['samePerson'], [['U0ADA', 'U0MIA'], ['U0MAX']])).toEqual([
      'samePerson[1] names one account: write all those of one person, two or more',
    ])
  })

  test('are users, and not groups', () => {
    const words = 'the id of a user (U… or W…)'
    for (const id of [...others('UW'), 'S0LEADS']) {
      const [fault = ''] = told(['samePerson'], [['U0ADA', id]])
      expect(fault.startsWith('samePerson[0][1] is '), id).toBe(true)
      expect(fault.endsWith(`: write ${words}`), id).toBe(true)
    }
    expect(told(['samePerson'], [7])).toEqual([
      'samePerson[0] is 7: write the ids of the accounts of one person',
    ])
  })
})

describe('the name of a pool', () => {
  const named = (name: string) => told(['pools'], { [name]: { userPoolId: 'us-west-2_a' } })

  test.each(aName)('may be %s', (name) => {
    expect(named(name)).toEqual([])
  })

  test.each(noName)('may not be %j', (name) => {
    expect(named(name)).toEqual([
      expect.stringMatching(/^pools\W.*is no name for a pool: write a name of at most 40 letters/),
    ])
  })
})

test('a pattern that is none is said to be none', () => {
  expect(told(['ticket'], { pattern: '(', example: 'x' })).toEqual([
    'ticket.pattern is "(": write a regular expression (JavaScript, with the flag u)',
  ])
  expect(told(evidence, { ...reference, source: 'x' })).toEqual([
    'identityChecks[0].evidence.source is not known here: write one of reference, pattern, example, or remove it',
  ])
  expect(told(evidence, { ...reference, pattern: '\\p' })).toEqual([
    'identityChecks[0].evidence.pattern is "\\\\p": write a regular expression (JavaScript, with the flag u)',
  ])
  expect(told(['ticket'], { pattern: 'x'.repeat(201), example: 'x'.repeat(65) })).toEqual([
    `ticket.pattern is "${'x'.repeat(39)}…: write a regular expression of at most 200 characters`,
    `ticket.example is "${'x'.repeat(39)}…: write an example of at most 64 characters`,
  ])
})

test('ids are told apart, and durations and limits are in milliseconds', () => {
  const read = shape.parse({
    ...parts(),
    requesters: ['U0ADA', 'W0ADA', 'S0ADA'],
    limits: { requestsOverall: '7 per 2m' },
    requestExpiresAfter: '90s',
  })
  expect(read.requesters).toEqual([
    { kind: 'user', id: 'U0ADA' },
    { kind: 'user', id: 'W0ADA' },
    { kind: 'group', id: 'S0ADA' },
  ])
  expect(read.limits.requestsOverall).toEqual({ most: 7, windowMs: 120_000 })
  expect(read.requestExpiresAfter).toBe(90_000)
})

function limitKeys() {
  return [
    'lookUpsPerRequester',
    'requestsPerRequester',
    'requestsPerAccount',
    'requestsOverall',
    'approvalsPerApprover',
    'executionsOverall',
  ]
}

/** What is said of this value at this place, each fault once and without its place. */
function faults(path: At, value: unknown): string[] {
  return told(path, value).map((fault) => fault.slice(fault.search(/ (is|has|names) /) + 1))
}

function told(path: At, value: unknown): string[] {
  const { error } = shape.safeParse(parse(written(path, value)))
  const all = (error?.issues ?? []).flatMap((issue) => {
    const place = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    const places = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    return places.map(
      (key) => `${pathName(key === undefined ? place : [...place, key])} ${issue.message}`,
    )
  })
  return [...new Set(all)]
}
