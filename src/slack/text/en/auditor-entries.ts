/** What each ledger entry says to an auditor: who did what to whom, and with what outcome. Mrkdwn. */

import type { EntryType } from '../../../audit/entry-data.ts'
import type { RecordedData, RecordedEntry } from '../../../audit/recorded-entry.ts'
import { alteredSentences } from './auditor-altered.ts'
import { channelSentences } from './auditor-channels.ts'
import { beginningOf, groupChange, lineOf } from './auditor-groups.ts'
import {
  accountOf,
  actorOf,
  addressFindingOf,
  approvalsOf,
  attemptOf,
  changesOf,
  earlierOf,
  effectOf,
  furtherOf,
  hashStart,
  lapseOf,
  linesOf,
  type Makers,
  noticeOf,
  objectionOf,
  payloadOf,
  peopleOf,
  refusalOf,
  shown,
  tiersOf,
  traceOf,
  verdictOf,
} from './auditor-words.ts'
import { counted } from './lists.ts'

/** What an entry says, as far as it can be read: a question mark stands for what it does not have. */
export function auditSentence<Type extends EntryType>(entry: RecordedEntry<Type>): string {
  const makers: Makers = sentences
  return makers[entry.type](entry)
}

const sentences = {
  ...alteredSentences,
  ...channelSentences,

  'rekey.started': ({ policy, data }) =>
    `Rekey started under the policy ${hashStart(policy)}…${tiersOf(data.tiers)}${beginningOf(data)}`,

  'policy.changed': ({ policy, data }) =>
    `⚠️ The policy changed: it was ${hashStart(data.before)}…, ` +
    `and is now ${hashStart(policy)}…${beginningOf(data)}${changesOf(data)}`,

  'policy.refused': ({ policy, data }) =>
    `⚠️ Another policy was refused, and the one before stays in force ` +
    `(${hashStart(policy)}…)${linesOf(data.faults)}`,

  'group.changed': ({ data }) => groupChange(data),

  'recovery.paused': (entry) =>
    `⏸️ ${actorOf(entry)} paused all recoveries: nothing is carried out until somebody lets it go on.`,

  'recovery.resumed': (entry) => `▶️ ${actorOf(entry)} let recoveries go on.`,

  'ingress.refused': (entry) =>
    `⛔ Turned away: ${actorOf(entry)} ${payload(entry.data)}, ` +
    `but ${objectionOf(entry.data.because)}.${furtherOf(entry.data)}`,

  'account.looked-up': (entry) => `${actorOf(entry)} ${lookUp(entry)}.`,

  'open.refused': (entry) => {
    const wish = entry.target === null ? 'use Rekey' : `recover ${accountOf(entry)}`
    const { method } = entry.data
    const how = method === undefined ? '' : ` (${effectOf(method)})`
    return `⛔ Refused: ${actorOf(entry)} wanted to ${wish}${how}, but ${refusalOf(entry.data.why)}.${furtherOf(entry.data)}`
  },

  'request.opened': (entry) => {
    const { method, approvalsNeeded = 0, tier, ticket } = entry.data
    const { identityCheckLabel, evidence, heldBy } = entry.data
    return (
      `${actorOf(entry)} asked to recover ${accountOf(entry)}: ${effectOf(method)}, ` +
      `${counted(approvalsNeeded, 'approval')} needed, tier “${shown(tier)}”${lineOf(heldBy)}. ` +
      `Ticket ${shown(ticket)}. ` +
      `Identity check: ${shown(identityCheckLabel)} (${shown(evidence)}).`
    )
  },

  'approval.opened': (entry) =>
    `${actorOf(entry)} opened the request for ${accountOf(entry)} to decide on it.`,

  'request.approved': (entry) => {
    const { complete, inPlaceOf, heldBy } = entry.data
    const next = complete === true ? '. Rekey carries it out.' : '. More are needed.'
    return (
      `✅ ${actorOf(entry)} approved the recovery of ${accountOf(entry)}` +
      `${earlierOf(inPlaceOf)} (${approvalsOf(entry.data)}${lineOf(heldBy)})${next}`
    )
  },

  'request.denied': (entry) => `⛔ ${actorOf(entry)} denied the recovery of ${accountOf(entry)}.`,

  'request.withdrawn': (entry) =>
    `${actorOf(entry)} withdrew the request to recover ${accountOf(entry)}.`,

  'requests.repeated': (entry) =>
    `⚠️ ${unusedOf(entry.data.requests)} for ${accountOf(entry)} came to nothing (asked for by ` +
    `${peopleOf(entry.data.requesters)}). Is somebody trying them out?`,

  'limit.cleared': (entry) =>
    `${actorOf(entry)} let ${accountOf(entry)} be asked for again: its requests so far no longer count.`,

  'request.expired': (entry) =>
    `The request to recover ${accountOf(entry)} expired (${approvalsOf(entry.data)}).`,

  'request.failed': (entry) =>
    `❌ The recovery of ${accountOf(entry)} failed before anything was tried${traceOf(entry.data)}.`,

  'decision.refused': (entry) => {
    const { attempt } = entry.data
    const what = entry.target === null ? 'a request' : `the recovery of ${accountOf(entry)}`
    return (
      `⛔ Refused: ${actorOf(entry)} wanted to ${attemptOf(attempt)} ${what}, ` +
      `but ${refusalOf(entry.data.why)}.${furtherOf(entry.data)}`
    )
  },

  'approvals.voided': (entry) =>
    `⚠️ The approval by ${peopleOf(entry.data.voided)} for ${accountOf(entry)} is void: ` +
    `they may no longer decide (${approvalsOf(entry.data)} left).`,

  'effect.intended': (entry) =>
    `Rekey is about to act on ${accountOf(entry)}: ${effectOf(entry.data.deed)}, ` +
    `attempt ${shown(entry.data.attempt)}.`,

  'effect.confirmed': (entry) => {
    const { deed, sentTo } = entry.data
    const where = sentTo ? `, sent to ${shown(sentTo)}` : ''
    return `✅ Cognito confirmed for ${accountOf(entry)}: ${effectOf(deed)}${where}${traceOf(entry.data)}.`
  },

  'effect.observed': (entry) =>
    `✅ Cognito gave no clear answer for ${accountOf(entry)}, but the account shows it: ` +
    `${effectOf(entry.data.deed)}. That is by looking only: somebody else may have made the same change.`,

  'effect.refused': (entry) =>
    `❌ Not done for ${accountOf(entry)}: ${effectOf(entry.data.deed)}${traceOf(entry.data)}.`,

  'effect.not-applied': (entry) =>
    `Attempt ${shown(entry.data.attempt)} for ${accountOf(entry)} changed nothing: ` +
    `${effectOf(entry.data.deed)}${traceOf(entry.data)}. Rekey may try again.`,

  'effect.unknown': (entry) =>
    `⚠️ The outcome of attempt ${shown(entry.data.attempt)} for ${accountOf(entry)} is not known: ` +
    `${effectOf(entry.data.deed)}${traceOf(entry.data)}. Rekey looks before it does anything else.`,

  'effect.looked': (entry) =>
    `Rekey looked at ${accountOf(entry)} and found it unchanged. It looks once more.`,

  'effect.undecided': (entry) => {
    const { deed, takenBack, statusBefore, modifiedBefore, statusNow, modifiedNow } = entry.data
    const next =
      takenBack === true
        ? 'It is taken back as if it had been carried out, since its owner has reported it.'
        : 'A person has to.'
    return (
      `⚠️ Looking at ${accountOf(entry)} could not settle what came of it: ` +
      `${effectOf(deed)} (${shown(entry.data.because)}). ${next} ` +
      `Status before: ${shown(statusBefore)}, changed ${shown(modifiedBefore)}; ` +
      `now: ${shown(statusNow)}, changed ${shown(modifiedNow)}.`
    )
  },

  'address.changed': (entry) =>
    `🚨 What was sent for ${accountOf(entry)} may have gone to somebody else: ` +
    `${effectOf(entry.data.deed)}, and ${addressFindingOf(entry.data)}. ` +
    `Disable the account in Cognito until its owner was reached by another way.`,

  'effect.duplicate': (entry) =>
    `🚨 A call for ${accountOf(entry)} that had been given up for lost was carried out after all: ` +
    `${effectOf(entry.data.deed)} (attempt ${shown(entry.data.attempt)})${traceOf(entry.data)}. ` +
    `The owner may have got a second message.`,

  'attention.resolved': (entry) =>
    `${actorOf(entry)} settled what was unclear for ${accountOf(entry)}: ${verdictOf(entry.data)}.`,

  'sessions.revoked': (entry) =>
    `Signed out everywhere: ${accountOf(entry)}${traceOf(entry.data)}.`,

  'secret.revealing': (entry) =>
    `${actorOf(entry)} asked to see the password for ${accountOf(entry)}.`,

  'secret.revealed': (entry) =>
    `${actorOf(entry)} saw the password for ${accountOf(entry)}, once. Rekey no longer has it.`,

  'secret.released': (entry) =>
    `The password for ${accountOf(entry)} did not reach the screen of ${actorOf(entry)}, ` +
    `and can be asked for again.`,

  'secret.burnt': (entry) => {
    const { altered, perhapsSeen } = entry.data
    const early = altered ? 'somebody had changed what is stored of the request' : undefined
    const why =
      perhapsSeen === true
        ? 'its showing never ended, so it may have been seen'
        : (early ?? 'nobody asked to see it in time')
    return `The password for ${accountOf(entry)} was destroyed: ${why}.`
  },

  'secret.scrambled': (entry) =>
    `The unused password of ${accountOf(entry)} was replaced by one that nobody knows, ` +
    `and the request has lapsed.`,

  'owner.told': (entry) =>
    `The owner of ${accountOf(entry)} was told in Slack ${noticeOf(entry.data)}.`,

  'owner.not-told': (entry) =>
    `⚠️ The owner of ${accountOf(entry)} could not be told in Slack ${noticeOf(entry.data)}: ` +
    `Slack refused it (${shown(entry.data.error)}).`,

  'owner.reported': (entry) => {
    const { passwordUsed, takenBack } = entry.data
    const used =
      ' *The new password had been used already*: somebody may have been in. All sessions are ended.'
    const undone =
      ' Whether it was carried out is not known: it is taken back as if it had been, ' +
      'and all sessions are being ended.'
    return (
      `🚨 ${actorOf(entry)}, the owner of ${accountOf(entry)}, says that they did not ask for this. ` +
      `The account can’t be recovered for a day.` +
      `${passwordUsed === true ? used : ''}${takenBack === true ? undone : ''}`
    )
  },

  'recovery.misused': (entry) => {
    const what =
      entry.data.certain === false
        ? '*the account has been changed since*; whether the recovery was carried out is not known'
        : '*the recovery has been used*'
    return (
      `🚨 The owner of ${accountOf(entry)} has reported that it was not them, and ${what}: ` +
      `somebody may be in the account.`
    )
  },

  'freeze.lifted': (entry) =>
    `${actorOf(entry)} ended the freeze of ${accountOf(entry)}: it can be recovered again.`,

  'request.reminded': (entry) => `Those who can decide on ${accountOf(entry)} were reminded.`,

  'request.escalated': (entry) =>
    `The request for ${accountOf(entry)} has waited long: others may decide on it as well now.`,

  'request.stuck': (entry) =>
    `⚠️ Nobody is left who could approve the recovery of ${accountOf(entry)} ` +
    `(${approvalsOf(entry.data)}, tier “${shown(entry.data.tier)}”).`,

  'request.unstuck': (entry) =>
    `There are people again who can approve the recovery of ${accountOf(entry)}.`,

  'witness.disagrees': ({ data }) =>
    `🚨 The witness ${shown(data.witness)} has signed ` +
    (data.finding === 'behind'
      ? `${shown(data.witnessed)} entries, and this ledger has ${shown(data.size)}: it is an old backup, or cut off.`
      : `other entries up to #${shown(data.witnessed)} than this ledger has: somebody has rewritten it.`),

  'witness.silent': ({ data }) =>
    `⚠️ The witness ${shown(data.witness)} has signed nothing since ${shown(data.since)}. Recoveries go on.`,

  'request.recovered': (entry) =>
    `✅ The owner of ${accountOf(entry)} is back in, ` +
    `${counted(entry.data.withinMinutes ?? 0, 'minute')} after the recovery.`,

  'request.lapsed': (entry) =>
    `The recovery of ${accountOf(entry)} lapsed: ${lapseOf(entry.data)}.`,
} satisfies Makers

function payload({ attempt, kind }: RecordedData<'ingress.refused'>): string {
  return attempt === undefined ? payloadOf(kind) : `wanted to ${attemptOf(attempt)} a request`
}

function lookUp(entry: RecordedEntry<'account.looked-up'>): string {
  const { failed, found } = entry.data
  if (failed !== undefined)
    return `tried to look up an account, but Cognito did not help (${shown(failed)})`
  return found === 1
    ? `looked up ${accountOf({ ...entry, data: {} })}`
    : `searched for an account; ${shown(found)} found`
}

/** After the groups: of a long list Slack shows the beginning. */
function unusedOf({ length }: readonly string[] = []): string {
  return length > 2 ? `${length} requests` : 'A second request'
}
