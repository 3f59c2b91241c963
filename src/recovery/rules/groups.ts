/** What Rekey remembers of the user groups that the policy names, and what a look at them changes. */

import type { EntryDraft } from '../../audit/entry.ts'
import type { EntryData } from '../../audit/entry-data.ts'
import type { Policy } from '../../policy/policy.ts'
import { groupsNamed } from '../../policy/who.ts'
import { entryWithout, rekey } from '../model/drafts.ts'
import type { GroupMemories, GroupMemory, SeenGroups } from '../model/group.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'

// An entry and a post have to hold it.
const mostNamed = 20

/** What showed a change: the look of every few minutes, or one for somebody's right. */
export type Look = EntryData['group.changed']['look']

/** A change of one group, and what the ledger says of it. */
export interface GroupChange {
  readonly entry: EntryDraft
  readonly memory: GroupMemory
}

/**
 * What is noted of the groups that are looked at for the first time: whoever is in one then is in it
 * from the beginning.
 */
export function firstSeen(
  policy: Policy,
  seen: SeenGroups,
  remembered: GroupMemories,
): readonly GroupMemory[] {
  return groupsNamed(policy)
    .filter((group) => !remembered.has(group))
    .map((group) => ({
      group,
      version: 1,
      lookedAt: seen.at,
      members: new Map((seen.members.get(group) ?? []).map((id) => [id, 0])),
      isGone: !seen.members.has(group),
    }))
}

/** A line for each group, for the entry that they are noted with. */
export function firstSeenLines(memories: readonly GroupMemory[]): readonly string[] {
  return memories.map(({ group, members }) => `${group}: ${members.size}`)
}

/**
 * The changes that a look shows of the groups that the policy names. A look that is older than what is
 * noted shows none: another Rekey has looked since. A group of which nothing is noted was noted when
 * the policy was put in force, so somebody has been at the database: whoever is in it is new.
 */
export function groupChanges(
  seen: SeenGroups,
  remembered: GroupMemories,
  look: Look,
  terms: Terms,
): readonly GroupChange[] {
  return groupsNamed(terms.policy).flatMap((group) => {
    const before = remembered.get(group)
    if (before !== undefined && seen.at < before.lookedAt) return []
    const ids = seen.members.get(group)
    if (ids === undefined) return gone(before, seen, look, terms)
    return changed(before ?? nothingOf(group), ids, seen, { look, terms })
  })
}

/** Somebody, with when they came into each of their groups as far as they were not in it from the beginning. */
export function withGroupsSince(person: Person, remembered: GroupMemories, now: Date): Person {
  const since = person.groups.flatMap((group) => {
    // Whoever is in a group and is not noted has come into it just now.
    const ms = remembered.get(group)?.members.get(person.id) ?? now.getTime()
    return ms === 0 ? [] : [[group, new Date(ms)] as const]
  })
  return since.length === 0 ? person : { ...person, groupsSince: new Map(since) }
}

function nothingOf(group: string): GroupMemory {
  return { group, version: 0, lookedAt: new Date(0), members: new Map(), isGone: false }
}

function gone(
  before: GroupMemory | undefined,
  { at }: SeenGroups,
  look: Look,
  { policy }: Terms,
): readonly GroupChange[] {
  if (before === undefined || before.isGone) return []
  const { group, version } = before
  const entry = entryWithout(rekey, policy, { type: 'group.changed', group, look, gone: true })
  return [{ entry, memory: { ...before, version: version + 1, lookedAt: at, isGone: true } }]
}

function changed(
  before: GroupMemory,
  ids: readonly string[],
  { at }: SeenGroups,
  { look, terms }: { readonly look: Look; readonly terms: Terms },
): readonly GroupChange[] {
  const { policy, now } = terms
  const { group, version } = before
  const members = new Map(ids.map((id) => [id, before.members.get(id) ?? now.getTime()]))
  const came = [...members.keys()].filter((id) => !before.members.has(id))
  const went = [...before.members.keys()].filter((id) => !members.has(id))
  const memory = { group, version: version + 1, lookedAt: at, members, isGone: false }
  const count = members.size
  if (came.length + went.length > 0) {
    const entry = entryWithout(rekey, policy, {
      type: 'group.changed',
      group,
      look,
      came: came.slice(0, mostNamed),
      cameInAll: came.length,
      went: went.slice(0, mostNamed),
      wentInAll: went.length,
      members: count,
    })
    return [{ entry, memory }]
  }
  if (!before.isGone) return []
  const back = { type: 'group.changed', group, look, back: true, members: count } as const
  return [{ entry: entryWithout(rekey, policy, back), memory }]
}
