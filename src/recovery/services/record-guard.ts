import type { Entry } from '../../audit/entry.ts'
import { replayRequest } from '../../audit/replay/follow.ts'
import type { RecordedRequest } from '../../audit/replay/recorded-request.ts'
import type { RequestId } from '../../ids.ts'
import type { Answer, Effect } from '../model/effect.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Terms } from '../model/terms.ts'
import { RecordAltered } from '../ports/altered.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Store } from '../ports/store.ts'
import { alteredParts, stopAltered } from '../rules/altered.ts'

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
    const recorded = whatIsSaid(await this.#deps.ledger.entriesOf(request.id))
    const differs = alteredParts(request, effect, recorded)
    if (differs.length === 0) return
    // What has moved on since it was read is turned away when it is recorded.
    const current = await this.#deps.store.find(request.id)
    if (current !== undefined && current.version !== request.version) return
    throw new RecordAltered(request.id, differs)
  }

  /**
   * Stops a request that somebody else has changed, and has security called, once.
   * @param answer what Cognito has just answered to a call of its own
   * @returns whether it is as the ledger knows it again
   */
  async stop({ request: id, differs }: RecordAltered, answer?: Answer['kind']): Promise<boolean> {
    const { store, ledger } = this.#deps
    const entries = await ledger.entriesOf(id)
    const isSaid = entries.some(({ type, request }) => says(type, request, id))
    if (isSaid && answer === undefined) return false
    const recorded = whatIsSaid(entries)
    const terms = this.#deps.terms()
    let isStopped = false
    await store.stop(
      id,
      (read) => {
        const stop = stopAltered(read, { id, differs, recorded, answer }, terms)
        isStopped = stop.request !== undefined
        return stop
      },
      terms.now,
    )
    return isStopped
  }
}

function says(type: Entry['type'], request: RequestId | null, id: RequestId): boolean {
  return type === 'request.altered' && (request === id || request === null)
}

function whatIsSaid(entries: readonly Entry[]): RecordedRequest | undefined {
  const recorded = replayRequest(
    entries.filter(({ request }) => request !== null),
    () => undefined,
  )
  return recorded !== undefined && 'opener' in recorded ? recorded : undefined
}
