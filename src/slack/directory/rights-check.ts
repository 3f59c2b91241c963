/** What the app may not ask of Slack, found out by asking. */

import type { webApi } from '@slack/bolt'
import type { MissingRights } from '../../policy/references.ts'
import { readFailure } from '../api/errors.ts'
import { RefusedCall } from '../api/patient-client.ts'
import { botScopes, lookUps } from '../api/scopes.ts'

export class RightsCheck {
  readonly #scopes = new Set<string>()
  #given: readonly string[] = []
  readonly #refusals: { readonly method: string; readonly error: string }[] = []

  /**
   * Notes a refusal instead of failing over it.
   * @throws whatever is no refusal of Slack's
   */
  async ask<Answer>(look: () => Promise<Answer>): Promise<Answer | 'unchecked'> {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof RefusedCall)) throw error
      this.#note(error)
      return 'unchecked'
    }
  }

  /** Compares what the app was given with what it is meant to have: Slack says so with every answer. */
  async compareScopes(client: webApi.WebClient): Promise<void> {
    const answer = await this.ask(() => client.auth.test())
    const given = answer === 'unchecked' ? undefined : answer.response_metadata?.scopes
    if (given === undefined) return
    this.#given = given
    for (const scope of botScopes) if (!given.includes(scope)) this.#scopes.add(scope)
  }

  missing(): MissingRights {
    const scopes = botScopes.filter((scope) => this.#scopes.has(scope))
    const others = [...this.#scopes].filter((scope) => !botScopes.includes(scope))
    return { scopes: [...scopes, ...others], refusals: this.#refusals }
  }

  /** Slack names each scope that would do, also one that the app has, or that of direct messages. */
  #note(refusal: RefusedCall): void {
    const { method, data } = refusal
    const failure = readFailure(refusal)
    const needed = failure.kind === 'refused' ? failure.needed : []
    const own = needed.filter((scope) => botScopes.includes(scope))
    const lacking = own.filter((scope) => !this.#given.includes(scope))
    const choice = [lacking, own, needed, lookUps[method] ?? []]
    const scopes = choice.find((some) => some.length > 0) ?? []
    if (data.error !== 'missing_scope' || scopes.length === 0)
      this.#refusals.push({ method, error: data.error ?? 'unknown_error' })
    else for (const scope of scopes) this.#scopes.add(scope)
  }
}
