/** What each button of the page does: checks, counts, makes the one call, and says what to show next. */

import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type {
  CodeAsked,
  OwnerRecovery,
  PasswordChanged,
  PasswordRules,
} from '../../recovery/ports/owner-recovery.ts'
import type { RateLimiter } from '../../recovery/ports/rate-limiter.ts'
import { Allowance, type Leave } from './allowance.ts'
import type { Form } from './form.ts'
import type { PageLog } from './log.ts'
import { follows, longestPassword, rulesOf } from './rules.ts'
import type { Problem, Screen } from './screen.ts'

export interface StepsParts {
  readonly owners: OwnerRecovery
  readonly rateLimiter: RateLimiter
  /** Makes names and addresses unreadable in the store. */
  readonly limitsKey: Buffer
  readonly log: Pick<PageLog, 'info' | 'warn'>
  readonly now: () => Date
  readonly answerAfterMs: number
}

const hourMs = 60 * 60 * 1000
// Cognito allows an account 5 codes and tries together in an hour, or more if it sees no risk
// ("Quotas in Amazon Cognito"). Ours ends no later, and for names that don't exist just the same:
// otherwise Cognito's limit, which only real accounts have, would tell them apart.
const perAccount = 5
// Many people can share one address, but not many of them forget their password in the same hour.
const perAddress = 30

export class Steps {
  readonly #parts: StepsParts
  readonly #allowance: Allowance

  constructor(parts: StepsParts) {
    this.#parts = parts
    this.#allowance = new Allowance(parts)
  }

  /** @param address where the request comes from */
  async take(pool: string, filled: Form, address: string): Promise<Screen> {
    // One spelling for each, so that no account has more tries in another.
    const form = { ...filled, username: this.#parts.owners.signInName(pool, filled.username) }
    const unfit = unfitName(form.username)
    if (unfit) return { kind: 'ask', pool, username: form.username, problem: unfit }
    switch (form.action) {
      case 'send':
        return this.#send(pool, form, address)
      case 'change':
        return this.#change(pool, form, address)
      default:
        return this.show(pool, form)
    }
  }

  /** The same step once more, with a form that is new; what is secret has to be typed again. */
  async again(pool: string, form: Form): Promise<Screen> {
    const username = this.#parts.owners.signInName(pool, form.username)
    const problem = 'stale-form'
    return form.action === 'change' && unfitName(username) === undefined
      ? this.show(pool, { username }, { problem })
      : { kind: 'ask', pool, username, problem }
  }

  /** Step two, as it is without doing anything. */
  async show(
    pool: string,
    { username }: Pick<Form, 'username'>,
    more: {
      readonly sent?: boolean
      readonly problem?: Problem
      readonly code?: Form['code']
    } = {},
  ): Promise<Screen> {
    const rules = await this.#parts.owners.rules(pool)
    return { kind: 'change', pool, username, rules, sent: false, ...more }
  }

  async #send(pool: string, form: Form, address: string): Promise<Screen> {
    const { owners, answerAfterMs } = this.#parts
    const leave = await this.#enter(pool, form, address)
    if (typeof leave === 'string') {
      return leave === 'busy'
        ? { kind: 'ask', pool, username: form.username, problem: leave }
        : this.show(pool, form, { problem: leave })
    }
    const asked = owners
      .sendCode(pool, form.username)
      .finally(leave)
      .then((outcome) => {
        this.#noteAsked(pool, outcome)
        return outcome
      })
    // Cognito takes its time over a real account. Everybody is answered after the same while,
    // whether it is done by then or not.
    const beat = pause(answerAfterMs)
    const outcome = await Promise.race([asked, beat])
    await beat
    return outcome?.kind === 'unavailable'
      ? { kind: 'ask', pool, username: form.username, problem: 'unavailable' }
      : this.show(pool, form, { sent: true })
  }

  async #change(pool: string, form: Form, address: string): Promise<Screen> {
    const { owners, answerAfterMs } = this.#parts
    const { username, code, password } = form
    if (code.reveal() === '') return this.show(pool, form, { problem: 'no-code' })
    // A password that Cognito would refuse anyway must not cost one of the few tries.
    if (!acceptable(password.reveal(), await owners.rules(pool))) {
      return this.show(pool, form, { problem: 'password-policy', code })
    }
    const leave = await this.#enter(pool, form, address)
    if (typeof leave === 'string') return this.show(pool, form, { problem: leave, code })
    const [outcome] = await Promise.all([
      owners.confirm(pool, username, code, password).finally(leave),
      pause(answerAfterMs),
    ])
    this.#noteChanged(pool, outcome)
    if (outcome.kind === 'changed') return { kind: 'done' }
    const codeIsGood = outcome.why === 'password-policy' || outcome.why === 'password-history'
    return this.show(pool, form, { problem: outcome.why, ...(codeIsGood && { code }) })
  }

  async #enter(
    pool: string,
    { username }: Form,
    address: string,
  ): Promise<Leave | 'too-many-tries' | 'busy'> {
    // In some pools Jane and jane are one account, so they share a limit in all.
    const account = username.normalize('NFKC').toLowerCase()
    const entered = await this.#allowance.enter([
      this.#use(['address', address], perAddress),
      this.#use(['account', pool, account], perAccount),
    ])
    return entered === 'used-up' ? 'too-many-tries' : entered
  }

  #use(what: readonly string[], most: number) {
    const hmac = createHmac('sha256', this.#parts.limitsKey)
    return { key: hmac.update(JSON.stringify(what)).digest('base64url'), most, windowMs: hourMs }
  }

  // Neither name nor address: a log is read by more people than may know who forgot a password.
  #noteAsked(pool: string, { kind, failure }: CodeAsked): void {
    const { log } = this.#parts
    const worry =
      kind === 'unavailable' || failure?.kind === 'delivery' || failure?.kind === 'mail-limit'
    log[worry ? 'warn' : 'info']({ pool, failure }, 'an owner asked for a code')
  }

  #noteChanged(pool: string, outcome: PasswordChanged): void {
    const { log } = this.#parts
    if (outcome.kind === 'changed') log.info({ pool }, 'an owner has set a new password')
    else {
      const worry = outcome.why === 'unavailable' || outcome.why === 'unclear'
      const { why, failure } = outcome
      log[worry ? 'warn' : 'info']({ pool, why, failure }, 'an owner could not set a new password')
    }
  }
}

// What Cognito takes for a username, by its API model.
function unfitName(name: string): Problem | undefined {
  if (name === '') return 'no-name'
  return /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(name) ? undefined : 'unfit-name'
}

function acceptable(password: string, rules: PasswordRules | undefined): boolean {
  if (password === '' || password.length > longestPassword) return false
  return rules === undefined || follows(password, rulesOf(rules))
}
