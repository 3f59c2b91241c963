/** Trigger ids: the right to show one view to one person, once and at once. */
import { randomBytes } from 'node:crypto'

/**
 * Slack's own figure: docs.slack.dev/interactivity/handling-user-interaction. It runs along with the deadline
 * to acknowledge, so an app does well to open the form first and look things up later.
 */
const lifetimeMs = 3000

interface Trigger {
  readonly userId: string
  readonly viewId: string | undefined
  readonly issuedAt: number
  used: boolean
}

/**
 * The names by which `views.open` and `views.push` refuse a trigger, from their pages. The guide "Handling
 * user interaction" calls the last two `trigger_expired` and `trigger_exchanged`: an app does well to
 * understand both.
 */
export type TriggerRefusal = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id'
/**
 * What a trigger was good for: whom, and in which view, if the click was in one. `malformed` is a string
 * without the form of a trigger: three parts with points between them.
 */
export type Redeemed =
  | { readonly kind: 'valid'; readonly userId: string; readonly viewId: string | undefined }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'refused'; readonly error: TriggerRefusal }

/**
 * The triggers that were issued. None is forgotten, so that a used one is told from an unknown one. Lifetimes
 * go by the simulator's clock, so a test can let one expire without waiting.
 */
export class Triggers {
  readonly #now: () => Date
  readonly #issued = new Map<string, Trigger>()

  constructor(now: () => Date) {
    this.#now = now
  }

  /** A trigger for what this person just did, in this view if it was in one. */
  issue(userId: string, viewId?: string): string {
    const issuedAt = this.#now().getTime()
    const id = `${issuedAt}.${this.#issued.size + 1}.${randomBytes(16).toString('hex')}`
    this.#issued.set(id, { userId, viewId, issuedAt, used: false })
    return id
  }

  /** Uses the trigger up, if it can be used. One that is both used and too old counts as used. */
  redeem(id: string): Redeemed {
    if (!/^\d+\.\d+\.[0-9a-f]+$/.test(id)) return { kind: 'malformed' }
    const trigger = this.#issued.get(id)
    if (!trigger) return { kind: 'refused', error: 'invalid_trigger_id' }
    if (trigger.used) return { kind: 'refused', error: 'exchanged_trigger_id' }
    if (this.#now().getTime() - trigger.issuedAt > lifetimeMs)
      return { kind: 'refused', error: 'expired_trigger_id' }
    trigger.used = true
    return { kind: 'valid', userId: trigger.userId, viewId: trigger.viewId }
  }
}
