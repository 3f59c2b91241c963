/**
 * What is wrong with a policy. Every sentence goes on from the name of the place that it is about, as in
 * `tiers[0].approvers is empty: write …`, and ends with what to write instead.
 */

const places = {
  whole: 'the policy',
  /** @param found one of `found` */
  must: (found: string, write: string) => `${found}: write ${write}`,
}

/** What there is in place of what must be. */
const found = {
  nothing: 'is missing',
  empty: 'is empty',
  list: 'is a list',
  mapping: 'is a mapping',
  value: (value: string) => `is ${value}`,
}

const numberTo10 = 'a whole number from 0 to 10'
const label = 'a label of 1 to 75 characters on one line'
const poolName = 'a name of at most 40 letters, digits, - and _ that starts with a letter'

/** What must be written, after `must`. */
const write = {
  principal: 'the id of a user (U… or W…) or of a user group (S…)',
  principals: 'at least one user (U…) or user group (S…)',
  channel: 'the id of a channel (C… or G…)',
  region: 'an AWS region such as us-west-2',
  country: 'a country’s two letters such as JP',
  name: poolName,
  userPoolId: 'the id of a user pool, REGION_SUFFIX, such as us-west-2_aaaaaaaaa',
  clientId: 'the id of an app client',
  secretEnv: 'the name of the environment variable that holds the client secret, in capitals',
  group: 'the name of a Cognito group',
  groups: 'at least one Cognito group',
  poolNames: 'the name of at least one pool',
  when: 'groups, pools or changedWithin',
  yesOrNo: 'true or false',
  approvals: 'a whole number from 1 to 5',
  method: (methods: readonly string[]) => `one of ${methods.join(', ')}`,
  methods: (methods: readonly string[]) => `at least one of ${methods.join(', ')}`,
  checkIds: 'the id of at least one identity check',
  label,
  pattern: 'a regular expression of at most 200 characters',
  validPattern: 'a regular expression (JavaScript, with the flag u)',
  example: 'an example of at most 64 characters',
  sources: '1 to 10 sources',
  evidence:
    '{ reference: LABEL, pattern: …, example: … } for something that can be looked up, or { source: LABEL, options: […] } for where the number that was called is on file',
  version: '1, the only version there is',
  user: 'the id of a user (U… or W…)',
  onePerson: 'the ids of the accounts of one person',
  samePerson: 'a list of lists of user ids',
  tiers: 'at least one tier',
  checks: '1 to 10 checks, each with an id and a label',
  reminders: numberTo10,
  mapping: (keys: readonly string[]) => `a mapping with ${keys.join(', ')}`,
  pools: 'at least one pool, as NAME: { userPoolId: … }',
  duration: (least: string, most: string) =>
    `a duration from ${least} to ${most}, such as 90s, 30m or 2h`,
  limit: 'a limit such as 10 per 1h, from 1 to 10000 within 1m to 7d',
}

/** What has a form that is not taken, in whole sentences. */
const form = {
  tooManySources: 'has more than 10 sources: write at most 10',
  tooManyChecks: 'has more than 10 checks: write at most 10',
  oneAccount: 'names one account: write all those of one person, two or more',
  unknownKey: (keys: readonly string[]) =>
    `is not known here: write one of ${keys.join(', ')}, or remove it`,
  noPoolName: `is no name for a pool: write ${poolName}`,
}

const yaml = {
  unreadable: (why: string) => `cannot be read as YAML: ${why}`,
  syntax: (why: string) => `YAML: ${why}`,
  severalDocuments:
    'YAML: Source contains multiple documents: keep one policy in the file, and remove the --- of this line',
  repeatedKey: 'this key is written twice in the same mapping: keep one',
  alias: (name: string) => `*${name} is an alias: write out what it stands for`,
  proto: '__proto__ is no key: write another',
}

/** How the parts of a policy fit together. */
const consistency = {
  auditIsApprovals: (channel: string) =>
    `is ${channel}, where requests are decided already: write another, which only auditors need to be in`,
  whenOnLast:
    'is on the last tier, so some accounts would have none: remove it, or add a tier without `when` at the end',
  noWhenBeforeLast:
    'has no `when`, so no later tier is ever reached: write `when`, or move it to the end',
  covered: (tier: string) =>
    `holds only for accounts that the tier "${tier}" above it takes: move it above that one, or remove it`,
  /** @param less as in `looser` */
  looser: (stricter: string, less: readonly string[]) =>
    `takes accounts from the tier "${stricter}" below it as soon as they are changed, and asks for less (${less.join('; ')}): move it below that one, or ask for as much`,
  asksKnowledge:
    'asks what a caller can have bought or looked up: write a check that reaches the owner, such as a call to the number on file',
  optionWithAddress: (option: string, kept: string) =>
    `is "${option}", which Rekey writes down as "${kept}", so it could never be chosen: write it without an e-mail address, and without spaces around it`,
  takesProse: (words: string) =>
    `takes "${words}", which nobody can look up: write one that only a reference fits, with a digit in it at least`,
  slowPattern:
    'takes very long over some texts, and everybody would wait: write it without one repetition inside or right after another, as in (\\d+-?)+',
  unfitExample: (example: string) =>
    `is "${example}", which the pattern beside it does not take: write one that it takes`,
  exampleWithAddress: (example: string, kept: string) =>
    `is "${example}", which Rekey writes down as "${kept}", and that the pattern beside it does not take: ask for something without an e-mail address, and without spaces around it`,
  tooLate: (after: string | undefined, expiry: string) =>
    `is ${after}, when every request has expired (requestExpiresAfter: ${expiry}): write less than that`,
  unknownCheck: (id: unknown, known: readonly (string | undefined)[]) =>
    `is "${id}", which is no check of this policy: write ${known.join(' or ')}`,
  noClient: (pool: string | undefined) =>
    `needs an app client, which the pool ${pool} does not have: write pools.${pool}.client, or another method`,
  fewForPermanent: 'is too low for permanent-password: write 2 or more, or remove that method',
  fewApprovers: (users: number) =>
    `can never be met, since only ${users === 1 ? 'one person' : `${users} people`} may approve: write a lower number, or name more approvers`,
  noApprovers: 'is missing: write at least one user (U…) or user group (S…)',
  moreThanApprovals: (from: number) =>
    `names ${from}, so one of each are more than \`approvals\` asks for: write approvals: ${from} or more`,
  notAnApprover: (id: unknown) =>
    `is "${id}", who is not among the approvers: add them there, or leave \`approvers\` out`,
  unknownPool: (name: string, known: readonly string[]) =>
    `is "${name}", which is no pool of this policy: write ${known.join(' or ') || 'the name of a pool'}`,
  repeated: (value: string) => `repeats "${value}": write another, or remove it`,
  endsBeforeReveal: (use: string, reveal: string) =>
    `ends after ${use}, before revealWithin does (${reveal}): write at least ${reveal}`,
}

/** What one tier asks less than another, or takes that the other does not. */
const looser = {
  approvals: (wanted: number) => `not for ${wanted} approvals`,
  privileged: 'not for the name to be typed',
  newMembersWait: 'for a shorter newMembersWait',
  from: (unnamed: readonly string[]) => `not for one of ${unnamed.join(', ')}`,
  methods: (methods: readonly string[]) => `takes ${methods.join(', ')}`,
  checks: (checks: readonly string[]) => `takes the check ${checks.join(', ')}`,
}

/** What Slack and Cognito have of what the policy names. */
const references = {
  /** @param state one of `channelStates` */
  channel: (id: string, state: string) => `is ${id}, which ${state}`,
  channelStates: {
    unknown: 'is no channel that Rekey can see: write the id of one, and invite Rekey to it',
    'not-in-channel': 'is a channel that Rekey is not in: invite it with /invite',
    archived: 'is an archived channel: write another, or unarchive it',
    shared:
      'is shared with another organization, whose people could read and press everything: write a channel that is not',
    public:
      'is public, so everybody in the workspace could read whose account is recovered, and how: make it private, or write a channel that is',
  },
  poolStates: {
    unknown: 'is no user pool in its region: write the id of one',
    forbidden:
      'is a user pool that Rekey’s AWS identity may not describe: grant cognito-idp:DescribeUserPool on it',
  },
  /** @param what is wrong with the person or the group of that id: one of the seven that follow */
  principal: (id: string, what: string) => `is ${id}, ${what}`,
  unknownPerson: 'whom Slack does not know: write the id of a member',
  hiddenPerson: 'whom Slack does not show to Rekey: write the id of a member whom it does',
  noMember:
    'who is no full member of the workspace: guests, bots and people who have left may do nothing, so write another',
  noGroupsInPlan: 'but this Slack plan has no user groups: name people, U…',
  unknownGroup: 'which is no user group: write the id of one',
  disabledGroup: 'a user group that is disabled: enable it, or write another',
  emptyGroup: 'a user group without a full member: add people to it, or write another',
  unknownAccount: (id: string) => `is ${id}, whom Slack does not know: write the id of an account`,
  hiddenAccount: (id: string) =>
    `is ${id}, whom Slack does not show to Rekey: write the id of an account that it does`,
  forbiddenGroup: (group: string, pools: readonly string[]) =>
    `is "${group}", which Rekey’s AWS identity may not look up in ${pools.join(' or ')}: grant cognito-idp:GetGroup there`,
  unknownCognitoGroup: (group: string, pools: readonly string[]) =>
    `is "${group}", which is no group in ${pools.join(' or ')}: write it as Cognito has it, capitals included`,
  /** @param isWithoutOne whether it can't when one of them is the requester */
  quorum: (people: number, isWithoutOne: boolean) =>
    `can’t be met: only ${people} ${people === 1 ? 'person' : 'people'} could approve${isWithoutOne ? ' when one of them is the requester' : ''}. Write a lower number, or name more approvers`,
}

/** Where the rights of a Slack app are given. */
const inSlack = 'at api.slack.com/apps, under OAuth & Permissions'

const reinstall = 'press “Reinstall to Workspace”'

/** What to do about Slack's refusals, by their name; `other` for the rest. */
const refusalAdvice: Readonly<Record<string, string>> & { readonly other: string } = {
  not_allowed_token_type: `set SLACK_BOT_TOKEN to the Bot User OAuth Token, xoxb-…, which is ${inSlack}`,
  enterprise_is_restricted:
    'install the app in the workspace itself and not in the whole organization, then set SLACK_BOT_TOKEN to the Bot User OAuth Token of that installation',
  org_login_required:
    'the workspace is being moved into an organization, so try again when that is done',
  team_added_to_org:
    'the workspace is being moved into an organization, so try again when that is done',
  accesslimited: 'ask a workspace admin to allow the app from the network that Rekey is in',
  team_access_not_granted: `ask an admin of the organization to grant the app to this workspace, then ${reinstall}`,
  other: `ask a workspace admin to approve the app with all scopes of manifest.yml, then ${reinstall} ${inSlack}`,
}

/** What Rekey may not ask Slack. */
const rights = {
  scopes: (scopes: readonly string[]) =>
    `the Slack app lacks the bot ${scopes.length === 1 ? 'scope' : 'scopes'} ${scopes.join(', ')}: ${inSlack}, add ${scopes.length === 1 ? 'it' : 'them'} to “Bot Token Scopes”, then ${reinstall}`,
  refused: (method: string, error: string) =>
    `Slack refuses ${method} to Rekey (${error}): ${refusalAdvice[error] ?? refusalAdvice.other}`,
}

/** What is no fault of the policy's, and could not be looked at. */
const unverified = {
  pool: (pool: string) => `the pool ${pool}: Cognito could not be asked`,
  group: (group: string, pool: string) =>
    `the group ${group} in the pool ${pool}: Cognito could not be asked`,
}

/** The difference between two policies, as the ledger keeps it. */
const difference = {
  line: (name: string, before: string | undefined, after: string | undefined) =>
    `${name}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`,
  more: (left: number) => `and ${left} more`,
}

export const en = {
  places,
  found,
  write,
  form,
  yaml,
  consistency,
  looser,
  references,
  rights,
  unverified,
  difference,
  /** @param faults what it names in vain, and what Slack does not let Rekey ask */
  cannotBeInForce: (faults: readonly string[]) =>
    `the policy can’t be put in force: ${faults.join('; ')}`,
  /** What stands in people's words where they had written an e-mail address. It is stored. */
  hiddenAddress: '[e-mail address]',
}
