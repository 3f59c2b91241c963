/** The owner says that it was not them who asked. */

import type { Policy } from '../policy/policy.ts'
import { isSamePerson } from '../policy/who.ts'
import type { Parties } from './authority.ts'
import { after, entryFor, job, person, refuse, tellAll } from './change.ts'
import type { Change, Decision } from './decision.ts'
import { afterReport } from './execute.ts'
import type { JobDraft } from './job.ts'
import type { Person } from './ports.ts'
import type { RecoveryRequest } from './request.ts'

// A day is long enough for people to find out what happened, and short enough that an owner who
// pressed by mistake is helped the next day.
const freezeMs = 24 * 60 * 60_000

/** What the requester and the approvers read as the reason, where the request ends by it. */
const words = 'The account’s owner says that they did not ask for this.'

/**
 * Freezes the account, ends what has not begun, and takes back what has: an unused password is made
 * useless, and every session ends. What is under way is marked, and taken back as soon as it is known.
 */
export function report(
  request: RecoveryRequest,
  by: Person,
  parties: Parties,
  policy: Policy,
  now: Date,
): Decision {
  const { owner, reported } = request
  const ownersNow = owner === undefined ? undefined : parties.get(owner)
  const isOwner = ownersNow !== undefined && isSamePerson(policy, by, ownersNow)
  if (!by.member || !isOwner) return refuse(request, 'report', by.id, policy, 'not-the-owner')
  if (reported !== undefined) return refuse(request, 'report', by.id, policy, 'already-reported')
  const {
    request: next,
    jobs,
    shreds,
  } = taken(
    {
      ...request,
      version: request.version + 1,
      reported: { by: by.id, at: now },
    },
    by,
    now,
  )
  const change: Change = {
    request: next,
    entry: entryFor(next, 'owner.reported', person(by.id), policy, {
      stateBefore: request.state,
      method: request.method,
      passwordUsed: request.state === 'recovered',
    }),
    jobs: [...tellAll(next, now), ...jobs],
    freeze: { account: request.account, until: after(now, freezeMs), request: request.id },
    ...(shreds ? { secret: { shred: true } } : {}),
  }
  return { kind: 'moved', change }
}

interface Taken {
  readonly request: RecoveryRequest
  readonly jobs: readonly JobDraft[]
  readonly shreds: boolean
}

function taken(request: RecoveryRequest, by: Person, now: Date): Taken {
  switch (request.state) {
    case 'pending':
    case 'approved':
      return {
        request: { ...request, state: 'denied', deniedBy: by.id, deniedAt: now, comment: words },
        jobs: [],
        shreds: false,
      }
    case 'needs-attention': {
      const { because: _, since: __, looked: ___, ...rest } = request
      const failure = { kind: 'account-state', name: 'OwnerReported' } as const
      return {
        request: { ...rest, state: 'failed', failedAt: now, failure },
        jobs: [],
        shreds: true,
      }
    }
    case 'executed':
    case 'recovered':
    case 'lapsed': {
      const isSealed = request.password === 'sealed' || request.password === 'revealing'
      const revoking = job(
        { kind: 'revoke-sessions', request: request.id },
        `report sessions ${request.id}`,
        now,
      )
      return {
        request: {
          ...request,
          sessions: 'to-revoke',
          ...(isSealed ? { password: 'burnt', passwordSince: now } : {}),
        },
        jobs: [revoking, ...(request.state === 'executed' ? afterReport(request, now) : [])],
        shreds: isSealed,
      }
    }
    case 'executing':
    case 'denied':
    case 'withdrawn':
    case 'expired':
    case 'failed':
      return { request, jobs: [], shreds: false }
    default:
      return request satisfies never
  }
}
