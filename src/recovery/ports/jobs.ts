import type { Backlog } from '../model/backlog.ts'
import type { Job, JobDraft, TaskKind } from '../model/job.ts'

/** The jobs that wait. */
export interface Jobs {
  /**
   * Takes up to `limit` jobs that are due, the first of each lane, and nobody else's, until the lease ends.
   * @param kinds those alone; every kind, if it is not given
   */
  claim(
    now: Date,
    leaseMs: number,
    limit: number,
    kinds?: readonly TaskKind[],
  ): Promise<readonly Job[]>
  finish(job: Job, now: Date): Promise<void>
  /** Puts a job back until `notBefore`. It keeps its place in its lane. */
  putBack(job: Job, notBefore: Date, because: string): Promise<void>
  /** Sets a job aside that cannot succeed, so that its lane goes on. */
  park(job: Job, now: Date, because: string): Promise<void>
  add(drafts: readonly JobDraft[], now: Date): Promise<void>
  /**
   * Adds those of which none waits already, in the same lane and for the same.
   * @returns how many
   */
  addMissing(drafts: readonly JobDraft[], now: Date): Promise<number>
  /** How the audit posts stand that have not been posted yet. */
  auditBacklog(): Promise<Backlog>
  /**
   * Sets right what no Rekey writes: what cannot be read, or stands in a lane of Rekey's own and is nothing of
   * what is done there, is set aside; what is put off there farther than Rekey puts anything off is due.
   */
  tidy(now: Date): Promise<void>
  /** How many jobs were set aside. */
  parked(): Promise<number>
}
