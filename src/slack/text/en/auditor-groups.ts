/** How the audit channel reads of user groups: who came and went, and who could do what by which of them. */

import type { RecordedData } from '../../../audit/recorded-entry.ts'
import { escapedWords } from '../../kit/mrkdwn.ts'
import { peopleOf, shown } from './auditor-words.ts'
import { counted, fitted } from './lists.ts'

export function groupChange({
  group,
  came,
  cameInAll,
  went,
  wentInAll,
  members,
  gone,
}: Changed): string {
  const named = groupOf(group)
  if (gone === true) {
    return `🚨 The user group ${named} is gone or disabled: nobody can ask or decide by it.`
  }
  const now = `${counted(members ?? 0, 'member')} now`
  if (came === undefined && went === undefined) {
    return `🚨 The user group ${named} is there again, as it was (${now}).`
  }
  return (
    `🚨 The user group ${named} changed, and with it who may do what. ` +
    `Came: ${peopleOf(came, cameInAll)}. Went: ${peopleOf(went, wentInAll)} (${now}).`
  )
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

/** Which user groups are looked at for the first time. */
export function beginningOf({
  groupsFirstSeen: groups = [],
}: {
  readonly groupsFirstSeen?: readonly string[]
}): string {
  if (groups.length === 0) return ''
  return `\nUser groups seen for the first time, with their members: ${escapedWords(fitted(groups, 300), 300)}.`
}
