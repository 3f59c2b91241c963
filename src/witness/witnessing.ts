/** Shows checkpoints to those who keep them where Rekey can add and not change. */

import type { Logger } from 'pino'
import type { Policy } from '../policy/policy.ts'
import type { ProxySettings } from '../proxy.ts'
import { type EntryContent, entryWithout, rekey } from '../recovery/model/drafts.ts'
import type { Job, Progress } from '../recovery/model/job.ts'
import type { Checkpoints } from '../recovery/ports/ledger.ts'
import type { Store } from '../recovery/ports/store.ts'
import { agreementWith, type Kept, type Witness } from './agreement.ts'

export interface WitnessingDeps extends Kept {
  readonly witnesses: readonly Witness[]
  readonly checkpoints: Checkpoints
  readonly store: Pick<Store, 'write'>
  readonly policy: () => Policy
  readonly now: () => Date
  readonly log: Pick<Logger, 'warn' | 'error'>
  readonly proxy?: ProxySettings
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

export class Witnessing {
  readonly #deps: WitnessingDeps

  constructor(deps: WitnessingDeps) {
    this.#deps = deps
  }

  /** At the start: one that has signed more than this database has knows it for a backup. One that is silent keeps nothing from starting. */
  async begin(): Promise<void> {
    await Promise.all(this.#deps.witnesses.map((witness) => this.#show(witness)))
  }

  /** Shows a witness the newest checkpoint, and comes back until it has answered. */
  async show(name: string, job: Pick<Job, 'attempts' | 'createdAt'>): Promise<Progress> {
    const witness = this.#deps.witnesses.find((each) => each.name === name)
    // It is in the configuration no more.
    if (witness === undefined) return { kind: 'done' }
    if (await this.#show(witness)) return { kind: 'done' }
    const now = this.#deps.now().getTime()
    if (now - job.createdAt.getTime() >= dayMs) await this.#noteSilence(name, job.createdAt)
    const at = new Date(now + Math.min(job.attempts, 10) * minuteMs)
    return { kind: 'again', at, because: 'the witness has not signed' }
  }

  /** @returns whether it has said anything about the ledger */
  async #show(witness: Witness): Promise<boolean> {
    const { checkpoints, log, proxy } = this.#deps
    const { name } = witness
    if ((await checkpoints.latest()) === undefined) return true
    const lastCosigned = await checkpoints.lastCosigned(name)
    const agreement = await agreementWith(witness, this.#deps, {
      lastCosigned,
      ...(proxy && { proxy }),
    })
    if (agreement.kind === 'unknown') {
      log.warn({ witness: name, because: agreement.because }, 'a witness has not signed')
      return false
    }
    if (agreement.kind === 'agrees') {
      const { size, line } = agreement.cosigned
      await checkpoints.addCosignature({ size, witness: name, line })
      return true
    }
    const { kind, size, witnessed } = agreement
    log.error({ witness: name, size, witnessed }, 'a witness has signed another ledger than this')
    await this.#note(`${name} ${kind} ${witnessed}`, {
      type: 'witness.disagrees',
      witness: name,
      finding: kind,
      size,
      witnessed,
    })
    return true
  }

  #noteSilence(name: string, since: Date): Promise<void> {
    const content = { type: 'witness.silent', witness: name, since: since.toISOString() } as const
    return this.#note(`${name} silent`, content)
  }

  /** Once a day, as long as it is so. */
  async #note(what: string, content: EntryContent): Promise<void> {
    const { store, policy, now } = this.#deps
    const day = now().toISOString().slice(0, 'YYYY-MM-DD'.length)
    await store.write(entryWithout(rekey, policy(), content), now(), `witness ${what} ${day}`)
  }
}
