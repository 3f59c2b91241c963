import type { Entry } from '../../audit/entry.ts'
import type { RequestId } from '../../ids.ts'
import type { Answer, Effect } from '../model/effect.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { RecordAltered } from '../ports/altered.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Store } from '../ports/store.ts'
import { differences } from '../rules/agreement.ts'
import { alteredParts, stopAltered } from '../rules/altered.ts'
import { recordedIn } from '../rules/as-recorded.ts'

export interface RecordGuardDeps {
  readonly store: Pick<Store, 'find' | 'stop'>
  readonly ledger: Pick<Ledger, 'entriesOf'>
  readonly terms: () => Terms
}

/** A request's rights rest on its ledger entries: nothing is done by a row that they do not bear out. */
export class RecordGuard {
  readonly #deps: RecordGuardDeps

  constructor(deps: RecordGuardDeps) {
    this.#deps = deps
  }

  /**
   * Looks at a request's entries before a step that cannot be taken back.
   * @throws RecordAltered where they say otherwise
   */
  async expectRecorded(request: RecoveryRequest, effect?: Effect): Promise<void> {
    const recorded = recordedIn(await this.#deps.ledger.entriesOf(request.id))?.request
    const differs = alteredParts(request, effect, recorded)
    if (differs.length === 0) return
    // What has moved on since it was read is turned away when it is recorded.
    const current = await this.#deps.store.find(request.id)
    if (current !== undefined && current.version !== request.version) return
    throw new RecordAltered(request.id, differs)
  }

  /**
   * Has security called about a request that somebody else has changed, and sees to it that it is stored as
   * the ledger has it: stopped, where it was open.
   * @param answer what Cognito has just answered to a call of its own
   * @returns whether it can be asked about again; not where the ledger does not have it
   */
  async stop({ request: id, differs }: RecordAltered, answer?: Answer['kind']): Promise<boolean> {
    const { store, ledger } = this.#deps
    const entries = await ledger.entriesOf(id)
    const recorded = recordedIn(entries)
    const isSaid = entries.some(({ type, request }) => says(type, request))
    if (recorded === undefined && isSaid && answer === undefined) return false
    const terms = this.#deps.terms()
    const version = recorded?.request.version ?? 0
    await store.stop(
      { id, version },
      ({ intact }) => {
        const isRight =
          intact !== undefined &&
          recorded !== undefined &&
          differences(intact.request, recorded.request, intact.effects).length === 0
        // Somebody else has seen to it already.
        if (isRight && answer === undefined) return undefined
        return stopAltered({ id, differs, recorded, answer }, terms)
      },
      terms.now,
    )
    return recorded !== undefined
  }
}

function says(type: Entry['type'], request: RequestId | null): boolean {
  return type === 'request.altered' && request === null
}
