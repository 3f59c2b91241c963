/** Shows checkpoints to those who keep them where Rekey can add and not change. */

import type { Logger } from 'pino'
import { readCheckpoint } from '../audit/checkpoint.ts'
import type { CheckpointSigner } from '../audit/checkpoint-signer.ts'
import type { Policy } from '../policy/policy.ts'
import type { ProxySettings } from '../proxy.ts'
import { type EntryContent, entryWithout, rekey } from '../recovery/model/drafts.ts'
import type { Job, Progress } from '../recovery/model/job.ts'
import type { Checkpoints, Coverage, Ledger } from '../recovery/ports/ledger.ts'
import type { Store } from '../recovery/ports/store.ts'
import { pauseAsWitnessed, type Witnessed } from '../recovery/rules/pause.ts'
import { compareWith, type Kept, type Witness } from './comparison.ts'
import { hasSigned, KeptSignatures } from './signatures.ts'

export interface WitnessingDeps extends Kept {
  readonly witnesses: readonly Witness[]
  readonly signer: Pick<CheckpointSigner, 'sign'>
  /** The public key with which its checkpoints are checked. */
  readonly verifier: string
  readonly ledger: Pick<Ledger, 'entries' | 'entry'>
  readonly checkpoints: Checkpoints
  readonly store: Pick<Store, 'write' | 'listOpen'>
  readonly policy: () => Policy
  readonly now: () => Date
  readonly log: Pick<Logger, 'warn' | 'error'>
  readonly proxy?: ProxySettings
  /** How long a witness may take to answer. */
  readonly timeoutMs?: number
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

export class Witnessing {
  readonly #deps: WitnessingDeps
  readonly #signatures: KeptSignatures
  /** When entries were written that are asked for again and again. */
  readonly #times = new Map<string, { readonly seq: number; readonly at: Date | undefined }>()

  constructor(deps: WitnessingDeps) {
    this.#deps = deps
    this.#signatures = new KeptSignatures(deps.checkpoints, deps.verifier)
  }

  /** At the start: one that has signed more than this database has knows it for a backup. One that is silent keeps nothing from starting. */
  async begin(): Promise<void> {
    const { witnesses, checkpoints, signer, verifier } = this.#deps
    if (witnesses.length === 0) return
    // Somebody may have deleted them all, or changed the newest; or it is another key's, and of another log.
    const note = (await checkpoints.latest())?.note ?? ''
    if (readCheckpoint(note, verifier) === undefined) await signer.sign(false)
    await Promise.all(witnesses.map((witness) => this.#show(witness)))
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

  /** Each witness, in the order of the configuration. */
  coverage(): Promise<readonly Coverage[]> {
    return Promise.all(this.#deps.witnesses.map((witness) => this.#coverageOf(witness)))
  }

  async #coverageOf(witness: Witness): Promise<Coverage> {
    const signed = await this.#signatures.newest(witness)
    const size = signed?.size ?? 0
    const isUnsigned = ((await this.#deps.checkpoints.latest())?.size ?? 0) > size
    const unsignedSince = isUnsigned ? await this.#timeOf(witness, size + 1) : undefined
    return {
      witness: witness.name,
      ...(signed && { signed }),
      ...(unsignedSince && { unsignedSince }),
    }
  }

  async #timeOf({ name }: Witness, seq: number): Promise<Date | undefined> {
    const known = this.#times.get(name)
    if (known?.seq === seq) return known.at
    const time = (await this.#deps.ledger.entry(seq))?.entry.time
    const at = time === undefined ? undefined : new Date(time)
    this.#times.set(name, { seq, at })
    return at
  }

  /** @returns whether it has said anything about the ledger that can be believed */
  async #show(witness: Witness): Promise<boolean> {
    const { checkpoints, ledger, log, now, proxy, timeoutMs } = this.#deps
    const { name } = witness
    if ((await checkpoints.latest()) === undefined) return true
    const lastCosigned = await checkpoints.lastCosigned(name)
    const comparison = await compareWith(witness, this.#deps, {
      lastCosigned,
      verifiers: [this.#deps.verifier],
      now,
      ...(proxy && { proxy }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
    if (comparison.kind === 'agrees') {
      const { size, line } = comparison.cosigned
      await checkpoints.addCosignature({ size, witness: name, line })
      return true
    }
    if (comparison.kind === 'unknown') return this.#unheard(name, comparison.because)
    const { kind: finding, size, witnessed } = comparison
    // No two ledgers have one root: then it is the witness that is at fault, and not the ledger.
    const signed = await this.#signatures.newest(witness)
    if (await hasSigned(signed, witnessed, ledger))
      return this.#unheard(name, 'it has signed these very entries, and denies it now')
    log.error({ witness: name, size, witnessed }, 'a witness has signed another ledger than this')
    const found = { witness: name, finding, size, witnessed }
    await this.#pause(found, signed?.size ?? 0)
    await this.#note(`${name} ${finding} ${witnessed}`, { type: 'witness.disagrees', ...found })
    return true
  }

  #unheard(name: string, because: string): false {
    this.#deps.log.warn({ witness: name, because }, 'a witness has not signed')
    return false
  }

  /**
   * Once, until it has signed again: whoever has let recoveries go on has heard of it.
   * @param signed how much of this ledger it has signed, as is proven here
   */
  async #pause(found: Witnessed, signed: number): Promise<void> {
    const { store, policy, now } = this.#deps
    const { requests: open } = await store.listOpen()
    const { entry, extras } = pauseAsWitnessed(found, { open }, { policy: policy(), now: now() })
    const once = pauseKey(found.witness, signed)
    await store.write(entry, now(), once, extras)
  }

  #noteSilence(name: string, since: Date): Promise<void> {
    const content = { type: 'witness.silent', witness: name, since: since.toISOString() } as const
    return this.#note(`${name} silent`, content)
  }

  /** Once a day, as long as it is so. */
  async #note(what: string, content: EntryContent): Promise<void> {
    const { store, policy, now } = this.#deps
    const day = dayOf(now())
    await store.write(entryWithout(rekey, policy(), content), now(), `witness ${what} ${day}`)
  }
}

function pauseKey(witness: string, signed: number): string {
  return `witness ${witness} pauses after ${signed}`
}

/** What is said once a day is said under it. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 'YYYY-MM-DD'.length)
}
