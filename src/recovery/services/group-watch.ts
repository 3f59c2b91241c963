import type { Policy } from '../../policy/policy.ts'
import { groupsNamed } from '../../policy/who.ts'
import { after } from '../model/drafts.ts'
import type { GroupMemories } from '../model/group.ts'
import type { Progress } from '../model/job.ts'
import type { Directory } from '../ports/directory.ts'
import type { Store } from '../ports/store.ts'
import { groupChanges, type Look } from '../rules/groups.ts'

/** Slack is asked that often although nobody does anything: one call, by one Rekey of many. */
const everyMs = 3 * 60_000

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

  constructor(deps: GroupWatchDeps) {
    this.#deps = deps
  }

  /**
   * What is remembered of the groups once everything that a look shows has been noted.
   * @throws what Slack answers when it cannot be asked
   */
  async look(look: Look): Promise<GroupMemories> {
    const { store, directory, policy, now, isReadOnly } = this.#deps
    const named = groupsNamed(policy())
    if (named.length === 0) return new Map()
    // One round notes one group.
    for (let round = 0; round <= named.length + lostRounds; round++) {
      const [seen, remembered] = await Promise.all([directory.groups(), store.findGroups()])
      const terms = { policy: policy(), now: now() }
      const [change] = groupChanges(seen, remembered, look, terms)
      if (change === undefined || isReadOnly) return remembered
      const { entry, memory } = change
      // Where another Rekey was first, it is `stale`, and the next round sees what that one has noted.
      await store.write(entry, terms.now, undefined, { kind: 'group', memory })
    }
    throw new Error('the user groups changed faster than they could be noted')
  }

  /** Looks, and comes back. Twice is no harm: what is noted already is no change. */
  async lookAgain(): Promise<Progress> {
    await this.look('routine')
    return { kind: 'again', at: after(this.#deps.now(), everyMs), because: 'the next look' }
  }
}
