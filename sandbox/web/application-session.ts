/** The application's sign-in page, for somebody at a browser: where each open tab is on its way in. */

import type { Application, CodeRequested, PasswordChanged, SignIn } from '../cognito/application.ts'
import type { ApplicationView, PageCommand } from './commands.ts'

type Step = Extract<PageCommand, { kind: 'application' }>

/** A sign-in that waits for something more. */
type Pending = Extract<SignIn, { kind: 'mfa' | 'new-password-required' }>

const mfaWords = {
  SMS_MFA: 'a text message',
  EMAIL_OTP: 'an e-mail',
  SOFTWARE_TOKEN_MFA: 'your authenticator',
} as const

/**
 * The sign-ins under way, one for each open tab. Cognito's session string stays here: the page only
 * learns which step comes next. A tab that is closed half way leaves its step behind until the sandbox ends.
 */
export class ApplicationSessions {
  readonly #application: Application
  readonly #pending = new Map<string, Pending>()

  constructor(application: Application) {
    this.#application = application
  }

  /**
   * Takes a tab one step on. Whatever Cognito refuses becomes words on the view. A step that does not follow
   * from the one before, as after a restart, leads back to the sign-in.
   */
  async take(step: Step): Promise<ApplicationView> {
    const { username, password, code, tab } = step
    switch (step.step) {
      case 'sign-in':
        return this.#arrived(step, await this.#application.signIn(username, password))
      case 'new-password':
        return this.#continue(step, 'new-password-required', password)
      case 'mfa':
        return this.#continue(step, 'mfa', code)
      case 'forgot':
        return codeRequested(await this.#application.forgotPassword(username))
      case 'confirm':
        return changed(await this.#application.confirmForgotPassword(username, code, password))
      case 'leave':
        this.#pending.delete(tab)
        return { kind: 'sign-in' }
      default:
        return step.step satisfies never
    }
  }

  async #continue(step: Step, kind: Pending['kind'], answer: string): Promise<ApplicationView> {
    const pending = this.#pending.get(step.tab)
    if (pending?.kind !== kind) return { kind: 'sign-in', says: 'Please sign in again.' }
    const next = await pending.respond(answer)
    // A refused answer may be given again, as long as the session lives.
    if (next.kind !== 'refused' || next.name === 'NotAuthorizedException')
      return this.#arrived(step, next)
    const says = refusedWords(next)
    return pending.kind === 'mfa' ? asked(pending, says) : { kind: 'new-password', says }
  }

  #arrived({ tab, username }: Step, at: SignIn): ApplicationView {
    this.#pending.delete(tab)
    switch (at.kind) {
      case 'signed-in':
        return { kind: 'signed-in', username }
      case 'password-reset-required':
        return { kind: 'reset-required' }
      case 'refused':
        return { kind: 'sign-in', says: refusedWords(at) }
      case 'mfa':
        this.#pending.set(tab, at)
        return asked(at)
      case 'new-password-required':
        this.#pending.set(tab, at)
        return { kind: 'new-password' }
      default:
        return at satisfies never
    }
  }
}

function asked(pending: Extract<SignIn, { kind: 'mfa' }>, says?: string): ApplicationView {
  const to = pending.destination === undefined ? '' : ` to ${pending.destination}`
  const how = `${mfaWords[pending.challenge]}${to}`
  return { kind: 'mfa', how, ...(says !== undefined && { says }) }
}

function codeRequested(answer: CodeRequested): ApplicationView {
  if (answer.kind === 'refused') return { kind: 'forgot', says: refusedWords(answer) }
  return { kind: 'enter-code', sentTo: answer.destination }
}

function changed(answer: PasswordChanged): ApplicationView {
  if (answer.kind === 'refused') return { kind: 'enter-code', says: refusedWords(answer) }
  return { kind: 'sign-in', good: true, says: 'The new password is set. Sign in with it.' }
}

function refusedWords({ name, message }: { name: string; message: string }): string {
  return `${message} (${name})`
}
