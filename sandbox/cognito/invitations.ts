/** AdminCreateUser: an invitation for a new user, or a second one with a new temporary password. */

import { randomUUID } from 'node:crypto'
import { emailChannel, phoneChannel } from './channels.ts'
import { invitationMessage } from './mailbox.ts'
import { type Context, signed } from './operation.ts'
import { demandPolicy, inventPassword } from './password-policy.ts'
import { type Pool, requirePool } from './pool.ts'
import { codeDeliveryFailure, invalidParameter, ServiceException } from './service-exception.ts'
import { newUser, replacePassword, type User } from './user.ts'
import { attributeList as describedAttributes, description } from './users-read.ts'
import { attributeList, oneOf, password, texts, username, userPoolId } from './validation.ts'

/**
 * `RESEND` makes a new temporary password, restarts its validity and is for users who have not yet signed in.
 * The default medium is SMS, as AWS documents: an invitation by e-mail has to ask for it. The answer never
 * has the temporary password. Every RESEND makes another one, so a retry is not safe. ForceAliasCreation is
 * not read, and an address that somebody else has is no obstacle.
 *
 * @throws ServiceException `UsernameExistsException` for a new user; for RESEND `UserNotFoundException`
 * (getmoto/moto#2741) and `UnsupportedUserStateException`; `InvalidPasswordException`;
 * `InvalidParameterException` for a name that is no address where addresses are usernames;
 * `CodeDeliveryFailureException`, after the change
 */
export const AdminCreateUser = signed(
  {
    UserPoolId: userPoolId,
    Username: username,
    TemporaryPassword: password,
    MessageAction: oneOf(['RESEND', 'SUPPRESS']),
    DesiredDeliveryMediums: texts,
    UserAttributes: attributeList,
  },
  (input, context) => {
    const pool = requirePool(context.pools, input.UserPoolId)
    demandSignInName(pool, input.Username)
    const temporary = input.TemporaryPassword ?? inventPassword(pool.settings.passwordPolicy)
    demandPolicy(temporary, pool.settings.passwordPolicy)
    const again = input.MessageAction === 'RESEND'
    const user = again
      ? invitedBefore(pool, input.Username)
      : created(pool, input.Username, input.UserAttributes ?? new Map(), context.now)
    replacePassword(user, temporary, 'FORCE_CHANGE_PASSWORD', context.now)
    pool.sessions.dropChallenges(user.sub)
    if (input.MessageAction !== 'SUPPRESS') {
      const mediums = input.DesiredDeliveryMediums ?? ['SMS']
      invite(pool, user, { temporary, mediums }, context)
    }
    return { User: { ...description(user), Attributes: describedAttributes(user.attributes) } }
  },
)

const signInNames = {
  email: { says: 'an email', is: (name: string) => name.includes('@') },
  phone_number: { says: 'a phone number', is: (name: string) => /^\+\d+$/.test(name) },
}

// Where addresses are usernames, nothing else will do here. AWS does not say whether the UUID that
// such a user is kept under will do for RESEND; the stricter case is the one to be ready for.
function demandSignInName({ settings }: Pool, name: string): void {
  const wanted = settings.usernameAttributes.map((attribute) => signInNames[attribute])
  if (wanted.length === 0 || wanted.some(({ is }) => is(name))) return
  const either = wanted.length > 1 ? 'either ' : ''
  const says = wanted.map((each) => each.says).join(' or ')
  throw invalidParameter(`Username should be ${either}${says}.`)
}

function invitedBefore(pool: Pool, name: string): User {
  const user = pool.require(name)
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new ServiceException(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
    )
  }
  return user
}

function created(pool: Pool, name: string, given: ReadonlyMap<string, string>, now: Date): User {
  if (pool.find(name)) {
    throw new ServiceException('UsernameExistsException', 'User account already exists')
  }
  const sub = randomUUID()
  const [signInAttribute] = pool.settings.usernameAttributes
  const attributes = { ...(signInAttribute && { [signInAttribute]: name }), ...fromMap(given) }
  const user = newUser(
    {
      username: signInAttribute ? sub : name,
      sub,
      status: 'FORCE_CHANGE_PASSWORD',
      attributes,
      ageDays: 0,
    },
    now,
  )
  pool.add(user)
  return user
}

const fromMap = (map: ReadonlyMap<string, string>) => Object.fromEntries(map)

// An invitation needs no verified address. One that cannot be sent has changed the password all
// the same: reports say so of new users (aws/aws-sdk#438), and it is the worse case to be ready for.
function invite(
  pool: Pool,
  user: User,
  { temporary, mediums }: { readonly temporary: string; readonly mediums: readonly string[] },
  context: Context,
): void {
  const wanted = [
    ...(mediums.includes('EMAIL') ? [emailChannel(user)] : []),
    ...(mediums.includes('SMS') ? [phoneChannel(user)] : []),
  ]
  const reachable = wanted.filter((channel) => channel.to !== '')
  if (reachable.length === 0) throw codeDeliveryFailure()
  const byEmail = pool.settings.usernameAttributes.includes('email')
  const signInName = (byEmail && user.attributes.get('email')) || user.username
  for (const channel of reachable) {
    context.send(pool, user, channel, invitationMessage(signInName, temporary))
  }
}
