/** What is wrong with a ledger, said of the entry from which on it is. */

export const en = {
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
