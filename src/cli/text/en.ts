/** What operators and auditors read in a terminal. */

/** At the start. Each fault is a line of its own. */
const start = {
  faulty: (faults: readonly string[]) =>
    `Rekey can't start yet. What is missing or wrong:\n\n${listed(faults)}\n`,
  sandbox: 'To see Rekey at work without Slack or AWS: npm run sandbox',
  /** @param why where the error says so itself */
  failed: (why?: string) => `Rekey could not start: ${why ?? 'see the log'}`,
}

/** `npm run policy` */
const policy = {
  usage: `npm run policy -- check [--file policy.yml]
npm run policy -- explain --requester U… --account jane@example.com [--file policy.yml]`,
  fine: (file: string, hash: string) => `${file} can be put in force. Its hash is ${hash}`,
  fault: (fault: string) => `- ${fault}`,
  unverified: (what: string) => `- not verified: ${what}`,
  /** @param because Slack's name for the trouble */
  waiting: ({ method, seconds, because }: Wait) =>
    `Slack can't answer ${method} yet (${because}). Asking again in ${seconds} s.`,
  noAws: (operation: string, why: string) => `- AWS, ${operation}: ${why}`,
  failed: (failure: string) => `Cognito: ${failure}`,
  noAccount: (asked: string) => `no account matches ${asked}`,
  notConsidered: 'Limits that are used up and a pause are not considered.',
}

interface Wait {
  readonly method: string
  readonly seconds: number
  readonly because: string
}

/** Somebody who has come into a group lately. */
interface NewMember {
  readonly group: string
  readonly since: Date
  readonly until: Date
}

/** How `npm run policy -- explain` lays out what one account would take. */
const explanation = {
  account: (name: string, pool: string, sub: string, status: string) =>
    `${name} (${pool}, ${sub}), ${status}`,
  tier: (name: string, isPrivileged: boolean) =>
    `  tier: ${name}${isPrivileged ? ', privileged' : ''}`,
  requester: (id: string) => `  ${id} asking for`,
  /** @param refusal the sentence of a refusal; none for a yes */
  answer: (what: string, refusal: string | undefined) => `    ${what}: ${refusal ?? 'yes'}`,
  checks: (labels: readonly string[]) => `  identity checks: ${labels.join('; ')}`,
  /** @param from of whom one each has to approve */
  approvals: (needed: number, from: readonly string[]) =>
    `  ${needed} to approve${from.length === 0 ? '' : `, one each from ${from.join(' and ')}`}, of`,
  nobody: '    nobody',
  newMember: ({ group, since, until }: NewMember) =>
    `not yet: in ${group} since ${minuteOf(since)} as Rekey saw it, may decide from ${minuteOf(until)} on`,
  /** @param minutes how long new members of a group wait */
  wait: (minutes: number) =>
    `  who comes into a group decides ${minutes} minutes later (newMembersWait); who is named as a user, at once`,
  escalation: (minutes: number, to: readonly string[]) =>
    `  after ${minutes} minutes also ${to.join(', ')}`,
}

/** `npm run audit` */
const audit = {
  usage: `npm run audit -- verify [--live] [--slack-export FILE_OR_FOLDER] [--bot BOT_ID]... [--key VERIFIER]... [--witness URL_OR_FILE]... [--witness-key KEY]... [--database URL]
npm run audit -- export [--format jsonl|csv] [--since YYYY-MM-DD] [--database URL]
npm run audit -- key`,
  noKey: 'REKEY_SECRET_KEY is not set, so there is no key',
  liveNeeds: (faults: readonly string[]) => `--live needs what Rekey needs:\n${listed(faults)}`,
  /** What the channel is called that was read in Slack; an export is called by its path. */
  liveChannel: 'audit channel',
  severalBots: (bots: readonly string[]) =>
    `More than one app has posted heads in the export (${bots.join(', ')}): say with --bot which one is Rekey`,
  unnamedBot:
    'The ledger does not say which bot is Rekey, since it was written by an older one: every post with a head counts. Say with --bot which one it is',
  noMessages: (file: string) => `${file} is no list of messages`,
}

/** `npm run audit -- verify` */
const verify = {
  noVerifier: (key: string) =>
    `--key ${key} is no key: give a whole line of \`npm run audit -- key\``,
  broken: (seq: number, because: string) => `BROKEN at entry ${seq}: ${because}`,
  intact: (entries: number, head: string) => `intact: ${entries} entries, head ${head}`,
  /** After every request was followed from its entries, and compared with its rows. */
  tables: (requests: number) =>
    `${requests} ${requests === 1 ? 'request follows' : 'requests follow'} from the ledger, and the tables say the same`,
  /** The whole database is bound to the key, so that nothing was changed without it. */
  sealed: 'every seal fits: nobody has changed the tables without REKEY_SECRET_KEY',
  notSealed:
    'seals were not checked: set REKEY_SECRET_KEY (and REKEY_SECRET_KEYS_OLD) to have them checked',
  checkpoints: (known: number, unknown: number) => {
    const agree = `${known} signed checkpoints agree`
    return unknown > 0
      ? `${agree}; ${unknown} are signed by nobody whose key is here: set REKEY_SECRET_KEY (and REKEY_SECRET_KEYS_OLD), or give --key`
      : agree
  },
  noneSigned:
    'no checkpoint is signed by a --key that was given, although the ledger is older than two hours and Rekey signs once an hour: whether it was rewritten cannot be told',
  noWitness:
    'no witness was asked: a ledger that was rewritten whole looks intact. Add --live or --slack-export',
  /** @param others apps of which nobody has said that they are Rekey */
  noPost: (channel: string, others: readonly string[]) =>
    `${channel}: there is no post of Rekey's, so that nothing there vouches for the ledger${uncounted(others)}`,
  posts: (channel: string, seqs: readonly number[], others: readonly string[]) =>
    `${channel}: ${seqs.length} posts agree, of entries ${seqs[0]} to ${seqs.at(-1)}, and none is gone that was posted since the oldest of them${uncounted(others)}`,
}

function ageOf(at: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 60_000))
  return `${minutes} min ago`
}

/** What witnesses say, for `npm run audit -- verify`. */
const witness = {
  rewritten: (place: string, size: number) =>
    `${place} has signed other entries up to here (${size} of them)`,
  behind: (place: string, size: number) => `${place} has signed ${size} entries`,
  agrees: (place: string, { size, at }: { readonly size: number; readonly at: Date }, now: Date) =>
    `${place} agrees: it signed entries 1 to ${size}, the last time at ${at.toISOString()} (${ageOf(at, now)})`,
  kept: (signatures: number) => `${signatures} signatures of witnesses that are kept here agree`,
  silent: (place: string, because: string) => `${place} does not vouch for the ledger: ${because}`,
  noKey:
    'A witness is believed by its key: give it with --witness-key (its operator publishes the line), or set WITNESSES',
  noLog:
    "A witness signs other logs, too: say which one is Rekey's with --key (a line of `npm run audit -- key`), or set REKEY_SECRET_KEY",
  noNote: (file: string) =>
    `${file} has no checkpoint of this log that a given --witness-key has signed`,
  notKey: (key: string) => `--witness-key ${key} is no public key of a witness`,
}

/** What `npm run audit -- verify` finds besides what is wrong with the chain itself, said of an entry. */
const broken = {
  otherHead: 'the store has another hash for its newest entry',
  longer: (entries: number) => `the store knows of ${entries} entries`,
  unsigned:
    "the checkpoint of the entries up to here is signed by no key that was given. If Rekey's key was another one then, give that with --key, and the present one too",
  otherTree: 'what is kept beside the checkpoint of the entries up to here is not what was signed',
  cosignature: (witness: string) =>
    `the signature of ${witness} that is kept here is not of the checkpoint of the entries up to here`,
  postGone: (of: Posted) => `${posts[of]} is gone from the audit channel`,
  postAltered: (of: Posted) => `${posts[of]} in the audit channel does not say what Rekey wrote`,
}

type Posted = keyof typeof posts

const posts = {
  entry: 'its post',
  checkpoint: 'the post of the checkpoint of the entries up to here',
}

/** How the tables, by which Rekey acts, differ from the ledger. */
const tables = {
  broken: (because: string) => `BROKEN in the tables: ${because}`,
  more: (count: number) => `BROKEN in the tables: ${count} more like these`,
  differs: (request: string, { what, table, ledger }: Differing) =>
    `the row of ${request} has ${columns[what]} ${table || 'none'}, and the ledger ${ledger || 'none'}`,
  neverOpened: (request: string) => `there is a row of ${request}, which the ledger never opened`,
  requestGone: (request: string) => `the row of ${request} is gone`,
  unreadable: (request: string) => `the rows of ${request} hold what no Rekey has written`,
  stray: (table: string, request: string) =>
    `there is a row in ${table} of ${request}, and no such request`,
  passwordGone: (request: string) => `the sealed password of ${request} is gone`,
  strayPassword: (request: string, effect: string) =>
    `there is a sealed password of ${request} for ${effect}, where the ledger has none`,
  otherGroup: (group: string) =>
    `what is noted of the user group ${group} is not what the ledger says of it`,
  sealBroken: (request: string) =>
    `the rows of ${request} do not fit their seal: somebody without REKEY_SECRET_KEY has changed them`,
  headAltered:
    'the end of the ledger, the pause, a freeze or a user group does not fit its seal: somebody without REKEY_SECRET_KEY has changed it',
  otherKey:
    'the database is sealed with another key than those given here: set REKEY_SECRET_KEY as Rekey has it, or add the one before to REKEY_SECRET_KEYS_OLD',
  otherPolicy: (hash: string) => `the policy ${hash} does not say what its hash was made of`,
  policyGone: (hash: string) => `the policy ${hash} was in force, and is gone`,
  /** @param since when the pause of the ledger began */
  otherPause: (isPaused: boolean, since: string | undefined) =>
    since === undefined
      ? 'recoveries are paused by a row alone: no entry says so'
      : `recoveries are paused since ${since} by the ledger, and ${isPaused ? 'otherwise' : 'not at all'} by the row`,
  freeze: (of: { userPoolId: string; sub: string }, until: number, request: string) =>
    `${of.sub} in ${of.userPoolId} is frozen until ${time(until)} because of ${request}`,
  freezeNotWritten: (freeze: string) => `${freeze} by a row alone: no entry says so`,
  freezeGone: (freeze: string) => `${freeze} by the ledger, and no row says so`,
}

interface Differing {
  readonly what: keyof typeof columns
  readonly table: string
  readonly ledger: string
}

const columns = {
  version: 'the version',
  state: 'the state',
  requester: 'the requester',
  pool: 'the user pool',
  sub: 'the account',
  method: 'the method',
  tier: 'the tier',
  approvals: 'the approvals',
  approvalsNeeded: 'the number of approvals needed',
  approvalsSince: 'the version since which approvals count',
  owner: 'the owner',
  policy: 'the policy',
  openedAt: 'the time of opening',
  expiresAt: 'the time of expiry',
  password: 'a password',
  effect: 'the effect',
  reported: 'the owner’s report',
  effectId: 'the effect',
  effectKind: 'the kind of an effect',
  effectNumber: 'the number of an effect',
  effectState: 'the state of an effect',
  effectFence: 'the fence of an effect',
  effectAttempts: 'the tries of an effect',
}

export const en = { start, policy, explanation, audit, verify, witness, broken, tables }

/** What is no time is told as the number that it is. */
function time(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}

function uncounted(others: readonly string[]): string {
  return others.length === 0 ? '' : `; what ${others.join(', ')} posted does not count (see --bot)`
}

function minuteOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function listed(faults: readonly string[]): string {
  return `- ${faults.join('\n- ')}`
}
