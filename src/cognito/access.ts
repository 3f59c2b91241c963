/** Whether AWS lets Rekey in at all. Requests wait or fail where it does not, and an operator has to hear why. */

import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { NoCredentials } from './credentials.ts'
import { failureOf, isLockedOut, isUnsent, whyLockedOut } from './failures.ts'
import { text } from './text/text.ts'

/** A call that AWS has turned away for want of credentials or rights. */
export interface TurnedAway {
  readonly operation: string
  /** The name of AWS's exception. */
  readonly error: string
  /** What is wrong, and what to do, in words for an operator. */
  readonly why: string
  /** Whether AWS itself has said no, rather than nothing having left for it. */
  readonly isByAws: boolean
}

// Nobody may call again what was refused once, so that its success is never seen.
const rememberedMs = 15 * 60_000

// An operator may well not have granted this one; see user-pool.ts.
const dispensable: ReadonlySet<string> = new Set(['AdminGetUserAuthFactors'])

export class Access {
  readonly #now: () => Date
  readonly #onTurnedAway: (call: TurnedAway) => void
  readonly #latest = new Map<string, Omit<TurnedAway, 'operation'> & { readonly at: number }>()

  /** @param onTurnedAway hears of each operation once, until it has succeeded or a while has passed */
  constructor(now: () => Date, onTurnedAway: (call: TurnedAway) => void) {
    this.#now = now
    this.#onTurnedAway = onTurnedAway
  }

  /** What was turned away lately, and has not succeeded since. */
  get turnedAway(): TurnedAway[] {
    const since = this.#now().getTime() - rememberedMs
    return [...this.#latest].flatMap(([operation, { at, ...call }]) =>
      at < since ? [] : [{ operation, ...call }],
    )
  }

  /** Listens to how every call of this client ends. */
  watch(client: CognitoIdentityProviderClient): void {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const operation = commandName.replace(/Command$/, '')
          try {
            const result = await next(args)
            this.#latest.delete(operation)
            return result
          } catch (error) {
            this.#note(operation, error)
            throw error
          }
        },
      { step: 'initialize' },
    )
  }

  #note(operation: string, error: unknown): void {
    const { name } = failureOf(error)
    if (!isLockedOut(name) || dispensable.has(operation)) return
    const isNews = !this.turnedAway.some((each) => each.operation === operation)
    const why = error instanceof NoCredentials ? text.credentials[error.why] : whyLockedOut(name)
    const call = { error: name, why, isByAws: !isUnsent(name) }
    this.#latest.set(operation, { ...call, at: this.#now().getTime() })
    if (isNews) this.#onTurnedAway({ operation, ...call })
  }
}
