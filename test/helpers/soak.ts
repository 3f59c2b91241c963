/**
 * How much the long tests do. `npm test` runs them short; `npm run soak` sets these variables, and
 * nothing else reads them.
 */

import { env } from 'node:process'

export const soak = {
  /** Commands of the model test. */
  modelCommands: count('SOAK_MODEL_COMMANDS', 20_000),
  /** How often each way of being killed is tried; from 2 on in every mode, on both databases. */
  crashRounds: count('SOAK_CRASH_ROUNDS', 1),
  /** How long Rekey is killed at random moments, on each database. */
  killSeconds: count('SOAK_KILL_SECONDS', 15),
  /** Changes of a ledger, each of which has to be found. */
  ledgerChanges: count('SOAK_LEDGER_CHANGES', 100_000),
} as const

function count(variable: string, short: number): number {
  const asked = Number(env[variable] ?? short)
  if (!Number.isSafeInteger(asked) || asked < 1)
    throw new Error(`${variable} must be a whole number`)
  return asked
}
