import type { Policy } from '../../policy/policy.ts'
import { mayHalt } from '../../policy/who.ts'
import { entryFor, person, refuse } from '../model/change.ts'
import type { Refused } from '../model/decision.ts'
import type { Freeze } from '../model/pause.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Person } from '../ports/directory.ts'
import { type Parties, tookPart } from './participants.ts'
import { type Halting, refuseHalt } from './pause.ts'

/** What ending a freeze rests on. */
export interface ThawFacts {
  readonly freeze: Freeze | undefined
  /** Every request for the account that its owner reported, at whatever time. */
  readonly reported: readonly RecoveryRequest[]
  readonly parties: Parties
}

/**
 * Lets an account be recovered again before its freeze is over. Whoever asked for anything that
 * its owner reported, or approved it, may be who the owner means: somebody else has to look.
 */
export function thaw(
  by: Person,
  { freeze, reported, parties }: ThawFacts,
  policy: Policy,
): Halting | Refused {
  if (!mayHalt(policy, by)) return refuseHalt('thaw', by, policy, 'not-security')
  const request = reported.find(({ id }) => id === freeze?.request)
  if (request === undefined || freeze === undefined) {
    return refuseHalt('thaw', by, policy, 'not-frozen')
  }
  if (reported.some((each) => tookPart(each, by, parties, policy))) {
    return refuse(request, 'thaw', by.id, policy, 'took-part')
  }
  return {
    kind: 'moved',
    entry: entryFor(request, 'freeze.lifted', person(by.id), policy, {
      until: freeze.until.toISOString(),
    }),
    along: { thaw: freeze },
  }
}
