// biome-ignore-all lint/style/noExcessiveLinesPerFile: every operation on a user, over one pool

import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserAuthFactorsCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminUpdateUserAttributesCommand,
  type CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { userSeed } from '../../../sandbox/cognito/user-seed.ts'
import {
  customersPoolId,
  secretClient,
  staffPoolId,
  webClient,
} from '../../../sandbox/world/user-pool-seed.ts'
import { minutes, openCognito, verdict } from './setup.ts'

const here = (Username: string) => ({ UserPoolId: customersPoolId, Username })
const jane = 'jane@example.com'

describe('looking at one user', () => {
  it('shows status, attributes and dates', async () => {
    const { cognito, sdk, clock } = await openCognito()
    clock.advance(7)
    const pool = cognito.pools.get('customers')
    const { lastModified } = pool.update(jane, { attributes: { given_name: 'Jane' } })
    const { sub } = pool.user(jane)
    const seen = await sdk.send(new AdminGetUserCommand(here(jane)))
    expect(seen).toMatchObject({ Username: sub, Enabled: true, UserStatus: 'CONFIRMED' })
    expect(seen.UserLastModifiedDate).toEqual(lastModified)
    expect(seen.UserLastModifiedDate?.getMilliseconds()).toBe(7)
    expect(seen.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' })
    expect(seen.UserAttributes?.[0]).toEqual({ Name: 'sub', Value: sub })
  })

  it('shows second factors and whether there is a password', async () => {
    const { sdk } = await openCognito()
    expect(await sdk.send(new AdminGetUserCommand(here('heidi@example.com')))).toMatchObject({
      PreferredMfaSetting: 'EMAIL_OTP',
      UserMFASettingList: ['EMAIL_OTP'],
    })
    const factors = async (name: string) =>
      (await sdk.send(new AdminGetUserAuthFactorsCommand(here(name)))).ConfiguredUserAuthFactors
    expect(await factors('judy@example.com')).toEqual(['PASSWORD', 'SOFTWARE_TOKEN'])
    expect(await factors('Google_1234567890')).toEqual([])
  })

  it('does not find a federated user, or an unverified alias, by e-mail', async () => {
    const { sdk } = await openCognito()
    const absent = 'UserNotFoundException: User does not exist.'
    const get = (UserPoolId: string, Username: string) =>
      verdict(sdk.send(new AdminGetUserCommand({ UserPoolId, Username })))
    expect(await get(customersPoolId, 'frank@example.com')).toBe(absent)
    expect(await get(staffPoolId, 'nora@staff.example')).toBe(absent)
    expect(await get(staffPoolId, 'mary@staff.example')).toBe('ok')
    expect(await get('us-west-2_nowhere', jane)).toBe(
      'ResourceNotFoundException: User pool us-west-2_nowhere does not exist.',
    )
  })

  it('lists groups page by page', async () => {
    const { cognito, sdk } = await openCognito()
    cognito.pools.get('customers').update(jane, { groups: ['admins', 'billing', 'eu'] })
    const first = await sdk.send(new AdminListGroupsForUserCommand({ ...here(jane), Limit: 2 }))
    const rest = await sdk.send(
      new AdminListGroupsForUserCommand({ ...here(jane), NextToken: first.NextToken }),
    )
    const names = [...(first.Groups ?? []), ...(rest.Groups ?? [])].map((group) => group.GroupName)
    expect(names).toEqual(['admins', 'billing', 'eu'])
    expect(rest.NextToken).toBeUndefined()
  })
})

describe('searching for users', () => {
  const odd = userSeed('O"Hara \\ Sons', { email: 'ohara@example.com' })
  const people = [
    userSeed('Jane Doe', { email: jane, phone: '+12065550123' }),
    userSeed('Julian', { email: 'julian@example.com', enabled: false }),
    userSeed('Erin', { email: 'erin@example.com', status: 'RESET_REQUIRED' }),
    odd,
  ]

  async function names(sdk: CognitoIdentityProviderClient, Filter: string) {
    const list = new ListUsersCommand({ UserPoolId: customersPoolId, Filter })
    const { Users = [] } = await sdk.send(list)
    return Users.map(({ Attributes = [] }) => Attributes.find(({ Name }) => Name === 'name')?.Value)
  }

  it.each([
    ['', ['Jane Doe', 'Julian', 'Erin', odd.attributes?.['name']]],
    ['email = "jane@example.com"', ['Jane Doe']],
    ['email="JANE@example.com"', ['Jane Doe']],
    ['email ^= "j"', ['Jane Doe', 'Julian']],
    ['email ^= "julian@e"', ['Julian']],
    ['email ^= "julian@"', []],
    ['phone_number = "+12065550123"', ['Jane Doe']],
    ['cognito:user_status = "reset_required"', ['Erin']],
    ['status = "Disabled"', ['Julian']],
    ['status = "disabled"', []],
    [`sub = "${odd.sub}"`, [odd.attributes?.['name']]],
    ['name = "O\\"Hara \\\\ Sons"', [odd.attributes?.['name']]],
  ])('%s', async (filter, found) => {
    const { sdk } = await openCognito(people)
    expect(await names(sdk, filter)).toEqual(found)
  })

  it.each([
    ['email = "a" or email = "b"', 'Error while parsing filter.'],
    ['name = "O"Hara"', 'Error while parsing filter.'],
    ['name = "back\\slash"', 'Error while parsing filter.'],
    ['email', 'Error while parsing filter.'],
    ['email > "a"', 'Error while parsing filter.'],
    ['custom:tier = "gold"', 'Invalid search attribute: custom:tier'],
  ])('refuses %s', async (filter, message) => {
    const { sdk } = await openCognito(people)
    expect(await verdict(names(sdk, filter))).toBe(`InvalidParameterException: ${message}`)
  })

  it('refuses a filter of more than 256 characters', async () => {
    const { sdk } = await openCognito(people)
    expect(await verdict(names(sdk, `email = "${'x'.repeat(247)}"`))).toMatch(
      /at 'filter' failed to satisfy constraint: Member must have length less than or equal to 256$/,
    )
  })

  it('gives pages whose tokens live one hour', async () => {
    const { sdk, clock } = await openCognito(people)
    const page = (more: Partial<ListUsersCommandInput>) =>
      sdk.send(new ListUsersCommand({ UserPoolId: customersPoolId, Limit: 3, ...more }))
    const first = await page({})
    expect(first.Users).toHaveLength(3)
    const second = await page({ PaginationToken: first.PaginationToken })
    expect(second.Users?.map((user) => user.Username)).toEqual([odd.sub])
    expect(second.PaginationToken).toBeUndefined()
    clock.advance(minutes(60))
    expect(await verdict(page({ PaginationToken: first.PaginationToken }))).toMatch(
      /^InvalidParameterException/,
    )
  })

  it('gives only the attributes asked for, when everybody has them', async () => {
    const { sdk } = await openCognito(people)
    const ask = (attribute: string) =>
      sdk.send(new ListUsersCommand({ UserPoolId: customersPoolId, AttributesToGet: [attribute] }))
    expect((await ask('email')).Users?.[0]?.Attributes).toEqual([{ Name: 'email', Value: jane }])
    expect(await verdict(ask('phone_number'))).toBe(
      'InvalidParameterException: One or more requested attributes do not exist.',
    )
  })

  it('finds both holders of one address', async () => {
    const { sdk } = await openCognito()
    expect(await names(sdk, 'email = "family@example.com"')).toEqual(['Fay Brook', 'Finn Brook'])
  })
})

describe('changing a user', () => {
  const set = (name: string, ...pairs: readonly (readonly [string, string])[]) =>
    new AdminUpdateUserAttributesCommand({
      ...here(name),
      UserAttributes: pairs.map(([Name, Value]) => ({ Name, Value })),
    })

  it('verifies, renames and deletes attributes', async () => {
    const { cognito, sdk } = await openCognito()
    const pool = cognito.pools.get('customers')
    await sdk.send(set('bob@example.com', ['email_verified', 'true'], ['name', '']))
    expect(pool.user('bob@example.com').attributes).not.toHaveProperty('name')
    expect(pool.user('bob@example.com').attributes['email_verified']).toBe('true')
    await sdk.send(set('bob@example.com', ['email', 'rob@example.com']))
    expect(pool.user('rob@example.com').attributes).not.toHaveProperty('email_verified')
  })

  it('refuses an address that is taken, and any change of the sub', async () => {
    const { sdk } = await openCognito()
    expect(await verdict(sdk.send(set('bob@example.com', ['email', jane])))).toBe(
      'AliasExistsException: An account with the given email already exists.',
    )
    expect(await verdict(sdk.send(set(jane, ['sub', 'x'])))).toMatch(/^InvalidParameterException/)
  })

  it('switches off and on', async () => {
    const { cognito, sdk } = await openCognito()
    const enabled = () => cognito.pools.get('customers').user(jane).enabled
    await sdk.send(new AdminDisableUserCommand(here(jane)))
    expect(enabled()).toBe(false)
    await sdk.send(new AdminEnableUserCommand(here(jane)))
    expect(enabled()).toBe(true)
  })
})

describe('the hand from outside', () => {
  it('moves an address to another account', async () => {
    const { cognito, sdk } = await openCognito()
    const pool = cognito.pools.get('customers')
    const alan = pool.user('alan@example.com')
    pool.update(jane, { attributes: { email: 'old-jane@example.com' } })
    pool.update(alan.username, { attributes: { email: jane } })
    expect((await sdk.send(new AdminGetUserCommand(here(jane)))).Username).toBe(alan.username)
    expect(pool.user(jane).lastModified > alan.lastModified).toBe(true)
  })

  it('adds and removes people, and knows their passwords by hash alone', async () => {
    const { cognito } = await openCognito()
    const pool = cognito.pools.get('customers')
    pool.add(userSeed('Lena', { email: 'lena@example.com', password: 'Lena-canary-1' }))
    expect(pool.isPassword('lena@example.com', 'Lena-canary-1')).toBe(true)
    expect(pool.isPassword('lena@example.com', 'Lena-canary-2')).toBe(false)
    expect(JSON.stringify(pool.users())).not.toContain('canary')
    pool.remove('lena@example.com')
    expect(() => pool.user('lena@example.com')).toThrow('User does not exist.')
  })
})

describe('an invitation', () => {
  const invite = (more: object = {}) =>
    new AdminCreateUserCommand({
      ...here('carol@example.com'),
      MessageAction: 'RESEND',
      DesiredDeliveryMediums: ['EMAIL'],
      ...more,
    })

  it('sent again has a new password, and the old one is dead', async () => {
    const { cognito, sdk, application } = await openCognito()
    const { User } = await sdk.send(invite())
    expect(User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD')
    const message = cognito.mailbox.latest('carol@example.com')
    expect(message).toMatchObject({ kind: 'email', template: 'invitation' })
    expect(message?.body).toContain(message?.temporaryPassword)
    const signIn = (password: string) => application.signIn('carol@example.com', password)
    expect(await signIn('Carol-sandbox-1')).toMatchObject({ kind: 'refused' })
    expect(await signIn(message?.temporaryPassword ?? '')).toMatchObject({
      kind: 'new-password-required',
    })
  })

  it('without a medium goes by SMS, so nowhere for an e-mail user, but changes the password', async () => {
    const { cognito, sdk } = await openCognito()
    const again = sdk.send(invite({ DesiredDeliveryMediums: undefined }))
    expect(await verdict(again)).toBe(
      'CodeDeliveryFailureException: Unable to deliver code to user',
    )
    expect(cognito.mailbox.messages).toHaveLength(0)
    const pool = cognito.pools.get('customers')
    expect(pool.isPassword('carol@example.com', 'Carol-sandbox-1')).toBe(false)
  })

  it('makes a new user', async () => {
    const { cognito, sdk } = await openCognito()
    const first = invite({ MessageAction: undefined, Username: 'lena@example.com' })
    await sdk.send(first)
    expect(cognito.mailbox.latest('lena@example.com')?.template).toBe('invitation')
    expect(await verdict(sdk.send(first))).toMatch(/^UsernameExistsException/)
  })

  it.each([
    [['email'], 'an email'],
    [['phone_number'], 'a phone number'],
    [['email', 'phone_number'], 'either an email or a phone number'],
  ] as const)(
    'takes no username but an address where usernames are %j',
    async (usernameAttributes, wanted) => {
      const carol = userSeed('Carol', {
        status: 'FORCE_CHANGE_PASSWORD',
        email: 'carol@example.com',
      })
      const { sdk } = await openCognito([carol], { usernameAttributes })
      for (const MessageAction of ['RESEND', undefined]) {
        const answer = sdk.send(invite({ MessageAction, Username: carol.sub }))
        expect(await verdict(answer)).toBe(
          `InvalidParameterException: Username should be ${wanted}.`,
        )
      }
    },
  )

  it('cannot be sent again to nobody', async () => {
    const { sdk } = await openCognito()
    expect(await verdict(sdk.send(invite({ Username: 'nobody@example.com' })))).toMatch(
      /^UserNotFoundException/,
    )
  })
})

describe('describing', () => {
  it('shows what the pool is like', async () => {
    const { sdk } = await openCognito()
    const { UserPool } = await sdk.send(new DescribeUserPoolCommand({ UserPoolId: staffPoolId }))
    expect(UserPool).toMatchObject({
      Id: staffPoolId,
      Name: 'staff',
      AliasAttributes: ['email'],
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
      Policies: { PasswordPolicy: { MinimumLength: 12, PasswordHistorySize: 5 } },
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
      UsernameConfiguration: { CaseSensitive: false },
    })
  })

  it('shows a client with its secret, in its own pool only', async () => {
    const { sdk } = await openCognito()
    const describeClient = (UserPoolId: string, ClientId: string) =>
      sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect((await describeClient(customersPoolId, secretClient.id)).UserPoolClient).toMatchObject({
      ClientSecret: secretClient.secret,
      PreventUserExistenceErrors: 'ENABLED',
    })
    expect(await verdict(describeClient(staffPoolId, webClient.id))).toBe(
      `ResourceNotFoundException: User pool client ${webClient.id} does not exist.`,
    )
  })
})
