/**
 * How much the long tests do: a little in `npm test`, and what their promises are about in
 * `npm run soak`, which sets the variables. Nothing else reads them. docs/promises.md lists them.
 */

import { env } from 'node:process'

export interface Measure {
  readonly variable: string
  /** How much without the variable. */
  readonly short: number
  /** How much in `npm run soak`. */
  readonly long: number
  readonly counts: string
}

export const measures = {
  modelCommands: {
    variable: 'SOAK_MODEL_COMMANDS',
    short: 20_000,
    long: 1_000_000,
    counts: 'commands of the model test',
  },
  crashRounds: {
    variable: 'SOAK_CRASH_ROUNDS',
    short: 1,
    long: 20,
    counts: 'kills at each step; in `npm test` each step in one of two modes, in turn',
  },
  killSeconds: {
    variable: 'SOAK_KILL_SECONDS',
    short: 15,
    long: 600,
    counts: 'seconds of being killed at random, on each database',
  },
  ledgerChanges: {
    variable: 'SOAK_LEDGER_CHANGES',
    short: 100_000,
    long: 1_000_000,
    counts: 'changes of a ledger, each of which has to be found',
  },
  forgeries: {
    variable: 'SOAK_FORGERIES',
    short: 120,
    long: 5_000,
    counts: 'changes of what a ledger tells, with hashes that fit, each of which has to be found',
  },
  columnChanges: {
    variable: 'SOAK_COLUMN_CHANGES',
    short: 1,
    long: 40,
    counts:
      'changes of each column of each table, after each of which a Rekey goes on; `verify` looks at three times as many',
  },
  raceRounds: {
    variable: 'SOAK_RACE_ROUNDS',
    short: 150,
    long: 1_000,
    counts: 'rounds of each race on SQLite, every time in another order',
  },
  racePostgresRounds: {
    variable: 'SOAK_RACE_POSTGRES_ROUNDS',
    short: 50,
    long: 1_000,
    counts: 'rounds of each race on PostgreSQL, from two pools of connections',
  },
  wireRounds: {
    variable: 'SOAK_WIRE_ROUNDS',
    short: 4,
    long: 100,
    counts: 'times that two people press at the same moment, over Slack’s wire',
  },
  replicaRequests: {
    variable: 'SOAK_REPLICA_REQUESTS',
    short: 40,
    long: 500,
    counts: 'requests that five Rekeys on one database carry out',
  },
  explained: {
    variable: 'SOAK_EXPLAINED',
    short: 10_000,
    long: 100_000,
    counts: 'verdicts of `explain`, each held against what then happens',
  },
  hostileWords: {
    variable: 'SOAK_HOSTILE_WORDS',
    short: 25,
    long: 10_000,
    counts: 'sets of hostile words in everything that is drawn, besides every naughty string',
  },
  hostileTyped: {
    variable: 'SOAK_HOSTILE_TYPED',
    short: 100,
    long: 1_000,
    counts:
      'naughty strings that are typed into every field, besides those of Slack; there are 485',
  },
  spelledAddresses: {
    variable: 'SOAK_SPELLED_ADDRESSES',
    short: 10_000,
    long: 1_000_000,
    counts: 'addresses, each written down in another way beside other words',
  },
  passwords: {
    variable: 'SOAK_PASSWORDS',
    short: 50_000,
    long: 1_000_000,
    counts: 'passwords that are made and compared',
  },
  passwordPolicies: {
    variable: 'SOAK_PASSWORD_POLICIES',
    short: 5_000,
    long: 100_000,
    counts: 'policies of pools that a password is made for',
  },
  floodSeconds: {
    variable: 'SOAK_FLOOD_SECONDS',
    short: 3,
    long: 60,
    counts:
      'seconds of each flood from outside; over ten of them, Slack’s three seconds are looked at, too',
  },
  outageRequests: {
    variable: 'SOAK_OUTAGE_REQUESTS',
    short: 40,
    long: 5_000,
    counts: 'requests that are carried out while PostgreSQL comes and goes',
  },
} as const satisfies Record<string, Measure>

export const soak = Object.fromEntries(
  Object.entries(measures).map(([name, { variable, short }]) => [name, count(variable, short)]),
) as Readonly<Record<keyof typeof measures, number>>

function count(variable: string, short: number): number {
  const asked = Number(env[variable] ?? short)
  if (!Number.isSafeInteger(asked) || asked < 1)
    throw new Error(`${variable} must be a whole number`)
  return asked
}
