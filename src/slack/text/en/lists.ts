/** Lists of people and things, numbers and times, as an English sentence has them. */

import { type PersonId, personId } from '../../../ids.ts'
import { mention } from '../../kit/mrkdwn.ts'

// A policy asks for five approvals at most.
const mostNamed = 10

/** “@Ada, @Grace and @Mary”. @param inAll how many they are, where more than are given */
export function people(ids: readonly PersonId[], inAll = ids.length): string {
  const named = ids.slice(0, mostNamed)
  return listed(named.map(mention), inAll - named.length)
}

/** The users and user groups a policy names, each of which Slack notifies. */
export function principals(
  named: readonly { readonly kind: 'user' | 'group'; readonly id: string }[],
): string {
  const mentions = named.map(({ kind, id }) =>
    kind === 'group' ? `<!subteam^${id}>` : mention(personId(id)),
  )
  return listed(mentions.slice(0, mostNamed), mentions.length - mostNamed)
}

/** Things joined as in a sentence, with the number of those left out. */
export function listed(things: readonly string[], leftOut = 0): string {
  const all = leftOut > 0 ? [...things, `${leftOut} more`] : things
  const last = all.at(-1)
  if (last === undefined) return 'nobody'
  return all.length === 1 ? last : `${all.slice(0, -1).join(', ')} and ${last}`
}

/** As many of the names as fit into `max` characters, and how many do not. */
export function fitted(names: readonly string[], max: number): string {
  const shown: string[] = []
  let length = 0
  for (const name of names) {
    length += name.length + 2
    if (length > max) break
    shown.push(name)
  }
  const left = names.length - shown.length
  if (left === 0) return shown.join(', ')
  return shown.length === 0 ? `${left}` : `${shown.join(', ')} and ${left} more`
}

/** “1 approval”, “2 approvals”. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** “15 minutes”, “2 hours”, “90 seconds”: the largest unit that leaves no rest. */
export function span(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds % 3600 === 0) return counted(seconds / 3600, 'hour')
  return seconds % 60 === 0 ? counted(seconds / 60, 'minute') : counted(seconds, 'second')
}
