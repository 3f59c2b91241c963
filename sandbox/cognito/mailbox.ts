/** Every message the pretend Cognito ever sent, for tests to read codes from and for people to look at. */

import { type Channel, masked } from './channels.ts'
import type { User } from './user.ts'

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

export class Mailbox {
  #messages: Message[] = []

  /** Oldest first. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** The messages to one address or number, oldest first. */
  to(address: string): readonly Message[] {
    return this.#messages.filter((message) => message.to === address)
  }

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

export type Addressee = {
  readonly user: User
  readonly poolId: string
  readonly channel: Channel
}

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

export const recoveryMessage = (code: string): MessageContent => ({
  template: 'recovery-code',
  subject: 'Your password reset code',
  body: `Your password reset code is ${code}. It can be used for one hour.`,
  code,
})

export const mfaMessage = (code: string): MessageContent => ({
  template: 'mfa-code',
  subject: 'Your sign-in code',
  body: `Your sign-in code is ${code}.`,
  code,
})

export const invitationMessage = (
  signInName: string,
  temporaryPassword: string,
): MessageContent => ({
  template: 'invitation',
  subject: 'Your temporary password',
  body: `Your username is ${signInName} and your temporary password is ${temporaryPassword}`,
  temporaryPassword,
})
