/** Every message the simulated Cognito ever sent, for tests to read codes from and for people to look at. */

import { type Channel, masked } from './channels.ts'
import type { User } from './user.ts'

/**
 * One e-mail or text message. `to` is the real address, `destination` what the API tells of it (masked).
 * `code` and `temporaryPassword` are what the body says, for tests to read without parsing: the temporary
 * password in clear, the only place where it is. A text message has a subject, too, which nobody would see.
 */
export type Message = {
  readonly kind: 'email' | 'sms'
  readonly template: 'recovery-code' | 'invitation' | 'mfa-code'
  readonly to: string
  readonly destination: string
  readonly subject: string
  readonly body: string
  readonly code?: string
  readonly temporaryPassword?: string
  readonly sentAt: Date
  readonly poolId: string
  readonly username: string
  readonly sub: string
}

/** What a message says; who gets it and when is added on sending. */
export type MessageContent = Pick<
  Message,
  'template' | 'subject' | 'body' | 'code' | 'temporaryPassword'
>

/** All messages of all pools. A message that could not be delivered is not in it. */
export class Mailbox {
  #messages: Message[] = []

  /** Oldest first. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** The messages to one address or number, oldest first. It has to be spelt as the user has it. */
  to(address: string): readonly Message[] {
    return this.#messages.filter((message) => message.to === address)
  }

  /** The newest message to this address, if there is one. */
  latest(address: string): Message | undefined {
    return this.to(address).at(-1)
  }

  put(message: Message): void {
    this.#messages.push(message)
  }

  clear(): void {
    this.#messages = []
  }
}

/** Who gets a message: the user, their pool, and the address it is sent to. */
export type Addressee = {
  readonly user: User
  readonly poolId: string
  readonly channel: Channel
}

/** The content as the message it becomes on its way to somebody. */
export function addressedMessage(
  content: MessageContent,
  { user, poolId, channel }: Addressee,
  now: Date,
): Message {
  return {
    ...content,
    kind: channel.kind,
    to: channel.to,
    destination: masked(channel.to),
    sentAt: now,
    poolId,
    username: user.username,
    sub: user.sub,
  }
}

/**
 * What ForgotPassword and AdminResetUserPassword send. Pools' own templates are not read, and no
 * CustomMessage trigger is run.
 */
export const recoveryMessage = (code: string): MessageContent => ({
  template: 'recovery-code',
  subject: 'Your password reset code',
  body: `Your password reset code is ${code}. It can be used for one hour.`,
  code,
})

/** What a sign-in with a second factor by e-mail or SMS sends. */
export const mfaMessage = (code: string): MessageContent => ({
  template: 'mfa-code',
  subject: 'Your sign-in code',
  body: `Your sign-in code is ${code}.`,
  code,
})

/** What AdminCreateUser sends; the name is the one to sign in with, not the UUID behind it. */
export const invitationMessage = (
  signInName: string,
  temporaryPassword: string,
): MessageContent => ({
  template: 'invitation',
  subject: 'Your temporary password',
  body: `Your username is ${signInName} and your temporary password is ${temporaryPassword}`,
  temporaryPassword,
})
