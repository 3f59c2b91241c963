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
import type { Secret } from '../secret.ts'
import { mark } from './client.ts'
import { answerTo, answerToReading } from './failures.ts'
import type { PoolSettings } from './pool-settings.ts'
import { secretHash } from './secret-hash.ts'
import { type CognitoUser, emailOf, phoneOf } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** One effect, with everything its call is made of. */
export interface Order {
  readonly kind: EffectKind
  readonly pool: UserPool
  readonly account: AccountRef
  readonly effect: EffectId
  readonly password: Secret | undefined
  readonly clientSecret: Secret | undefined
}

/** Makes the call, or says why it was not made. */
export async function perform(order: Order): Promise<Answer> {
  switch (order.kind) {
    case 'reset':
      return answered(order, reset(order))
    case 'temporary-password':
    case 'scramble':
      return answered(order, setPassword(order, false))
    case 'permanent-password':
      return answered(order, setPassword(order, true))
    case 'recovery-code':
      return recoveryCode(order)
    case 'resend-invitation':
      return invitation(order)
    case 'sign-out':
      return answered(order, signOut(order))
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

// Its success proves little: a client that hides who exists gets it for anybody.
async function recoveryCode(order: Order): Promise<Answer> {
  const { pool, account, effect, clientSecret } = order
  const { client } = pool.config
  if (!client) return notTried('configuration', 'NoAppClient')
  if (client.secretEnv && !clientSecret) return notTried('configuration', 'NoClientSecret')
  const command = new ForgotPasswordCommand({
    ClientId: client.id,
    Username: account.username,
    SecretHash: clientSecret && secretHash(account.username, client.id, clientSecret),
    ClientMetadata: metadata(effect),
  })
  command.middlewareStack.add(mark(effect), atStart)
  return answered(order, pool.clients.write.send(command))
}

// Cognito sends by SMS unless told otherwise, so the account is read first to see what it has.
async function invitation(order: Order): Promise<Answer> {
  try {
    const { pool, account } = order
    const [user, settings] = await Promise.all([pool.user(account.username), pool.settings()])
    if (user?.sub !== account.sub) return notTried('account-gone', 'UserNotFoundException')
    const contact = emailOf(user) ?? phoneOf(user)
    if (!contact) return notTried('no-channel', 'NoContact')
    return answered(order, resend(order, contact, invitedAs(user, settings)))
  } catch (error) {
    return answerToReading(error)
  }
}

/**
 * What AdminCreateUser calls the user. In a pool where addresses are usernames it wants one ("Username
 * should be an email."), and whether it takes the UUID instead, if only to send again, is not documented.
 */
function invitedAs({ username, attributes }: CognitoUser, pool: PoolSettings): string {
  const [address = username] = pool.usernameAttributes.flatMap((name) => attributes.get(name) || [])
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
