/** Who is in a user group of Slack's, as far as Rekey has seen it. */

/** The members of a user group as they were last noted. */
export interface GroupMemory {
  /** The group's id in Slack. */
  readonly group: string
  /** Rises by one with every change: the store turns away one made from an older version. */
  readonly version: number
  /** When Slack was asked for what is noted here. */
  readonly lookedAt: Date
  /** Since when each is in it, in milliseconds since 1970; 0 for whoever was in it from the beginning. */
  readonly members: ReadonlyMap<string, number>
  /** The group was gone or disabled. Whoever is in it again when it is back has not come anew. */
  readonly isGone: boolean
}

/** What is remembered of each user group, by its id. */
export type GroupMemories = ReadonlyMap<string, GroupMemory>

/** The user groups as Slack has them. */
export interface SeenGroups {
  /** When Slack was asked. */
  readonly at: Date
  /** The members of each, by its id; one that is gone or disabled is left out. */
  readonly members: ReadonlyMap<string, readonly string[]>
}
