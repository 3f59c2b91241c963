/** What Rekey remembers of the user groups that the policy names, and what a look at them changes. */

import type { EntryDraft } from '../../audit/entry.ts'
import type { EntryData } from '../../audit/entry-data.ts'
import { longestWaitMs } from '../../policy/membership.ts'
import type { Policy } from '../../policy/policy.ts'
import { groupsNamed } from '../../policy/who.ts'
import { after, entryWithout, rekey } from '../model/drafts.ts'
import type { GroupMemories, GroupMemory, SeenGroups } from '../model/group.ts'
import type { Terms } from '../model/terms.ts'
import type { Person } from '../ports/directory.ts'

// An entry and a post have to hold it: so many who came, and as many who went.
const mostNamed = 20

// An entry holds four thousand people; beyond that, it has their number.
const mostFirstLines = 200

/** A look at the groups, and what it is for. */
export interface Look {
  /** What showed a change: the look of every few minutes, or one for somebody's right. */
  readonly kind: EntryData['group.changed']['look']
  /** Whose right is asked for: they are named before others who came with them. */
  readonly about: ReadonlySet<string>
  /** Of each group, whom security has been told of by number alone. */
  readonly counted: ReadonlyMap<string, Counted>
}

/** Those whom a call to security has counted, and whom no entry has named yet. */
export interface Counted {
  /** The memory from which they are missing: another one is another Rekey's, or of later changes. */
  readonly version: number
  /** Who has come or gone: `+U…` and `-U…`. */
  readonly changes: ReadonlySet<string>
}

/** A change of one group, and what the ledger says of it. */
export interface GroupChange {
  readonly entry: EntryDraft
  readonly memory: GroupMemory
  /** Who has come or gone besides those whom the entry names: `+U…` and `-U…`. */
  readonly unnamed: ReadonlySet<string>
  /** Whether it names somebody whose right is asked for. */
  readonly isAbout: boolean
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

/** What the entry says that they are noted with: how many are in each group, and who. */
export function firstSeenKeys(memories: readonly GroupMemory[]): FirstSeenKeys {
  if (memories.length === 0) return {}
  const lines = memories.flatMap(({ group, members }) =>
    chunksOf([...members.keys()]).map((ids) => `${group}: ${ids.join(', ')}`),
  )
  return {
    groupsFirstSeen: memories.map(({ group, members }) => `${group}: ${members.size}`),
    membersFirstSeen: lines.slice(0, mostFirstLines),
  }
}

function chunksOf(ids: readonly string[]): readonly (readonly string[])[] {
  const starts = Array.from({ length: Math.ceil(ids.length / mostNamed) }, (_, n) => n * mostNamed)
  return starts.map((start) => ids.slice(start, start + mostNamed))
}

type FirstSeenKeys = Pick<EntryData['rekey.started'], 'groupsFirstSeen' | 'membersFirstSeen'>

/**
 * The changes that a look shows of the groups that the policy names, one of each: of many who came or
 * went it notes those whom its entry can name, and the next look at the same shows the next. A look
 * that is older than what is noted shows none: another Rekey has looked since. A group of which
 * nothing is noted was noted when the policy was put in force, so somebody has been at the database:
 * whoever is in it is new.
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

/** What would be remembered once all that a look shows were noted. */
export function asNoted(
  seen: SeenGroups,
  remembered: GroupMemories,
  look: Look,
  terms: Terms,
): GroupMemories {
  const noted = new Map(remembered)
  for (;;) {
    const changes = groupChanges(seen, noted, look, terms)
    if (changes.length === 0) return noted
    for (const { memory } of changes) noted.set(memory.group, memory)
  }
}

/**
 * Somebody with those of their groups in which they are noted, and since when as far as it was not from
 * the beginning. By a group that no entry names them in, nobody holds anything.
 */
export function withGroupsSince(person: Person, remembered: GroupMemories, now: Date): Person {
  const noted = person.groups.flatMap((group) => {
    const memory = remembered.get(group)
    // A group that no look has shown yet: whoever is in it has come just now.
    const ms = memory === undefined ? now.getTime() : memory.members.get(person.id)
    return ms === undefined ? [] : [[group, ms] as const]
  })
  const since = noted
    .filter(([, ms]) => ms > 0)
    .map(([group, ms]) => [group, new Date(ms)] as const)
  const groups = noted.map(([group]) => group)
  return { ...person, groups, ...(since.length > 0 && { groupsSince: new Map(since) }) }
}

function nothingOf(group: string): GroupMemory {
  return { group, version: 0, lookedAt: new Date(0), members: new Map(), isGone: false }
}

function gone(
  before: GroupMemory | undefined,
  { at }: SeenGroups,
  { kind: look }: Look,
  { policy }: Terms,
): readonly GroupChange[] {
  if (before === undefined || before.isGone) return []
  const { group, version } = before
  const entry = entryWithout(rekey, policy, { type: 'group.changed', group, look, gone: true })
  const memory = { ...before, version: version + 1, lookedAt: at, isGone: true }
  return [{ entry, memory, unnamed: new Set(), isAbout: false }]
}

function changed(
  before: GroupMemory,
  ids: readonly string[],
  { at }: SeenGroups,
  { look, terms }: { readonly look: Look; readonly terms: Terms },
): readonly GroupChange[] {
  const { policy, now } = terms
  const { group, version } = before
  const present = new Set(ids)
  const came = aboutFirst(
    [...present].filter((id) => !before.members.has(id)),
    look,
  )
  const went = [...before.members.keys()].filter((id) => !present.has(id))
  const members = new Map(before.members)
  for (const id of went.slice(0, mostNamed)) members.delete(id)
  for (const id of came.slice(0, mostNamed)) members.set(id, now.getTime())
  const memory = { group, version: version + 1, lookedAt: at, members, isGone: false }
  const about = { type: 'group.changed', group, look: look.kind, members: members.size } as const
  if (came.length + went.length === 0) {
    if (!before.isGone) return []
    const entry = entryWithout(rekey, policy, { ...about, back: true })
    return [{ entry, memory, unnamed: new Set(), isAbout: false }]
  }
  const entry = entryWithout(rekey, policy, {
    ...about,
    came: came.slice(0, mostNamed),
    cameInAll: came.length,
    went: went.slice(0, mostNamed),
    wentInAll: went.length,
    ...waits(group, { came: came.length > 0, present, noted: members }, terms),
    ...(isCounted(before, marked(came, went), look) && { continues: true }),
  })
  const unnamed = marked(came.slice(mostNamed), went.slice(mostNamed))
  const isAbout = came.slice(0, mostNamed).some((id) => look.about.has(id))
  return [{ entry, memory, unnamed, isAbout }]
}

function aboutFirst(ids: readonly string[], { about }: Look): readonly string[] {
  return [...ids.filter((id) => about.has(id)), ...ids.filter((id) => !about.has(id))]
}

function marked(came: readonly string[], went: readonly string[]): ReadonlySet<string> {
  return new Set([...came.map((id) => `+${id}`), ...went.map((id) => `-${id}`)])
}

/** Whether security has been called for every one of these changes. */
function isCounted(
  { group, version }: GroupMemory,
  changes: ReadonlySet<string>,
  { counted }: Look,
): boolean {
  const last = counted.get(group)
  return last?.version === version && changes.isSubsetOf(last.changes)
}

/** From when on those who came may decide by the group, and until when nobody may who is in it. */
function waits(
  group: string,
  {
    came,
    present,
    noted,
  }: {
    readonly came: boolean
    readonly present: ReadonlySet<string>
    readonly noted: ReadonlyMap<string, number>
  },
  { policy, now }: Terms,
): { readonly cameDecideFrom?: string; readonly nobodyUntil?: string } {
  const waitMs = longestWaitMs(policy, group)
  if (waitMs === 0) return {}
  const firstMs = Math.min(...[...present].map((id) => noted.get(id) ?? now.getTime()))
  const isNobodyLeft = present.size > 0 && firstMs + waitMs > now.getTime()
  return {
    ...(came && { cameDecideFrom: after(now, waitMs).toISOString() }),
    ...(isNobodyLeft && { nobodyUntil: new Date(firstMs + waitMs).toISOString() }),
  }
}
