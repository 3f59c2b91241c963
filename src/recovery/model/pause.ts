/** What stops every recovery, or those of one account, whatever has been approved. */

import type { PersonId, RequestId } from '../../ids.ts'
import type { Backlog } from '../ports.ts'
import type { AccountRef } from './account.ts'

/** Nothing is executed from then on, until somebody lets it go on. Requests are opened and decided as ever. */
export interface Pause {
  readonly since: Date
  /** Absent when Rekey stopped by itself, because of too many executions in too short a time. */
  readonly by?: PersonId
  readonly reason: string
}

/** The account's owner says that somebody else is at work: it can't be recovered until then. */
export interface Freeze {
  readonly account: Pick<AccountRef, 'userPoolId' | 'sub'>
  readonly until: Date
  readonly request: RequestId
}

/** Another Rekey on this database runs under a newer policy: this one may decide nothing until it has read it. */
export class PolicyOutdated extends Error {
  override readonly name = 'PolicyOutdated'

  constructor() {
    super('another Rekey has put a newer policy in force: give this one the same, and reload it')
  }
}

const mostBehindMs = 15 * 60_000
const mostWaiting = 50

/** Whether so many audit posts wait, or for so long, that nothing new may be carried out. */
export function isBehind({ waiting, since }: Backlog, now: Date): boolean {
  const tooOld = since !== undefined && now.getTime() - since.getTime() > mostBehindMs
  return waiting > mostWaiting || tooOld
}
