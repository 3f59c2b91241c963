/** How the audit channel reads of user groups: who came and went, and who could do what by which of them. */

import type { RecordedData } from '../../../audit/recorded-entry.ts'
import { personId } from '../../../ids.ts'
import { escapedWords, mention, when } from '../../kit/mrkdwn.ts'
import { shown } from './auditor-words.ts'
import { counted, fitted, listed } from './lists.ts'

export function groupChange(data: Changed): string {
  const { group, came, went, gone, continues } = data
  const named = groupOf(group)
  if (gone === true) {
    return `🚨 The user group ${named} is gone or disabled: nobody can ask or decide by it.`
  }
  const now = `${counted(presentIn(data), 'member')} now`
  if (came === undefined && went === undefined) {
    return `🚨 The user group ${named} is there again, as it was (${now}).`
  }
  const begun =
    continues === true
      ? `🚨 More changes of the user group ${named}.`
      : `🚨 The user group ${named} changed, and with it who may do what.`
  return `${begun} ${whoOf(data)} (${now}).${othersOf(data)}${waitsOf(data)}`
}

/** All whom the entry names: twenty at most came, and as many went. */
function whoOf({ came, cameInAll, went, wentInAll }: Changed): string {
  return `Came: ${membersOf(came, cameInAll)}. Went: ${membersOf(went, wentInAll)}`
}

function membersOf(ids: readonly string[] = [], inAll = ids.length): string {
  const named = ids.filter(Boolean).map((id) => mention(personId(id)))
  return listed(named, inAll - named.length)
}

function othersOf({ came, cameInAll, went, wentInAll }: Changed): string {
  return unnamed(came, cameInAll) + unnamed(went, wentInAll) > 0
    ? ' The others are named in the audit channel, in the posts that follow.'
    : ''
}

/** How many are in it, also those whom a later entry names. */
function presentIn({ members = 0, came, cameInAll, went, wentInAll }: Changed): number {
  return members + unnamed(came, cameInAll) - unnamed(went, wentInAll)
}

function unnamed(ids: readonly string[] = [], inAll = ids.length): number {
  return inAll - ids.length
}

/** From when on somebody can decide by it, and what to do where that is too late. */
function waitsOf(data: Changed): string {
  const { cameDecideFrom, nobodyUntil } = data
  if (presentIn(data) === 0) return ` Nobody is in it now. ${wayOut}`
  const from = momentOf(cameDecideFrom)
  const until = momentOf(nobodyUntil)
  const came = from && ` Those who came can decide by it from ${from} at the latest.`
  const nobody =
    until && ` Until ${until}, nobody in it can decide by it where new members wait. ${wayOut}`
  return `${came ?? ''}${nobody ?? ''}`
}

const wayOut =
  'If recoveries can’t wait, name approvers as users (`U…`) in the policy: they can decide at once.'

function momentOf(time: string | undefined): string | undefined {
  const at = new Date(time ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? undefined : when(at)
}

type Changed = RecordedData<'group.changed'>

/** A user group by its id: to mention it would notify everybody in it. */
function groupOf(group: string | undefined): string {
  return `\`${shown(group)}\``
}

/** By which line of the policy somebody could. */
export function lineOf(heldBy: string | undefined): string {
  return heldBy === undefined ? '' : `, by the policy’s line ${groupOf(heldBy)}`
}

/** Which user groups are looked at for the first time, and who is in them. */
export function beginningOf({
  groupsFirstSeen: groups = [],
  membersFirstSeen: lines = [],
}: {
  readonly groupsFirstSeen?: readonly string[]
  readonly membersFirstSeen?: readonly string[]
}): string {
  if (groups.length === 0) return ''
  const seen = `\nUser groups seen for the first time, with their members: ${escapedWords(fitted(groups, 300), 300)}.`
  return `${seen}${membersSeen(lines)}`
}

// A post has to hold them, beside what else the entry says.
const mostShown = 1_000

function membersSeen(lines: readonly string[]): string {
  const all = lines.map(memberLine)
  const fitting = all.filter((_, nth) => all.slice(0, nth + 1).join('').length <= mostShown)
  const others = fitting.length < all.length ? '\n• The others are named in the ledger.' : ''
  return `${fitting.join('')}${others}`
}

function memberLine(line: string): string {
  const [group, members = ''] = line.split(': ')
  return `\n• ${groupOf(group)}: ${membersOf(members.split(', '))}`
}
