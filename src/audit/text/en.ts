/** What is wrong with a ledger, said of the entry from which on it is. */

/** Why an entry does not follow from those before it, whoever has made the hashes fit. */
const replay = {
  of: (request: string, because: string) => `${request} ${because}`,
  noRequest: (type: string) => `it is ${type}, and names no request`,
  noOpening: 'it opens a request without saying for whom, how, in which tier or until when',
  notOpened: (request: string) => `${request} was never opened`,
  openedTwice: (request: string) => `${request} is opened a second time`,
  otherVersion: (expected: number, found: number | null) =>
    `should come to version ${expected} here, and comes to ${found ?? 'none'}`,
  unknownVersion: (newest: number, found: number | null) =>
    `was in version ${newest} by then, and this names ${found ?? 'none'}`,
  otherTarget: 'was opened for another account',
  otherMethod: 'was opened for another method',
  otherState: (type: string, state: string) => `was ${state}, where ${type} does not follow`,
  byOther: (type: string) => `has ${type} by somebody whose it cannot be`,
  tooLate: (end: string) => `had expired at ${end}`,
  tooSoon: (end: string) => `could be decided until ${end}`,
  asksForLess: (needed: number, atLeast: number) =>
    `says that it needs ${approvals(needed)}, where it was ${atLeast}`,
  otherApprovals: (there: number, said: number) =>
    `had ${approvals(there)} by then, and this counts ${said}`,
  completeWithTooFew: (there: number, needed: number) =>
    `is taken for approved with ${there} of ${approvals(needed)}`,
  completeWithout: (missing: readonly string[]) =>
    `is taken for approved while somebody of ${missing.join(', ')} still had to approve`,
  withTooFew: (there: number, needed: number) =>
    `is carried out with ${there} of ${approvals(needed)}`,
  whilePaused: (since: string) =>
    `is carried out or shown while everything is paused, since ${since}`,
  whileFrozen: (until: string) =>
    `is carried out or shown while its account is frozen, until ${until}`,
  notIntended: (effect: string | undefined) =>
    `has the outcome of ${effect ?? 'a call'}, which was not intended before`,
  twiceIntended: (effect: string | undefined) =>
    `intends ${effect ?? 'a call without a name'} beside what it had intended`,
  otherAttempt: (expected: number, found: number | undefined) =>
    `was at try ${expected} of its call, and this is about ${found ?? 'none'}`,
  otherNumber: (expected: number, found: number | undefined) =>
    `was to be sent for the time ${expected}, and this says ${found ?? 'none'}`,
  alreadySettled: (effect: string, state: string) =>
    `had ${effect} ${state} by then, which does not lead here`,
  otherPassword: (state: string) =>
    state === 'none' ? 'has no password' : `has a password that was ${state} by then`,
  noVerdict: 'is settled without a verdict',
  reportedTwice: 'is reported a second time',
  notPaused: 'recoveries go on that were not paused',
  pausedTwice: 'recoveries are paused that were paused already',
  liftedByPart:
    'let the account be recovered again by somebody who asked for, or approved, what its owner reported',
  notFrozen: 'was not what its account was frozen for, until then',
}

export const en = {
  replay,
  missing: (place: number, there: number) => `entry ${place} is missing; ${there} stands there`,
  unchained: 'it does not follow from the entry before',
  otherContent: 'its content does not match its hash',
  otherHash: 'a witness saw another hash in this place',
  otherRoot: 'a signed checkpoint has another root for the entries up to here',
  endsBeforeWitnessed: (seq: number) => `the chain ends before entry ${seq}, which a witness saw`,
  endsBeforeSigned: (seq: number) => `the chain ends before entry ${seq}, which a checkpoint has`,
  /** @param more entries besides whose posts are gone, too */
  postGone: (more: number) =>
    `its post is gone from the audit channel${more === 0 ? '' : ` (and ${more} more)`}`,
  otherPlace: (seq: number) => `it says that it is entry ${seq}`,
  otherSpelling: 'it is not spelled as it was hashed',
  unreadable: 'it cannot be read from the database',
  /** How the error says it that is thrown where an entry cannot be read. */
  entry: (seq: number, because: string) => `ledger entry ${seq}: ${because}`,
}

function approvals(count: number): string {
  return count === 1 ? '1 approval' : `${count} approvals`
}
