import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import type { SignIn } from '../../../sandbox/cognito/application.ts'
import { totpCode } from '../../../sandbox/cognito/sign-in.ts'
import {
  customersPoolId,
  secretClient,
  staffClient,
} from '../../../sandbox/world/user-pool-seed.ts'
import { applicationFor, days, minutes, openCognito } from './setup.ts'

const here = (Username: string) => ({ UserPoolId: customersPoolId, Username })
const badLogin = {
  kind: 'refused',
  name: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
}

type Of<K extends SignIn['kind']> = Extract<SignIn, { kind: K }>

function the<K extends SignIn['kind']>(kind: K, signIn: SignIn): Of<K> {
  const is = (each: SignIn): each is Of<K> => each.kind === kind
  if (!is(signIn)) throw new Error(`expected ${kind}, got ${JSON.stringify(signIn)}`)
  return signIn
}

describe('signing in', () => {
  it('works with e-mail in any case, and with the sub', async () => {
    const { cognito, application, clock } = await openCognito()
    const { sub } = cognito.pools.get('customers').user('jane@example.com')
    for (const name of ['jane@example.com', 'JANE@Example.com', sub]) {
      expect(await application.signIn(name, 'Jane-sandbox-1')).toMatchObject({ kind: 'signed-in' })
    }
    expect(cognito.pools.get('customers').user(sub)).toMatchObject({
      lastSignInAt: clock.now(),
      signedInWith: 'password',
      sessions: 3,
    })
  })

  it('does not work with a wrong password', async () => {
    const { application } = await openCognito()
    expect(await application.signIn('jane@example.com', 'wrong')).toEqual(badLogin)
  })

  it('tells of an absent or disabled user only through a client that tells', async () => {
    const { cognito, application } = await openCognito()
    const discreet = applicationFor(cognito.url, secretClient)
    expect(await application.signIn('nobody@example.com', 'x')).toMatchObject({
      name: 'UserNotFoundException',
    })
    expect(await application.signIn('grace@example.com', 'Grace-sandbox-1')).toMatchObject({
      message: 'User is disabled.',
    })
    expect(await discreet.signIn('nobody@example.com', 'x')).toEqual(badLogin)
    expect(await discreet.signIn('grace@example.com', 'Grace-sandbox-1')).toEqual(badLogin)
  })

  it('asks for a reset only after the right old password', async () => {
    const { application, sdk } = await openCognito()
    await sdk.send(new AdminResetUserPasswordCommand(here('jane@example.com')))
    expect(await application.signIn('jane@example.com', 'wrong')).toEqual(badLogin)
    expect(await application.signIn('jane@example.com', 'Jane-sandbox-1')).toEqual({
      kind: 'password-reset-required',
    })
  })

  it('waits for the sign-up to be confirmed', async () => {
    const { application } = await openCognito()
    expect(await application.signIn('dave@example.com', 'Dave-sandbox-1')).toMatchObject({
      name: 'UserNotConfirmedException',
    })
  })

  it('locks after five failures, for a second and then longer', async () => {
    const { application, clock } = await openCognito()
    const jane = (password: string) => application.signIn('jane@example.com', password)
    for (let count = 0; count < 5; count++) expect(await jane('wrong')).toEqual(badLogin)
    const locked = { message: 'Password attempts exceeded' }
    expect(await jane('Jane-sandbox-1')).toMatchObject(locked)
    clock.advance(1000)
    expect(await jane('wrong')).toEqual(badLogin)
    clock.advance(1000)
    expect(await jane('Jane-sandbox-1')).toMatchObject(locked)
    clock.advance(1000)
    expect(await jane('Jane-sandbox-1')).toMatchObject({ kind: 'signed-in' })
  })

  it('needs a verified alias where usernames are the application’s', async () => {
    const { cognito } = await openCognito()
    const application = applicationFor(cognito.url, staffClient)
    expect(await application.signIn('mary@staff.example', 'Mary-sandbox-1')).toMatchObject({
      kind: 'signed-in',
    })
    expect(await application.signIn('nora@staff.example', 'Nora-sandbox-1')).toMatchObject({
      name: 'UserNotFoundException',
    })
    expect(await application.signIn('nora.pike', 'Nora-sandbox-1')).toMatchObject({
      kind: 'signed-in',
    })
  })
})

describe('a temporary password', () => {
  const carol = 'carol@example.com'

  it('leads to a new one, and so to a confirmed account', async () => {
    const { cognito, application } = await openCognito()
    const first = the('new-password-required', await application.signIn(carol, 'Carol-sandbox-1'))
    expect(await first.respond('weak')).toMatchObject({ name: 'InvalidParameterException' })
    expect(await first.respond('tooweak')).toMatchObject({ name: 'InvalidPasswordException' })
    expect(await first.respond('Carols-own-7')).toMatchObject({ kind: 'signed-in' })
    expect(cognito.pools.get('customers').user(carol)).toMatchObject({
      status: 'CONFIRMED',
      signedInWith: 'new-password',
    })
    expect(await first.respond('Carols-own-8')).toMatchObject({
      message: 'Invalid session for the user.',
    })
  })

  it('expires after the pool’s days, which a new one starts afresh', async () => {
    const { application, sdk, clock, cognito } = await openCognito()
    clock.advance(days(5))
    const tooOld = 'Temporary password has expired and must be reset by an administrator.'
    expect(await application.signIn(carol, 'Carol-sandbox-1')).toMatchObject({ message: tooOld })
    const discreet = applicationFor(cognito.url, secretClient)
    expect(await discreet.signIn(carol, 'Carol-sandbox-1')).toEqual(badLogin)
    await sdk.send(new AdminSetUserPasswordCommand({ ...here(carol), Password: 'Given-by-desk-7' }))
    clock.advance(days(7) - 1)
    expect(await application.signIn(carol, 'Given-by-desk-7')).toMatchObject({
      kind: 'new-password-required',
    })
    clock.advance(1)
    expect(await application.signIn(carol, 'Given-by-desk-7')).toMatchObject({ message: tooOld })
  })

  it('lasts seven days where the pool says zero', async () => {
    const passwordPolicy = { temporaryPasswordValidityDays: 0 }
    const { application, clock } = await openCognito(undefined, { passwordPolicy })
    clock.advance(days(5) - 1)
    expect(await application.signIn(carol, 'Carol-sandbox-1')).toMatchObject({
      kind: 'new-password-required',
    })
  })

  it('cannot be turned in once another one was set', async () => {
    const { application, sdk } = await openCognito()
    const first = the('new-password-required', await application.signIn(carol, 'Carol-sandbox-1'))
    await sdk.send(new AdminSetUserPasswordCommand({ ...here(carol), Password: 'Given-by-desk-7' }))
    expect(await first.respond('Carols-own-7')).toMatchObject({ name: 'NotAuthorizedException' })
  })

  it('must be turned in within three minutes', async () => {
    const { application, clock } = await openCognito()
    const first = the('new-password-required', await application.signIn(carol, 'Carol-sandbox-1'))
    clock.advance(minutes(3))
    expect(await first.respond('Carols-own-7')).toMatchObject({ name: 'NotAuthorizedException' })
  })
})

describe('a second factor', () => {
  it.each([
    ['heidi@example.com', 'Heidi-sandbox-1', 'heidi@example.com', 'h***@e***'],
    ['ivan@example.com', 'Ivan-sandbox-1', '+12065550109', '+*******0109'],
  ])('of %s arrives in the mailbox', async (name, password, to, destination) => {
    const { cognito, application } = await openCognito()
    const second = the('mfa', await application.signIn(name, password))
    expect(second.destination).toBe(destination)
    expect(await second.respond('nonsense')).toMatchObject({ name: 'CodeMismatchException' })
    const message = cognito.mailbox.latest(to)
    expect(message?.template).toBe('mfa-code')
    expect(await second.respond(message?.code ?? '')).toMatchObject({ kind: 'signed-in' })
  })

  it('from an authenticator app is always the same here', async () => {
    const { application } = await openCognito()
    const second = the('mfa', await application.signIn('judy@example.com', 'Judy-sandbox-1'))
    expect(await second.respond(totpCode)).toMatchObject({ kind: 'signed-in' })
  })

  it('is still asked for after a new password', async () => {
    const { application, sdk } = await openCognito()
    const judy = 'judy@example.com'
    await sdk.send(new AdminSetUserPasswordCommand({ ...here(judy), Password: 'Given-by-desk-7' }))
    const first = the('new-password-required', await application.signIn(judy, 'Given-by-desk-7'))
    const second = the('mfa', await first.respond('Judys-own-77'))
    expect(await second.respond(totpCode)).toMatchObject({ kind: 'signed-in' })
  })
})

describe('a session', () => {
  const jane = 'jane@example.com'

  async function signedIn() {
    const opened = await openCognito()
    const { refreshToken = '' } = the(
      'signed-in',
      await opened.application.signIn(jane, 'Jane-sandbox-1'),
    )
    return { ...opened, again: () => opened.application.refresh(jane, refreshToken) }
  }

  it('survives a reset and a set password', async () => {
    const { again, sdk } = await signedIn()
    await sdk.send(new AdminResetUserPasswordCommand(here(jane)))
    expect(await again()).toMatchObject({ kind: 'signed-in' })
    await sdk.send(new AdminSetUserPasswordCommand({ ...here(jane), Password: 'Given-by-desk-7' }))
    expect(await again()).toMatchObject({ kind: 'signed-in' })
  })

  it('ends by signing out everywhere, which moves no date', async () => {
    const { again, sdk, cognito } = await signedIn()
    const before = cognito.pools.get('customers').user(jane).lastModified
    await sdk.send(new AdminUserGlobalSignOutCommand(here(jane)))
    expect(await again()).toMatchObject({ message: 'Refresh Token has been revoked' })
    expect(cognito.pools.get('customers').user(jane)).toMatchObject({
      lastModified: before,
      sessions: 0,
    })
  })

  it('ends when the user is disabled and does not come back', async () => {
    const { again, sdk } = await signedIn()
    await sdk.send(new AdminDisableUserCommand(here(jane)))
    await sdk.send(new AdminEnableUserCommand(here(jane)))
    expect(await again()).toMatchObject({ message: 'Refresh Token has been revoked' })
  })

  it('lasts thirty days', async () => {
    const { again, clock } = await signedIn()
    clock.advance(days(30))
    expect(await again()).toMatchObject({ message: 'Refresh Token has expired' })
  })
})
