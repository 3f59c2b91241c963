// biome-ignore-all lint/style/noExcessiveLinesPerFile: every fault that a policy can have, with its sentence

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../../../src/policy/parse.ts'
import { faultsOf, parts, policyOf, written } from './policies.ts'

const example = readFileSync(new URL('../../../policy.example.yml', import.meta.url), 'utf8')

describe('a policy without faults', () => {
  test('is read whole', () => {
    const { hash, ...meaning } = policyOf(example)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(meaning).toEqual({
      channels: { approvals: 'C0APPROVE', audit: 'C0AUDIT', alerts: 'C0APPROVE' },
      pools: [{ name: 'customers', userPoolId: 'us-west-2_aaaaaaaaa', region: 'us-west-2' }],
      requesters: [
        { kind: 'group', id: 'S0SUPPORT' },
        { kind: 'user', id: 'U0SAM' },
      ],
      security: [{ kind: 'group', id: 'S0SECURITY' }],
      samePerson: [],
      tiers: [
        {
          name: 'privileged',
          when: { groups: ['admins'] },
          approvers: [{ kind: 'group', id: 'S0SECURITY' }],
          approvals: 2,
          from: [],
          privileged: true,
          newMembersWaitMs: 24 * 60 * 60_000,
          methods: ['reset'],
          identityChecks: ['callback', 'video'],
        },
        {
          name: 'standard',
          approvers: [{ kind: 'group', id: 'S0LEADS' }],
          approvals: 1,
          from: [],
          privileged: false,
          newMembersWaitMs: 24 * 60 * 60_000,
          methods: ['reset', 'temporary-password'],
          identityChecks: ['callback', 'video'],
        },
      ],
      identityChecks: [
        {
          id: 'callback',
          label: 'Called back on the number on file',
          evidence: {
            kind: 'source',
            label: 'Where is that number on file?',
            options: ['HR record', 'Contract', 'Customer record'],
          },
        },
        {
          id: 'video',
          label: 'Video call with photo ID',
          evidence: {
            kind: 'reference',
            label: 'Reference of the recording',
            form: { pattern: 'VID-\\d{2,}', example: 'VID-1042' },
          },
        },
      ],
      ticket: { pattern: '.*\\S.*', example: 'HELP-1234' },
      limits: {
        lookUpsPerRequester: { most: 60, windowMs: 60 * 60_000 },
        requestsPerRequester: { most: 10, windowMs: 60 * 60_000 },
        requestsPerAccount: { most: 3, windowMs: 24 * 60 * 60_000 },
        requestsOverall: { most: 60, windowMs: 60 * 60_000 },
        approvalsPerApprover: { most: 20, windowMs: 60 * 60_000 },
        executionsOverall: { most: 30, windowMs: 60 * 60_000 },
      },
      minimumReadingTimeMs: 3_000,
      reminders: { afterMs: 5 * 60_000, times: 3 },
      requestExpiresAfterMs: 30 * 60_000,
      temporaryPassword: { revealWithinMs: 15 * 60_000, useWithinMs: 60 * 60_000 },
      signOutAfter: true,
    })
  })

  test('has the defaults that the example writes down', () => {
    const withoutDefaults = example.slice(0, example.indexOf('# From here on'))
    expect(policyOf(withoutDefaults)).toEqual(policyOf(example))
  })

  test('is frozen to its depths', () => {
    const policy = policyOf(example)
    expect(() => Reflect.apply(Array.prototype.push, policy.tiers[0]?.approvers, [])).toThrow()
    expect(Object.isFrozen(policy.tiers[1]?.methods)).toBe(true)
    expect(Object.isFrozen(policy.pools[0])).toBe(true)
    expect(Object.isFrozen(policy)).toBe(true)
  })

  test.each([
    ['another region than the one in the id', ['pools', 'customers', 'region'], 'eu-central-1'],
    ['a client', ['pools', 'customers', 'client'], { id: '1example2', secretEnv: 'THE_SECRET' }],
    ['a client without a secret', ['pools', 'customers', 'client'], { id: '1example2' }],
    ['a tier by pool', ['tiers', 0, 'when'], { pools: ['customers'] }],
    ['a private channel of the old kind', ['channels', 'audit'], 'G0AUDIT'],
    ['the longest label', ['identityChecks', 0, 'label'], 'x'.repeat(75)],
    ['no signing out', ['signOutAfter'], false],
    ['an hour to reveal, exactly one to use', ['temporaryPassword'], { revealWithin: '1h' }],
    ['a permanent password for two', ['tiers', 0, 'methods'], ['permanent-password']],
    ['two approvals of two people', ['tiers', 0, 'approvers'], ['U0ADA', 'W0MARY']],
  ])('may have %s', (_, path, value) => {
    expect(faultsOf(written(path, value))).toEqual([])
  })
})

describe('how long new members of a group wait', () => {
  const [privileged, standard] = parts().tiers
  const waits = (top: object, ...tiers: object[]) => {
    const all = [...tiers.map((tier, n) => ({ ...tier, name: `tier${n}` })), standard]
    return policyOf(JSON.stringify({ ...parts(), ...top, tiers: all })).tiers.map(
      ({ newMembersWaitMs }) => newMembersWaitMs / 3_600_000,
    )
  }
  const two = { ...standard, approvals: 2, when: { groups: ['two'] } }
  const privilegedTwo = { ...privileged, approvals: 2, privileged: true }

  test('F4 is a day in every tier, however many have to approve, or what the policy says for all', () => {
    expect(waits({}, two, privilegedTwo)).toEqual([24, 24, 24])
    expect(waits({ newMembersWait: '2h' }, two, privilegedTwo)).toEqual([2, 2, 2])
    expect(waits({ newMembersWait: '0s' }, two, privilegedTwo)).toEqual([0, 0, 0])
  })

  test('F4 is what a tier says itself', () => {
    const own = (newMembersWait: string) => ({ ...two, newMembersWait })
    expect(waits({}, own('1h'))).toEqual([1, 24])
    expect(waits({}, { ...privilegedTwo, newMembersWait: '0s' })).toEqual([0, 24])
  })
})

describe('the hash', () => {
  const { hash } = policyOf(written())

  test.each([
    ['comments and spacing', `# a comment\n\n${written()}\n# another\n`],
    ['the order of keys', JSON.stringify(Object.fromEntries(Object.entries(parts()).reverse()))],
    ['another spelling of the same duration', written(['requestExpiresAfter'], '1800s')],
    ['a default written down', written(['pools', 'customers', 'region'], 'us-west-2')],
  ])('is the same after a change of %s', (_, text) => {
    expect(policyOf(text).hash).toBe(hash)
  })

  test.each([
    ['who may ask', ['requesters'], ['U0SAM']],
    ['how many decide', ['tiers', 1, 'approvals'], 2],
    ['how long', ['requestExpiresAfter'], '31m'],
    ['the region', ['pools', 'customers', 'region'], 'us-west-1'],
  ])('is another after a change of %s', (_, path, value) => {
    expect(policyOf(written(path, value)).hash).not.toBe(hash)
  })
})

describe('a faulty policy', () => {
  test.each<[string, (string | number)[], unknown, string]>([
    ['unknown version', ['version'], 2, 'version is 2'],
    ['unknown key', ['approvers'], ['U0ADA'], 'approvers is not known here'],
    ['unknown key inside', ['tiers', 0, 'quorum'], 2, 'tiers[0].quorum is not known here'],
    ['no channels', ['channels'], undefined, 'channels is missing'],
    ['a channel name', ['channels', 'audit'], '#audit', 'channels.audit is "#audit": write the id'],
    ['no pools', ['pools'], {}, 'pools is empty'],
    [
      'a pool name with a space',
      ['pools', 'my pool'],
      {},
      'pools["my pool"] is no name for a pool',
    ],
    [
      'a pool id',
      ['pools', 'customers', 'userPoolId'],
      'aaa',
      'pools.customers.userPoolId is "aaa"',
    ],
    ['a region', ['pools', 'customers', 'region'], 'Oregon', 'pools.customers.region is "Oregon"'],
    [
      'the client secret itself',
      ['pools', 'customers', 'client'],
      { id: '1example2', secret: 'x' },
      'pools.customers.client.secret is not known here',
    ],
    ['nobody to ask', ['requesters'], [], 'requesters is empty: write at least one user (U…)'],
    ['requesters not said', ['requesters'], undefined, 'requesters is missing'],
    ['an e-mail for a user', ['requesters', 0], 'ada@example.com', 'requesters[0] is "ada@example'],
    ['a number for a user', ['requesters', 0], 7, 'requesters[0] is 7'],
    ['no tiers', ['tiers'], [], 'tiers is empty'],
    ['no approvers', ['tiers', 0, 'approvers'], [], 'tiers[0].approvers is empty'],
    ['approvers not said', ['tiers', 0, 'approvers'], undefined, 'tiers[0].approvers is missing'],
    ['approvals not said', ['tiers', 0, 'approvals'], undefined, 'tiers[0].approvals is missing'],
    ['no approvals', ['tiers', 0, 'approvals'], 0, 'tiers[0].approvals is 0'],
    ['six approvals', ['tiers', 0, 'approvals'], 6, 'tiers[0].approvals is 6'],
    ['half an approval', ['tiers', 0, 'approvals'], 1.5, 'tiers[0].approvals is 1.5'],
    ['a text for a number', ['tiers', 0, 'approvals'], '2', 'tiers[0].approvals is "2"'],
    [
      'more approvals than approvers',
      ['tiers', 0, 'approvers'],
      ['U0ADA'],
      'tiers[0].approvals can never be met, since only one person may approve',
    ],
    ['no methods', ['tiers', 0, 'methods'], [], 'tiers[0].methods is empty'],
    ['an unknown method', ['tiers', 0, 'methods', 0], 'magic', 'tiers[0].methods[0] is "magic"'],
    [
      'a permanent password for one',
      ['tiers', 1, 'methods'],
      ['permanent-password'],
      'tiers[1].approvals is too low for permanent-password',
    ],
    [
      'a last tier with when',
      ['tiers', 1, 'when'],
      { groups: ['a'] },
      'tiers[1].when is on the last',
    ],
    ['an earlier tier without', ['tiers', 0, 'when'], undefined, 'tiers[0] has no `when`'],
    ['a when of nothing', ['tiers', 0, 'when'], {}, 'tiers[0].when is empty'],
    [
      'a when without groups',
      ['tiers', 0, 'when'],
      { groups: [] },
      'tiers[0].when.groups is empty',
    ],
    [
      'an unknown pool',
      ['tiers', 0, 'when'],
      { pools: ['staff'] },
      'tiers[0].when.pools[0] is "staff", which is no pool of this policy: write customers',
    ],
    [
      'a pool named like a method of objects',
      ['tiers', 0, 'when'],
      { pools: ['toString'] },
      'tiers[0].when.pools[0] is "toString", which is no pool',
    ],
    [
      'two tiers of one name',
      ['tiers', 1, 'name'],
      'privileged',
      'tiers[1].name repeats "privileged"',
    ],
    [
      'one pool under two names',
      ['pools', 'again'],
      { userPoolId: 'us-west-2_aaaaaaaaa' },
      'pools.again.userPoolId repeats "us-west-2_aaaaaaaaa"',
    ],
    [
      'one approver twice',
      ['tiers', 1, 'approvers', 1],
      'S0LEADS',
      'tiers[1].approvers[1] repeats',
    ],
    ['no identity checks', ['identityChecks'], [], 'identityChecks is empty'],
    [
      'eleven identity checks',
      ['identityChecks'],
      Array.from({ length: 11 }, (_, n) => ({ id: `c${n}`, label: 'x' })),
      'identityChecks has more than 10 checks',
    ],
    [
      'two checks of one id',
      ['identityChecks', 1],
      { ...parts().identityChecks[0], label: 'x' },
      'identityChecks[1].id repeats "callback"',
    ],
    [
      'a long label',
      ['identityChecks', 0, 'label'],
      'x'.repeat(76),
      'identityChecks[0].label is "xx',
    ],
    ['a blank label', ['identityChecks', 0, 'label'], '  ', 'identityChecks[0].label is "  "'],
    ['a duration without unit', ['requestExpiresAfter'], 30, 'requestExpiresAfter is 30: write a'],
    ['too short a time', ['requestExpiresAfter'], '59s', 'requestExpiresAfter is "59s"'],
    ['too long a time', ['requestExpiresAfter'], '2d', 'requestExpiresAfter is "2d"'],
    [
      'long to reveal',
      ['temporaryPassword'],
      { revealWithin: '61m', useWithin: '2h' },
      'temporaryPassword.revealWithin is "61m"',
    ],
    [
      'long to use',
      ['temporaryPassword'],
      { useWithin: '25h' },
      'temporaryPassword.useWithin is "25h"',
    ],
    [
      'shorter to use than to reveal',
      ['temporaryPassword'],
      { useWithin: '10m' },
      'temporaryPassword.useWithin ends after 10m, before revealWithin does (15m)',
    ],
    ['yes for true', ['signOutAfter'], 'yes', 'signOutAfter is "yes": write true or false'],
  ])('is told of %s', (_, path, value, fault) => {
    const faults = faultsOf(written(path, value))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(` ${fault}`)
  })

  test('is told of everything at once, in the order of the file, with lines and columns', () => {
    const text = [
      'version: 1',
      'channels: { approvals: C0APPROVE, audit: audit }',
      'pools:',
      '  customers: { userPoolId: us-west-2_aaaaaaaaa, colour: red }',
      'requesters: [S0SUPPORT]',
      'tiers:',
      '  - name: standard',
      '    when: { pools: [staff] }',
      '    approvers: []',
      '    approvals: 1',
      '    methods: [permanent-password]',
      'version: 1',
    ].join('\n')
    expect(faultsOf(text).map((fault) => fault.split(/ (is|has|this) /)[0])).toEqual([
      'policy.yml:1:1 security',
      'policy.yml:1:1 identityChecks',
      'policy.yml:2:35 channels.audit',
      'policy.yml:4:49 pools.customers.colour',
      'policy.yml:8:5 tiers[0].when',
      'policy.yml:8:21 tiers[0].when.pools[0]',
      'policy.yml:9:5 tiers[0].approvers',
      'policy.yml:10:5 tiers[0].approvals',
      'policy.yml:12:1',
    ])
  })

  test.each([
    ['nothing', '', '1:1 the policy is empty'],
    ['a list', '- 1', '1:1 the policy is a list: write a mapping'],
    ['an open bracket', 'requesters: [S0SUPPORT\ntiers: []', 'YAML: '],
    ['a tab', 'channels:\n\taudit: C0AUDIT', '2:1 YAML: '],
    [
      'two documents',
      `${written()}\n---\n${written()}`,
      'YAML: Source contains multiple documents',
    ],
    ['an unknown tag', written().replace('version: 1', 'version: !int 1'), '1:10 YAML: '],
    [
      'an alias',
      'requesters: &who [U0ADA]\napprovers: *who',
      '2:12 *who is an alias: write out what it stands for',
    ],
    [
      'a pool called __proto__',
      written(['pools', 'mine'], {}).replace('mine:', '__proto__:'),
      '__proto__ is no',
    ],
    ['a merge key', `${written()}\n<<: { signOutAfter: false }`, '["<<"] is not known here'],
  ])('is told of %s', (_, text, fault) => {
    expect(faultsOf(text)[0]).toContain(fault)
  })
})

describe('a policy that could only disappoint', () => {
  const { tiers, identityChecks } = parts()
  const [privileged, standard] = tiers
  const reference = (pattern: string, example: string) => ({
    reference: 'Call record',
    pattern,
    example,
  })
  const before = (first: object) => [{ ...standard, ...first }, privileged, standard]
  const evidence = ['identityChecks', 0, 'evidence']

  test.each<[string, (string | number)[], unknown, string]>([
    [
      'one channel for both',
      ['channels', 'audit'],
      'C0APPROVE',
      'channels.audit is C0APPROVE, where requests are decided already',
    ],
    [
      'a person of one account',
      ['samePerson'],
      [['U0SAM']],
      'samePerson[0] names one account: write all those of one person',
    ],
    // What could keep everybody waiting.
    [
      'a repetition in a repetition',
      evidence,
      reference('(\\d+-?)+', '1-2-3'),
      'identityChecks[0].evidence.pattern takes very long over some texts',
    ],
    [
      'one behind a beginning',
      ['ticket'],
      { pattern: 'HELP-(\\d+)+', example: 'HELP-12' },
      'ticket.pattern takes very long',
    ],
    [
      'one over signs',
      ['ticket'],
      { pattern: '(\\W+-?)+', example: '--' },
      'ticket.pattern takes very long',
    ],
    // What proves nothing.
    [
      'any words for a reference',
      evidence,
      reference('.*', 'CALL-12'),
      'identityChecks[0].evidence.pattern takes "she sounded right", which nobody can look up',
    ],
    ['any word for one', evidence, reference('\\S{3,}', 'CALL-12'), 'pattern takes "yes"'],
    [
      'a label that asks for a secret',
      evidence,
      { ...reference('CALL-\\d+', 'CALL-12'), reference: 'Her mother’s maiden name' },
      'identityChecks[0].evidence.reference asks what a caller can have bought',
    ],
    [
      'a source that is a question',
      [...evidence, 'source'],
      'Which security question?',
      'identityChecks[0].evidence.source asks what',
    ],
    ...['Date of birth', 'Last four of SSN', 'Geburtsdatum', 'Date de naissance'].map(
      (option): [string, (string | number)[], unknown, string] => [
        `${option} for a source`,
        [...evidence, 'options', 1],
        option,
        'identityChecks[0].evidence.options[1] asks what',
      ],
    ),
    ...['DOB confirmed', 'PIN', 'Knows her security answer'].map(
      (label): [string, (string | number)[], unknown, string] => [
        `a check called ${label}`,
        ['identityChecks', 0, 'label'],
        label,
        'identityChecks[0].label asks what',
      ],
    ),
    // What could never be submitted.
    [
      'an address for a source',
      [...evidence, 'options', 1],
      'Mail from hr@example.com',
      'identityChecks[0].evidence.options[1] is "Mail from hr@example.com", which Rekey writes down as "Mail from [e-mail address]"',
    ],
    [
      'a source with spaces around it',
      [...evidence, 'options', 1],
      ' HR record ',
      'identityChecks[0].evidence.options[1] is " HR record ", which Rekey writes down as "HR record"',
    ],
    [
      'an address for a ticket',
      ['ticket'],
      { pattern: '\\d+@\\w+', example: '12@desk' },
      'ticket.example is "12@desk", which Rekey writes down as "[e-mail address]"',
    ],
    [
      'an example that does not fit',
      ['ticket'],
      { pattern: '\\d+', example: 'HELP' },
      'ticket.example is "HELP", which the pattern beside it does not take',
    ],
    // What would come too late.
    [
      'an escalation after the end',
      ['tiers', 1, 'escalation'],
      { to: ['S0HEADS'], after: '1h' },
      'tiers[1].escalation.after is 1h, when every request has expired (requestExpiresAfter: 30m)',
    ],
    [
      'reminders after the end',
      ['reminders'],
      { after: '24h' },
      'reminders.after is 24h, when every request has expired',
    ],
    // What has nothing to work with.
    [
      'recovery codes without a client',
      ['tiers', 1, 'methods', 1],
      'recovery-code',
      'tiers[1].methods[1] needs an app client, which the pool customers does not have',
    ],
    // Tiers in the wrong order.
    [
      'a tier behind one that takes the same groups',
      ['tiers'],
      [privileged, { ...privileged, name: 'admins', approvals: 5 }, standard],
      'tiers[1].when holds only for accounts that the tier "privileged" above it takes',
    ],
    [
      'a tier behind one that takes its pool',
      ['tiers'],
      [{ ...standard, name: 'pool', when: { pools: ['customers'] } }, privileged, standard],
      'tiers[1].when holds only for accounts that the tier "pool" above it takes',
    ],
    [
      'a change that makes admins like everybody else',
      ['tiers'],
      before({ name: 'fresh', when: { changedWithin: '72h' } }),
      'tiers[0].when.changedWithin takes accounts from the tier "privileged" below it as soon as they are changed, and asks for less',
    ],
    [
      'a change that lets names go untyped',
      ['tiers'],
      [
        { ...standard, name: 'fresh', when: { changedWithin: '72h' }, approvals: 2 },
        { ...privileged, privileged: true },
        standard,
      ],
      'tiers[0].when.changedWithin takes accounts from the tier "privileged" below it',
    ],
    [
      'a change that spares one of each',
      ['tiers'],
      [
        { ...privileged, name: 'fresh', when: { changedWithin: '72h' } },
        { ...privileged, approvers: undefined, from: ['S0SECURITY', 'S0HEADS'] },
        standard,
      ],
      'and asks for less (not for one of S0SECURITY, S0HEADS)',
    ],
    [
      'a change that lets new members of a group decide sooner',
      ['tiers'],
      [
        { ...privileged, name: 'fresh', when: { changedWithin: '72h' }, newMembersWait: '1h' },
        { ...privileged, newMembersWait: '2h' },
        standard,
      ],
      'and asks for less (for a shorter newMembersWait)',
    ],
    [
      'a change that opens other methods',
      ['tiers'],
      [
        {
          ...privileged,
          name: 'fresh',
          when: { changedWithin: '72h' },
          methods: ['reset', 'temporary-password', 'permanent-password'],
        },
        privileged,
        standard,
      ],
      'and asks for less (takes temporary-password, permanent-password)',
    ],
  ])('is told of %s', (_, path, value, fault) => {
    const faults = faultsOf(written(path, value))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(fault)
  })

  test.each<[string, (string | number)[], unknown]>([
    ['no reminders, whenever they would have come', ['reminders'], { after: '24h', times: 0 }],
    ['one pool of two with a client', ['pools', 'customers', 'client'], { id: '1example2' }],
    [
      'a stricter tier for what was changed, ahead of all',
      ['tiers'],
      [{ ...privileged, name: 'fresh', when: { changedWithin: '72h' } }, privileged, standard],
    ],
    [
      'a laxer one behind the privileged',
      ['tiers'],
      [privileged, { ...standard, name: 'fresh', when: { changedWithin: '72h' } }, standard],
    ],
    [
      'more approvals ahead, where nobody waits who has come into a group',
      ['tiers'],
      [
        { ...standard, approvals: 2, name: 'fresh', when: { changedWithin: '72h' } },
        { ...standard, approvals: 1 },
      ],
    ],
    [
      'the same groups, but only lately changed, ahead',
      ['tiers'],
      [
        {
          ...privileged,
          name: 'fresh',
          when: { groups: ['admins'], changedWithin: '1h' },
          approvals: 3,
        },
        privileged,
        standard,
      ],
    ],
    ['a motherboard', ['identityChecks', 0, 'label'], 'Video call from the motherboard plant'],
    ['references in capitals', evidence, reference('[A-Z0-9]{6,}', 'A1B2C3')],
    ['the sandbox’s tickets', ['ticket'], { pattern: '[A-Z]+-\\d+', example: 'HELP-1234' }],
    ['any ticket', ['ticket'], { pattern: '.*\\S.*', example: 'x'.repeat(64) }],
    ['more checks', ['identityChecks', 1], { ...identityChecks[0], id: 'video' }],
  ])('is not told of %s', (_, path, value) => {
    expect(faultsOf(written(path, value))).toEqual([])
  })

  test('is told of a change that makes do with a weaker check', () => {
    const [check] = identityChecks
    const policy = (ofFresh: object) =>
      JSON.stringify({
        ...parts(),
        identityChecks: [check, { ...check, id: 'video' }],
        tiers: [
          { ...privileged, name: 'fresh', when: { changedWithin: '72h' }, ...ofFresh },
          { ...privileged, identityChecks: ['video'] },
          standard,
        ],
      })
    expect(faultsOf(policy({ identityChecks: ['video'] }))).toEqual([])
    for (const any of [{}, { identityChecks: ['callback', 'video'] }]) {
      expect(faultsOf(policy(any))).toEqual([
        expect.stringContaining('and asks for less (takes the check callback)'),
      ])
    }
  })

  test('leaves time to read before a request expires', () => {
    const policy = (minimumReadingTime: string) =>
      JSON.stringify({
        ...parts(),
        requestExpiresAfter: '1m',
        reminders: { after: '1m', times: 0 },
        minimumReadingTime,
      })
    expect(faultsOf(policy('59s'))).toEqual([])
    expect(faultsOf(policy('60s'))).toEqual([
      expect.stringContaining(
        'minimumReadingTime is 60s, when every request has expired (requestExpiresAfter: 1m)',
      ),
    ])
  })

  test('needs no client in every pool, unless there is no other method', () => {
    const [withClient, without] = [
      { userPoolId: 'us-west-2_aaaaaaaaa', client: { id: '1example2' } },
      { userPoolId: 'us-west-2_bbbbbbbbb' },
    ]
    const policy = (methods: string[]) =>
      JSON.stringify({
        ...parts(),
        pools: { customers: withClient, staff: without },
        tiers: [{ ...standard, methods }],
      })
    expect(faultsOf(policy(['reset', 'recovery-code']))).toEqual([])
    expect(faultsOf(policy(['recovery-code']))[0]).toContain('which the pool staff does not have')
  })
})

describe('any text at all', () => {
  const value = fc.oneof(
    fc.constantFrom(null, 1, 'reset', 'U0ADA', 'customers', '30m', '', [], {}, [null], [[]]),
    fc.jsonValue(),
  )
  const path = fc.oneof(
    fc.constantFrom(['tiers'], ['tiers', 0], ['tiers', 1, 'when'], ['tiers', 0, 'approvers', 0]),
    fc.constantFrom(['pools'], ['pools', 'customers'], ['temporaryPassword'], ['identityChecks']),
    fc.array(fc.oneof(fc.constantFrom(...Object.keys(parts()), 'name'), fc.nat(2)), {
      maxLength: 3,
    }),
  )

  test('is read or refused with faults, never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.tuple(path, value)), (given) => {
        const text = typeof given === 'string' ? given : written(...given)
        const read = parsePolicy(text, 'policy.yml')
        if (read.kind === 'ok') return
        expect(read.faults.length).toBeGreaterThan(0)
        for (const fault of read.faults) expect(fault).toMatch(/^policy\.yml:\d+:\d+ \S/)
      }),
      { numRuns: 300 },
    )
  })

  test('may nest deeper than the stack', () => {
    expect(faultsOf('['.repeat(50_000))[0]).toContain('YAML')
    expect(faultsOf('{a: '.repeat(5_000) + '}'.repeat(5_000)).length).toBeGreaterThan(0)
  })
})
