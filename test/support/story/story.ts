/** What a story is: a world with Rekey in it, and a clock that tests turn. */

import type { Person } from '../../../sandbox/slack/person.ts'
import type { World } from '../../../sandbox/world/world.ts'
import type { ChainedEntry } from '../../../src/audit/entry.ts'

export interface Story extends World {
  readonly sam: Person
  readonly mia: Person
  readonly noor: Person
  readonly priya: Person
  readonly gus: Person
  readonly otto: Person
  readonly ana: Person
  /** Lets time pass, for Rekey, Slack and Cognito alike. */
  pass(milliseconds: number): void
  /** Ends Rekey and starts it anew on the same database. @param changes to its environment */
  restart(changes?: Readonly<Record<string, string>>): Promise<void>
  stopRekey(): Promise<void>
  /** Every entry of the ledger, after checking that the chain is whole. Rekey has to be stopped. */
  ledger(): Promise<ChainedEntry[]>
  /** Everything Rekey has written to its log. */
  logged(): string
  readonly folder: string
  /** What Rekey was started with. */
  readonly env: Readonly<Record<string, string>>
  /** Starts Rekey with this policy, where none is running. */
  startWith(policy: string): Promise<void>
  /** Puts another policy in force while Rekey runs. */
  reload(policy: string): Promise<void>
  /** Puts another policy in force behind Rekey's back, as another Rekey on the same database does. */
  overrule(policy: string): Promise<void>
  /** What `/readyz` says. */
  readiness(): Promise<string>
  /** What `/metrics` says. */
  metrics(): Promise<string>
  /** Names one more secret that must not be anywhere at the end. */
  beware(secret: string | Buffer): void
  /** Says that somebody else has written in the database: what the ledger holds need not follow then. */
  tampered(): void
  /** Ends it all, and looks whether a secret was left anywhere. */
  end(): Promise<void>
}

/** As much of a story as an interaction needs. */
export type AnyStory = Pick<Story, 'slack' | 'mia'> &
  Partial<Pick<Story, 'pass'>> & {
    /** How long people look at a window before they try again, where Rekey may have died. */
    readonly patienceMs?: number
  }

export const minute = 60_000
