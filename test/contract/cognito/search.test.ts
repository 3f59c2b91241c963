import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { userSeed } from '../../../sandbox/cognito/user-seed.ts'
import { customersPool, customersPoolId, staffPool } from '../../../sandbox/world/user-pool-seed.ts'
import { type PoolRules, termsTyped } from '../../../src/lookup/terms.ts'
import type { Search } from '../../../src/recovery/ports/accounts.ts'
import { readSlackText } from '../../../src/slack/inbound/slack-text.ts'
import { customers, openWire, type Wire } from '../../support/cognito/wire.ts'

describe('a search', () => {
  let wire: Wire
  beforeAll(async () => {
    wire = await openWire()
    const add = (name: string, given: Parameters<typeof userSeed>[1]) =>
      wire.cognito.pools.get('customers').add(userSeed(name, given))
    add('', {
      email: 'ada@example.com',
      attributes: { given_name: 'Ada', family_name: 'Lovelace', preferred_username: 'countess' },
    })
    add('Quote "Q" Mark', { email: 'quote@example.com' })
    add('Back\\slash', { email: 'back@example.com' })
    add('佐藤', {
      email: 'sato@example.jp',
      attributes: { given_name: '一郎', family_name: '佐藤' },
    })
  })
  afterEach(() => wire.cognito.faults.clear())
  afterAll(() => wire.close())

  it.each([
    ['an e-mail', 'jane@example.com', ['Jane Doe']],
    ['an e-mail in other letters', 'Jane@Example.COM', ['Jane Doe']],
    ['an e-mail as Slack writes it', '<mailto:jane@example.com|jane@example.com>', ['Jane Doe']],
    ['an e-mail that two accounts have', 'family@example.com', ['Fay Brook', 'Finn Brook']],
    ['a phone number', '+12065550111', ['Ken Ford']],
    ['a phone number as Slack writes it', '<tel:+12065550111|+1 206-555-0111>', ['Ken Ford']],
    ['a username', 'mary.lane', ['Mary Lane']],
    ['the beginning of a username', 'mary', ['Mary Lane']],
    ['the beginning of a name', 'Jan', ['Jane Doe']],
    ['the beginning of a name in small letters', 'jan', ['Jane Doe']],
    ['the end of a name, in a pool small enough to look through', 'Stone', ['Bob Stone']],
    ['a whole name', 'Jane Doe', ['Jane Doe']],
    ['a Japanese name', '山田', ['山田 花子']],
    ['a Japanese name with its full-width space', '山田　花子', ['山田 花子']],
    ['a Japanese name in two attributes', '佐藤 一郎', ['佐藤']],
    ['a Japanese name as one word', '佐藤一郎', ['佐藤']],
    ['a Japanese name as one word, of one attribute', '山田花子', ['山田 花子']],
    ['both parts with a comma', 'Lovelace, Ada', ['Ada Lovelace']],
    ['a family name', 'Lovelace', ['Ada Lovelace']],
    ['both parts of a name', 'ada lovelace', ['Ada Lovelace']],
    ['both parts the other way round', 'Lovelace Ada', ['Ada Lovelace']],
    ['a preferred username', 'countess', ['Ada Lovelace']],
    ['the beginning of an e-mail', 'sat', ['佐藤']],
    ['the beginning of an e-mail up to its sign', 'sato@', ['佐藤']],
    ['a name with quotes', 'Quote "Q"', ['Quote "Q" Mark']],
    ['a name with a backslash', 'Back\\s', ['Back\\slash']],
    ['what would be another filter if it were let', 'x" or name ^= "Jane', []],
    ['nobody', 'nobody@example.com', []],
    ['nobody by name', 'Zacharias', []],
  ])('finds by %s', async (_, typed, names) => {
    expect(namesIn(await find(wire, typed))).toEqual(names)
  })

  it('finds by sub', async () => {
    const found = await find(wire, wire.sub('Jane').toUpperCase())
    expect(namesIn(found)).toEqual(['Jane Doe'])
  })

  it('asks nobody about what can be nobody', async () => {
    const before = wire.operations().length
    expect(namesIn(await find(wire, 'jane\u0007'))).toEqual([])
    expect(wire.operations()).toHaveLength(before)
  })

  it('reads whom it found afresh, with groups and availability', async () => {
    const before = wire.operations().length
    const found = await find(wire, 'alan@example.com')
    expect(found).toMatchObject({
      matches: [{ account: { groups: ['admins'], status: 'CONFIRMED' } }],
    })
    expect(wire.operations().slice(before)).toContain('AdminGetUser')
  })

  it('fails, quoting nobody, when no pool could be asked', async () => {
    wire.cognito.faults.add({ operation: 'ListUsers', times: 9, kind: denied })
    const failed = await find(wire, 'jane@example.com')
    expect(failed).toMatchObject({ kind: 'failed', failure: { name: 'AccessDeniedException' } })
    expect(JSON.stringify(failed)).not.toContain('arn:')
  })

  it('names the pool whose account could not be read afresh', async () => {
    const here = { operation: 'AdminGetUser', poolId: customersPoolId }
    wire.cognito.faults.add({ ...here, times: 9, kind: denied })
    const failed = await find(wire, 'jane@example.com')
    expect(failed).toMatchObject({ kind: 'failed', unsearchedPools: ['customers'] })
  })

  it('leaves no pool out when all of them answer', async () => {
    expect(await find(wire, 'jane@example.com')).toMatchObject({ unsearchedPools: [] })
  })

  it('tries again by itself when Cognito is busy', async () => {
    wire.cognito.faults.add({ operation: 'ListUsers', times: 1, kind: 'throttle' })
    expect(namesIn(await find(wire, 'jane@example.com'))).toEqual(['Jane Doe'])
  })
})

const denied = {
  name: 'AccessDeniedException',
  message: 'User: arn:aws:sts::123456789012:assumed-role/x is not authorized',
}

it('goes on when one pool fails, as long as another has somebody, and says which it was', async () => {
  const gone = { name: 'gone', userPoolId: 'us-west-2_zzzzzzzzz', region: 'us-west-2' }
  const wire = await openWire({ pools: [gone, customers] })
  const jane = await find(wire, 'jane@example.com')
  expect(namesIn(jane)).toEqual(['Jane Doe'])
  expect(jane).toMatchObject({ unsearchedPools: ['gone'] })
  expect(await find(wire, 'nobody@example.com')).toMatchObject({
    kind: 'failed',
    failure: { kind: 'pool-gone' },
    unsearchedPools: ['gone'],
  })
  await wire.close()
})

describe('many who match', () => {
  const crowd = (size: number) =>
    Array.from({ length: size }, (_, place) =>
      userSeed(`Maria ${String(place).padStart(3, '0')}`, { email: `maria${place}@example.com` }),
    )

  it.each([
    [10, 10, false],
    [11, 10, true],
  ])('of %i, shows %i', async (size, shown, more) => {
    const wire = await openWire({
      seed: { pools: [customersPool(crowd(size))] },
      pools: [customers],
    })
    const found = await find(wire, 'Maria')
    expect(namesIn(found)).toHaveLength(shown)
    expect(found).toMatchObject({ more })
    await wire.close()
  })

  it('B13 do not hide the one whose username it is', async () => {
    const exact = userSeed('Zoe', { username: 'maria' })
    const pools = [customersPool(crowd(30)), staffPool([exact])]
    const wire = await openWire({ seed: { pools } })
    expect(namesIn(await find(wire, 'maria'))[0]).toBe('Zoe')
    await wire.close()
  })

  it('are found beyond the first page, by both words', async () => {
    const wire = await openWire({
      seed: { pools: [customersPool(crowd(130))] },
      pools: [customers],
    })
    expect(namesIn(await find(wire, 'Maria 127'))).toEqual(['Maria 127'])
    await wire.close()
  })

  it('are not looked through one by one in a large pool', async () => {
    const wire = await openWire({
      seed: { pools: [customersPool(crowd(301))] },
      pools: [customers],
    })
    expect(namesIn(await find(wire, '007'))).toEqual([])
    await wire.close()
  })
})

describe('an e-mail in a case-sensitive pool', () => {
  const twins = [
    userSeed('Small', { email: 'ada@example.com' }),
    userSeed('Tall', { email: 'ADA@example.com' }),
  ]
  const seed = { pools: [customersPool(twins, { caseSensitive: true })] }

  it.each([
    ['ada@example.com', ['Small']],
    ['ADA@example.com', ['Tall']],
    ['Ada@example.com', ['Small', 'Tall']],
  ])('%s is whose it is exactly, or else whoever comes close', async (typed, names) => {
    const wire = await openWire({ seed, pools: [customers] })
    expect(namesIn(await find(wire, typed)).sort()).toEqual(names)
    await wire.close()
  })
})

describe('B13 whoever matches is found by what they match', () => {
  const matches = async (wire: Wire, typed: string, pools: readonly PoolRules[] = []) => {
    const found = await wire.accounts.search(termsTyped(typed, pools))
    if (found.kind === 'failed') throw new Error(JSON.stringify(found.failure))
    return found.matches.map(({ account, by }) => [account.name, ...by])
  }
  const people = [
    userSeed('Erik Holm', { username: 'erik@example.com', email: 'erik.holm@example.com' }),
    userSeed('Erik Lund', { email: 'erik@example.com' }),
    userSeed('Mia Mixed', { email: 'Mia.Mixed@Example.com' }),
    userSeed("Sean O'Neill", { email: "sean.o'neill@example.com" }),
    userSeed('Neill Park', { email: 'neill@example.com' }),
    userSeed('Zoe\u0308 Bronte\u0308', { email: 'zoe@example.com' }),
    userSeed('Pat O’Brien', { email: 'pat@example.com' }),
    userSeed('IDN', { email: 'idn@xn--r8jz45g.jp' }),
    userSeed('Capital Id', { username: '6F1A2B3C-0D4E-4F5A-8B6C-7D8E9F0A1B2C' }),
    userSeed('Digits', { username: '0901234567' }),
    userSeed('Number', { username: '+819012345678' }),
    userSeed('Phone', { phone: '+819012345678' }),
    userSeed('Preferred', {
      username: 'p1',
      attributes: { preferred_username: 'countess@example.com' },
    }),
  ]
  const japan = { ...customers, defaultCountry: 'JP' }
  let wire: Wire
  beforeAll(async () => {
    const pool = customersPool(people, { caseSensitive: true, usernameAttributes: [] })
    wire = await openWire({ seed: { pools: [pool] }, pools: [japan] })
  })
  afterAll(() => wire.close())

  it.each([
    [
      'erik@example.com',
      [
        ['Erik Holm', 'username'],
        ['Erik Lund', 'email'],
      ],
    ],
    ['Mia.Mixed@Example.com', [['Mia Mixed', 'email']]],
    ['mia.mixed@example.com', [['Mia Mixed', 'email']]],
    ["sean.o'neill@example.com", [["Sean O'Neill", 'email']]],
    ['sean.o’neill@example.com', [["Sean O'Neill", 'email']]],
    ['neill@example.com', [['Neill Park', 'email']]],
    ['Zoë Brontë', [['Zoe\u0308 Bronte\u0308', 'name']]],
    ["Pat O'Brien", [['Pat O’Brien', 'name']]],
    ["O'Brien", [['Pat O’Brien', 'name']]],
    ['idn@例え.jp', [['IDN', 'email']]],
    ['6F1A2B3C-0D4E-4F5A-8B6C-7D8E9F0A1B2C', [['Capital Id', 'username']]],
    ['0901234567', [['Digits', 'username']]],
    [
      '090-1234-5678',
      [
        ['Number', 'username'],
        ['Phone', 'phone'],
      ],
    ],
    [
      '+81 90 1234 5678',
      [
        ['Number', 'username'],
        ['Phone', 'phone'],
      ],
    ],
    ['countess@example.com', [['Preferred', 'preferred-username']]],
    ['mia', [['Mia Mixed', 'name']]],
    [
      'erik@ex',
      [
        ['Erik Holm', 'beginning'],
        ['Erik Lund', 'beginning'],
      ],
    ],
    ['wrong@example.com', []],
  ])('%s', async (typed, found) => {
    expect((await matches(wire, typed, [japan])).sort()).toEqual(found)
  })

  it('of several things that are named, each tells which led there', async () => {
    const named = termsTyped('neill@example.com, zoe@example.com', [])
    const found = await wire.accounts.search(named)
    if (found.kind === 'failed') throw new Error('nobody was asked')
    for (const { account, terms } of found.matches)
      expect(terms).toEqual([named[account.name === 'Neill Park' ? 0 : 1]])
    expect(found.matches).toHaveLength(2)
  })
})

function namesIn(found: Search): string[] {
  if (found.kind === 'failed') throw new Error(JSON.stringify(found.failure))
  return found.matches.map(({ account }) => account.name)
}

function find(wire: Wire, typed: string): Promise<Search> {
  return wire.accounts.search(termsTyped(readSlackText(typed), []))
}
