import type { Policy } from '../../policy/policy.ts'
import { groupsNamed } from '../../policy/who.ts'
import { after } from '../model/drafts.ts'
import type { GroupMemories } from '../model/group.ts'
import type { Progress } from '../model/job.ts'
import { everyMs } from '../model/routines.ts'
import type { Directory } from '../ports/directory.ts'
import type { Store } from '../ports/store.ts'
import {
  asNoted,
  type Counted,
  type GroupChange,
  groupChanges,
  type Look,
} from '../rules/groups.ts'

// What is noted of many takes a while: the look of every few minutes can take it, and nobody waits for that one.
const soonMs = 1_000
const mostEntries = { use: 5, routine: 50 }

// Each round lost means that another Rekey has noted a change.
const lostRounds = 10

export interface GroupWatchDeps {
  readonly store: Pick<Store, 'findGroups' | 'write'>
  readonly directory: Pick<Directory, 'groups'>
  readonly policy: () => Policy
  readonly now: () => Date
  /** A change that shows is not noted: for whoever only looks. */
  readonly isReadOnly?: true
}

/** Notes who comes into the user groups that the policy names, and who goes. */
export class GroupWatch {
  readonly #deps: GroupWatchDeps
  /** Whom a call of this Rekey's to security has counted, and no entry has named yet. */
  readonly #counted = new Map<string, Counted>()

  constructor(deps: GroupWatchDeps) {
    this.#deps = deps
  }

  /**
   * What is remembered of the groups once what a look shows has been noted. Of many changes it notes
   * some, and leaves the rest to the next: whoever is not noted is not remembered.
   * @param about whose right is asked for: they are noted in any case
   * @throws what Slack answers when it cannot be asked
   */
  async look(kind: Look['kind'], about: readonly string[] = []): Promise<GroupMemories> {
    const { store, directory, policy, now, isReadOnly } = this.#deps
    const named = groupsNamed(policy())
    if (named.length === 0) return new Map()
    const look = { kind, about: new Set(about), counted: this.#counted }
    // One round notes one change of one group.
    for (let round = 0; round <= 2 * named.length + mostEntries[kind] + lostRounds; round++) {
      const [seen, remembered] = await Promise.all([directory.groups(), store.findGroups()])
      const terms = { policy: policy(), now: now() }
      if (isReadOnly) return asNoted(seen, remembered, look, terms)
      const changes = groupChanges(seen, remembered, look, terms)
      this.#forgetAllBut(changes)
      const isEnough = round >= mostEntries[kind]
      const change = changes.find(({ isAbout }) => isAbout) ?? (isEnough ? undefined : changes[0])
      if (change === undefined) return remembered
      await this.#note(change, terms.now)
    }
    throw new Error('the user groups changed faster than they could be noted')
  }

  /** Looks, and comes back. Twice is no harm: what is noted already is no change. */
  async lookAgain(): Promise<Progress> {
    await this.look('routine')
    const afterMs = this.#counted.size > 0 ? soonMs : everyMs.groups
    return { kind: 'again', at: after(this.#deps.now(), afterMs), because: 'the next look' }
  }

  async #note({ entry, memory, unnamed }: GroupChange, at: Date): Promise<void> {
    const noted = await this.#deps.store.write(entry, at, undefined, { kind: 'group', memory })
    // Where another Rekey was first, the next round sees what that one has noted.
    if (noted !== 'recorded') return
    const { group, version } = memory
    if (unnamed.size > 0) this.#counted.set(group, { version, changes: unnamed })
    else this.#counted.delete(group)
  }

  /** Whoever was counted and is no change any more would be one that security has not heard of. */
  #forgetAllBut(changes: readonly GroupChange[]): void {
    const left = new Set(changes.map(({ memory }) => memory.group))
    for (const group of this.#counted.keys()) if (!left.has(group)) this.#counted.delete(group)
  }
}
