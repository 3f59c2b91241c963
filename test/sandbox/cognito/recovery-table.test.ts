import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import type { UserSeed, UserStatus } from '../../../sandbox/cognito/user.ts'
import { federatedUserSeed, userSeed } from '../../../sandbox/cognito/user-seed.ts'
import { customersPoolId, webClient } from '../../../sandbox/world/user-pool-seed.ts'
import { openCognito, verdict } from './setup.ts'

const wrongState = 'NotAuthorizedException: User password cannot be reset in the current state.'
const noChannel =
  'InvalidParameterException: Cannot reset password for the user as there is no registered/verified email or phone_number'
const disabled = 'NotAuthorizedException: User is disabled.'
const noResend =
  /^UnsupportedUserStateException: Resend not possible\. \S+ status is not FORCE_CHANGE_PASSWORD$/

const here = (email: string) => ({ UserPoolId: customersPoolId, Username: email })

type Ask = (sdk: CognitoIdentityProviderClient, name: string) => Promise<unknown>

const methods = {
  reset: (sdk, name) => sdk.send(new AdminResetUserPasswordCommand(here(name))),
  forgot: (sdk, name) =>
    sdk.send(new ForgotPasswordCommand({ ClientId: webClient.id, Username: name })),
  temporary: (sdk, name) =>
    sdk.send(new AdminSetUserPasswordCommand({ ...here(name), Password: 'Given-by-desk-7' })),
  permanent: (sdk, name) =>
    sdk.send(
      new AdminSetUserPasswordCommand({
        ...here(name),
        Password: 'Given-by-desk-7',
        Permanent: true,
      }),
    ),
  // The one that wants the address.
  resend: (sdk) =>
    sdk.send(
      new AdminCreateUserCommand({
        ...here('jane@example.com'),
        MessageAction: 'RESEND',
        DesiredDeliveryMediums: ['EMAIL'],
      }),
    ),
} satisfies Record<string, Ask>

type Method = keyof typeof methods
const everyMethod = [
  'reset',
  'forgot',
  'temporary',
  'permanent',
  'resend',
] as const satisfies Method[]

const unverified = { emailVerified: false }
type Cell = { readonly says: string | RegExp; readonly then: UserStatus }
type Row = Record<Method, Cell> & { readonly who: string; readonly jane: UserSeed }

const ok = (then: UserStatus): Cell => ({ says: 'ok', then })
const no = (says: string | RegExp, then: UserStatus): Cell => ({ says, then })

const confirmed = userSeed('Jane', { email: 'jane@example.com' })
const waiting = userSeed('Jane', { email: 'jane@example.com', status: 'RESET_REQUIRED' })

const rows: readonly Row[] = [
  {
    who: 'confirmed',
    jane: confirmed,
    reset: ok('RESET_REQUIRED'),
    forgot: ok('CONFIRMED'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: no(noResend, 'CONFIRMED'),
  },
  {
    who: 'confirmed, no channel',
    jane: userSeed('Jane', { email: 'jane@example.com', ...unverified }),
    reset: no(noChannel, 'CONFIRMED'),
    forgot: no(noChannel, 'CONFIRMED'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: no(noResend, 'CONFIRMED'),
  },
  {
    who: 'reset required',
    jane: waiting,
    reset: ok('RESET_REQUIRED'),
    forgot: ok('RESET_REQUIRED'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: no(noResend, 'RESET_REQUIRED'),
  },
  {
    who: 'reset required, no channel',
    jane: userSeed('Jane', {
      email: 'jane@example.com',
      status: 'RESET_REQUIRED',
      ...unverified,
    }),
    reset: no(noChannel, 'RESET_REQUIRED'),
    forgot: no(noChannel, 'RESET_REQUIRED'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: no(noResend, 'RESET_REQUIRED'),
  },
  {
    who: 'force change',
    jane: userSeed('Jane', { email: 'jane@example.com', status: 'FORCE_CHANGE_PASSWORD' }),
    reset: no(wrongState, 'FORCE_CHANGE_PASSWORD'),
    forgot: no(wrongState, 'FORCE_CHANGE_PASSWORD'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: ok('FORCE_CHANGE_PASSWORD'),
  },
  {
    who: 'force change, expired',
    jane: userSeed('Jane', {
      email: 'jane@example.com',
      status: 'FORCE_CHANGE_PASSWORD',
      ageDays: 30,
    }),
    reset: no(wrongState, 'FORCE_CHANGE_PASSWORD'),
    forgot: no(wrongState, 'FORCE_CHANGE_PASSWORD'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: ok('FORCE_CHANGE_PASSWORD'),
  },
  {
    who: 'unconfirmed',
    jane: userSeed('Jane', { email: 'jane@example.com', status: 'UNCONFIRMED', ...unverified }),
    reset: no(wrongState, 'UNCONFIRMED'),
    forgot: no(noChannel, 'UNCONFIRMED'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: no(noResend, 'UNCONFIRMED'),
  },
  {
    who: 'federated',
    jane: federatedUserSeed('Jane', 'Google_1', 'jane@example.com'),
    reset: no(wrongState, 'EXTERNAL_PROVIDER'),
    forgot: no(wrongState, 'EXTERNAL_PROVIDER'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: no(/^UserNotFoundException/, 'EXTERNAL_PROVIDER'),
  },
  {
    who: 'disabled',
    jane: userSeed('Jane', { email: 'jane@example.com', enabled: false }),
    reset: no(disabled, 'CONFIRMED'),
    forgot: no(disabled, 'CONFIRMED'),
    temporary: ok('FORCE_CHANGE_PASSWORD'),
    permanent: ok('CONFIRMED'),
    resend: no(noResend, 'CONFIRMED'),
  },
]

const cells = rows.flatMap((row) =>
  everyMethod.map((method) => ({ who: row.who, jane: row.jane, method, ...row[method] })),
)

describe('each way of recovery, for each state of an account', () => {
  it.each(cells)('$who, $method: $says', async ({ jane, method, says, then }) => {
    const { cognito, sdk, clock } = await openCognito([jane])
    clock.advance(1)
    const pool = cognito.pools.get('customers')
    const before = pool.user(jane.username)

    const said = await verdict(methods[method](sdk, jane.username))
    if (typeof says === 'string') expect(said).toBe(says)
    else expect(said).toMatch(says)

    const after = pool.user(jane.username)
    expect(after.status).toBe(then)
    const moves = says === 'ok' && method !== 'forgot'
    expect(after.lastModified > before.lastModified).toBe(moves)
    const sends = says === 'ok' && ['reset', 'forgot', 'resend'].includes(method)
    expect(cognito.mailbox.to('jane@example.com')).toHaveLength(sends ? 1 : 0)
  })

  it('can refuse a second reset, since AWS does not say what happens', async () => {
    const { cognito, sdk } = await openCognito([waiting], {
      resetAgain: 'refused',
    })
    expect(await verdict(methods.reset(sdk, 'jane@example.com'))).toBe(wrongState)
    expect(cognito.mailbox.messages).toHaveLength(0)
  })

  it('moves the last-modified date even when the clock stands still', async () => {
    const { cognito, sdk } = await openCognito([{ ...confirmed, ageDays: 0 }])
    const before = cognito.pools.get('customers').user('jane@example.com').lastModified
    await methods.reset(sdk, 'jane@example.com')
    const after = cognito.pools.get('customers').user('jane@example.com').lastModified
    expect(after.getTime() - before.getTime()).toBe(1)
  })
})
