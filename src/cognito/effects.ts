/** Every call by which Rekey changes something in Cognito: one for each kind of effect, made once. */

import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type CodeDeliveryDetailsType,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { EffectId } from '../ids.ts'
import type { AccountRef, Contact } from '../recovery/model/account.ts'
import type { Answer, EffectKind, FailureKind } from '../recovery/model/effect.ts'
import type { CallDetails } from '../recovery/ports/accounts.ts'
import type { Secret } from '../secret.ts'
import { mark } from './client.ts'
import { answerTo, answerToReading } from './failures.ts'
import { isMaskOf } from './mask.ts'
import type { PoolSettings } from './pool-settings.ts'
import { secretHash } from './secret-hash.ts'
import { type CognitoUser, emailOf, phoneOf } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** One effect, with everything its call is made of. */
export interface Order extends CallDetails {
  readonly kind: EffectKind
  readonly pool: UserPool
  readonly account: AccountRef
  readonly effect: EffectId
  readonly clientSecret: Secret | undefined
}

/** Makes the call, or says why it was not made. */
export async function perform(order: Order): Promise<Answer> {
  const { kind, pool, unless } = order
  const unready = kind === 'recovery-code' ? whyNoCode(order) : undefined
  if (unready !== undefined) return unready
  if (kind !== 'resend-invitation' && unless === undefined)
    return answered(order, call(kind, order))
  const last = await lastLook(order)
  if (last.kind !== 'user') return last
  // From here to the call nothing is waited for.
  const { user, usernameAttributes } = last
  const objection = unless?.(pool.lookAt(user))
  if (objection !== undefined) return objection
  return kind === 'resend-invitation'
    ? invitation(order, user, usernameAttributes)
    : elsewhere(await answered(order, call(kind, order)), user)
}

function call(kind: Exclude<EffectKind, 'resend-invitation'>, order: Order): Promise<Output> {
  switch (kind) {
    case 'reset':
      return reset(order)
    case 'temporary-password':
    case 'scramble':
      return setPassword(order, false)
    case 'permanent-password':
      return setPassword(order, true)
    case 'recovery-code':
      return recoveryCode(order)
    case 'sign-out':
      return signOut(order)
  }
}

/** The answer to a call that was never tried, because Rekey itself knows better. */
export function notTried(kind: FailureKind, name: string): Answer {
  return { kind: 'refused', failure: { kind, name } }
}

/** What the outputs of all the commands have in common. */
interface Output {
  readonly $metadata: { readonly requestId?: string | undefined }
  readonly CodeDeliveryDetails?: CodeDeliveryDetailsType | undefined
}

async function answered({ kind }: Order, call: Promise<Output>): Promise<Answer> {
  try {
    const output = await call
    const destination = output.CodeDeliveryDetails?.Destination
    return {
      kind: 'done',
      awsRequestId: output.$metadata.requestId ?? '',
      ...(destination !== undefined && { destination }),
    }
  } catch (error) {
    return answerTo(kind, error)
  }
}

function reset({ pool, account, effect }: Order): Promise<Output> {
  const command = new AdminResetUserPasswordCommand({
    ...target(account),
    ClientMetadata: metadata(effect),
  })
  command.middlewareStack.add(mark(effect), atStart)
  return pool.clients.write.send(command)
}

function setPassword(order: Order, permanent: boolean): Promise<Output> {
  const { pool, account, effect, kind, password } = order
  if (!password) throw new Error(`${kind} of ${effect} came without its password`)
  const command = new AdminSetUserPasswordCommand({
    ...target(account),
    Password: password.reveal(),
    Permanent: permanent,
  })
  command.middlewareStack.add(mark(effect), atStart)
  return pool.clients.write.send(command)
}

function signOut({ pool, account, effect }: Order): Promise<Output> {
  const command = new AdminUserGlobalSignOutCommand(target(account))
  command.middlewareStack.add(mark(effect), atStart)
  return pool.clients.write.send(command)
}

/** Why no code can be asked for with what the operator has set up. */
function whyNoCode({ pool, clientSecret }: Order): Answer | undefined {
  const { client } = pool.config
  if (!client) return notTried('configuration', 'NoAppClient')
  return client.secretEnv && !clientSecret ? notTried('configuration', 'NoClientSecret') : undefined
}

// Its success proves little: a client that hides who exists gets it for anybody.
function recoveryCode({ pool, account, effect, clientSecret }: Order): Promise<Output> {
  const id = pool.config.client?.id ?? ''
  const command = new ForgotPasswordCommand({
    ClientId: id,
    Username: account.username,
    SecretHash: clientSecret && secretHash(account.username, id, clientSecret),
    ClientMetadata: metadata(effect),
  })
  command.middlewareStack.add(mark(effect), atStart)
  return pool.clients.write.send(command)
}

type Last =
  | {
      readonly kind: 'user'
      readonly user: CognitoUser
      readonly usernameAttributes: PoolSettings['usernameAttributes']
    }
  | Answer

/** The user, read when all else is at hand: what the pool takes for a username, and the call's credentials. */
async function lastLook({ kind, pool, account }: Order): Promise<Last> {
  try {
    const usernameAttributes =
      kind === 'resend-invitation' ? (await pool.settings()).usernameAttributes : []
    // Where there are none the look has none either, and says so.
    await pool.clients.write.config.credentials().catch(() => undefined)
    const user = await pool.user(account.username)
    if (user?.sub !== account.sub) return notTried('account-gone', 'UserNotFoundException')
    return { kind: 'user', user, usernameAttributes }
  } catch (error) {
    return answerToReading(error)
  }
}

/** Notes where Cognito names a destination that none of the user's addresses looks like. */
function elsewhere(answer: Answer, user: CognitoUser): Answer {
  if (answer.kind !== 'done' || answer.destination === undefined) return answer
  const known = ['email', 'phone_number'].flatMap((name) => user.attributes.get(name) ?? [])
  return known.some((address) => isMaskOf(answer.destination ?? '', address))
    ? answer
    : { ...answer, sentElsewhere: true }
}

// Cognito sends by SMS unless told otherwise.
async function invitation(
  order: Order,
  user: CognitoUser,
  usernameAttributes: PoolSettings['usernameAttributes'],
): Promise<Answer> {
  const contact = emailOf(user) ?? phoneOf(user)
  if (!contact) return notTried('no-channel', 'NoContact')
  return answered(order, resend(order, contact, invitedAs(user, usernameAttributes)))
}

/**
 * What AdminCreateUser calls the user. In a pool where addresses are usernames it wants one ("Username
 * should be an email."), and whether it takes the UUID instead, if only to send again, is not documented.
 */
function invitedAs(
  { username, attributes }: CognitoUser,
  usernameAttributes: PoolSettings['usernameAttributes'],
): string {
  const [address = username] = usernameAttributes.flatMap((name) => attributes.get(name) || [])
  return address
}

function resend(
  { pool, account, effect }: Order,
  contact: Contact,
  username: string,
): Promise<Output> {
  const command = new AdminCreateUserCommand({
    UserPoolId: account.userPoolId,
    Username: username,
    MessageAction: 'RESEND',
    DesiredDeliveryMediums: [contact.kind === 'email' ? 'EMAIL' : 'SMS'],
    ClientMetadata: metadata(effect),
  })
  command.middlewareStack.add(mark(effect), atStart)
  return pool.clients.write.send(command)
}

const atStart = { step: 'initialize' } as const

function target(account: AccountRef) {
  return { UserPoolId: account.userPoolId, Username: account.username }
}

// Reaches the pool's message triggers, so that a custom sender can drop what it has already sent.
function metadata(effect: EffectId): Record<string, string> {
  return { rekeyEffect: effect }
}
