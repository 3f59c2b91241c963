import { newId } from '../../ids.ts'
import type { PasswordSealer } from '../../sealing/password-sealer.ts'
import type { Secret } from '../../secret.ts'
import type { Account } from '../model/account.ts'
import type { Decision, Refused } from '../model/decision.ts'
import type { Effect } from '../model/effect.ts'
import type { Executed, Executing, Failed, RecoveryRequest } from '../model/request.ts'
import type { Accounts } from '../ports/accounts.ts'
import { release, reveal, revealed, sealedFor } from '../rules/password.ts'
import { resolve, sendAgain, type Verdict } from '../rules/resolve.ts'
import type { Participants } from '../rules/rights.ts'
import { type Context, stranger } from './context.ts'
import { decide, type Repeated } from './record-decision.ts'
import { answerWish, type SeenWish, type Wish } from './wish.ts'

/** A password on its one way out. Say what became of it: `shown`, or `notShown` if that is certain. */
export interface Showing {
  readonly kind: 'showing'
  readonly password: Secret
  readonly request: RecoveryRequest
  shown(): Promise<void>
  notShown(): Promise<void>
}

export interface Resolving extends SeenWish {
  readonly verdict: Verdict
}

export interface Revealing extends Wish {
  /** The window in which the password will be shown. */
  readonly view: string
}

export interface OutcomeServiceDeps {
  readonly accounts: Pick<Accounts, 'inspect'>
  readonly sealer: Pick<PasswordSealer, 'open'>
}

/** For whoever sees a request to its end: what became of an unclear call, and the temporary password. */
export class OutcomeService {
  readonly #context: Context
  readonly #accounts: OutcomeServiceDeps['accounts']
  readonly #sealer: OutcomeServiceDeps['sealer']

  constructor(context: Context, deps: OutcomeServiceDeps) {
    this.#context = context
    this.#accounts = deps.accounts
    this.#sealer = deps.sealer
  }

  /** Settles, by a person's word, what became of a call whose outcome is unclear. */
  resolve(wish: Resolving): Promise<Decision<Executed | Failed> | Repeated> {
    const { seenVersion, verdict } = wish
    return answerWish(this.#context, wish, {
      attempt: 'resolve',
      lookUp: (request) => this.#unclearCall(request),
      rule: ({ request, by, terms }, facts) =>
        resolve(request, by, { ...facts, seenVersion, verdict }, terms),
    })
  }

  /** Has what may not have arrived sent once more, at a person's word. */
  sendAgain(wish: SeenWish): Promise<Decision<Executing> | Repeated> {
    const { seenVersion } = wish
    const effectId = newId('effect')
    return answerWish(this.#context, wish, {
      attempt: 'resolve',
      lookUp: async (request) => ({
        account: await this.#accountOf(request),
        ...(await this.#unclearCall(request)),
        pauseState: await this.#context.pauseState(request.account),
      }),
      rule: ({ request, by, terms }, facts) =>
        sendAgain(request, by, { ...facts, seenVersion, effectId }, terms),
    })
  }

  /**
   * Takes a password that Rekey has made out of its seal for its one showing.
   * @throws when nothing is sealed, though the request says so
   */
  async reveal(wish: Revealing): Promise<Showing | Refused | Repeated> {
    const decision = await answerWish(this.#context, wish, {
      attempt: 'reveal',
      lookUp: async (request) => {
        if ('password' in request && request.password === 'sealed')
          await this.#context.guard.expectRecorded(request)
        return this.#context.pauseState(request.account)
      },
      rule: ({ request, by, terms }, pauseState) =>
        reveal(request, by, { view: wish.view, pauseState }, terms),
    })
    if (decision.kind !== 'moved') return decision
    const { request } = decision.change
    const sealed = await this.#context.store.findSecret(request.effect)
    if (sealed === undefined)
      throw new Error(`request ${request.id} has no sealed password to show`)
    return {
      kind: 'showing',
      password: this.#sealer.open(sealed, sealedFor(request)),
      request,
      shown: () => this.#endShowing(wish, revealed),
      notShown: () => this.#endShowing(wish, release),
    }
  }

  async #endShowing(
    { request: id, by }: Wish,
    ended: typeof revealed | typeof release,
  ): Promise<void> {
    // Who they are, the showing has asked: it must not hang on the directory that it is written down.
    const who = stranger(by)
    await decide<Decision<Executed>>(this.#context, {
      id,
      rule: (request, terms) => ended(request, who, terms),
    })
  }

  async #unclearCall(
    request: RecoveryRequest,
  ): Promise<{ participants: Participants; effect: Effect | undefined }> {
    return {
      participants: await this.#context.participants(request),
      effect: await this.#context.store.findEffect(request.id, request.method),
    }
  }

  /** The account as it is now; undefined if nobody can look. */
  async #accountOf({ account }: RecoveryRequest): Promise<Account | undefined> {
    const inspection = await this.#accounts.inspect(account.pool, account.sub)
    return inspection.kind === 'account' ? inspection.account : undefined
  }
}
