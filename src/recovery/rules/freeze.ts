import type { Policy } from '../../policy/policy.ts'
import { mayPause } from '../../policy/who.ts'
import type { Refused } from '../model/decision.ts'
import { entryFor, person, refuse } from '../model/drafts.ts'
import type { Freeze } from '../model/pause.ts'
import type { RecoveryRequest } from '../model/request.ts'
import type { Person } from '../ports/directory.ts'
import type { FreezeEnd } from '../ports/store.ts'
import { hadPart, type Parts } from './parts.ts'
import { type PauseChange, refusePauseChange } from './pause.ts'
import type { Participants } from './rights.ts'

/** What ending a freeze rests on. */
export interface UnfreezeFacts {
  readonly freeze: Freeze | undefined
  /** The one that it was frozen for. */
  readonly request: RecoveryRequest | undefined
  /** Everything for the account that its owner reported, at whatever time. */
  readonly reported: readonly Parts[]
  readonly participants: Participants
}

/**
 * Lets an account be recovered again before its freeze is over. Whoever asked for anything that
 * its owner reported, or has ever approved it, may be who the owner means: somebody else has to look.
 */
export function unfreeze(
  by: Person,
  { freeze, request, reported, participants }: UnfreezeFacts,
  policy: Policy,
): PauseChange<FreezeEnd> | Refused {
  if (!mayPause(policy, by)) return refusePauseChange('thaw', by, policy, 'not-security')
  if (request === undefined || freeze === undefined) {
    return refusePauseChange('thaw', by, policy, 'not-frozen')
  }
  if (reported.some((each) => hadPart(each, by, participants, policy))) {
    return refuse(request, { attempt: 'thaw', by: by.id, why: 'took-part' }, policy)
  }
  return {
    kind: 'moved',
    entry: entryFor(request, person(by.id), policy, {
      type: 'freeze.lifted',
      until: freeze.until.toISOString(),
    }),
    extras: { kind: 'unfreeze', freeze },
  }
}
