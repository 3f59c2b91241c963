/**
 * The reasons that Rekey itself gives, in the place of a person's words. They are stored with the
 * request or the pause and in the ledger: what was written stays in the language it was written in.
 */

export const en = {
  /** A pause: the limit of executions was reached. */
  tooMany: (most: number, windowMs: number) =>
    `More than ${most} recoveries within ${windowMs / 60_000} minutes`,
  /** A pause: the audit channel has witnessed what the ledger does not have. */
  restored: (seq: number, hash: string) =>
    `The audit channel has seen entry #${seq} (${hash.slice(0, 16)}…), which this ledger does not have: the database is a backup, or another one. What was approved may have been carried out already`,
  /** A pause: a witness has signed what the ledger does not have. Slack shows 300 characters of it. */
  witnessed: {
    behind: ({ witness, size, witnessed }: Signed) =>
      `The witness ${witness} has signed ${witnessed} entries, and only ${size} are signed here: the database was put back. ${checkFirst}`,
    rewritten: ({ witness, witnessed }: Signed) =>
      `The witness ${witness} has signed other entries up to #${witnessed} than this ledger has: somebody has rewritten it. ${checkFirst}`,
  },
  /** A denial, to the requester and the approvers of what its owner has ended. */
  reported: 'The account’s owner says that they did not ask for this.',
}

interface Signed {
  readonly witness: string
  readonly size: number
  readonly witnessed: number
}

const checkFirst =
  'What was approved may be carried out already. Before you resume, run npm run audit -- verify --live --witness URL. If the witness is wrong, take it out of WITNESSES'
