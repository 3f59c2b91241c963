/** Every migration in order. The schema's version is how many of them have been applied. */

import type { QueryExecutorProvider } from 'kysely'
import { begin } from './0001-begin.ts'
import { limits } from './0002-limits.ts'
import { halts } from './0003-halts.ts'
import { policyInForce } from './0004-policy-in-force.ts'
import { sendAgain } from './0005-send-again.ts'
import { witness } from './0006-witness.ts'
import { ownerTold } from './0007-owner-told.ts'
import { appendOnly } from './0008-append-only.ts'
import { standardNames } from './0009-standard-names.ts'
import { groupMembers } from './0010-group-members.ts'
import { seals } from './0011-seals.ts'
import { cosignatures } from './0012-cosignatures.ts'
import { postsSealed } from './0013-posts-sealed.ts'
import { noRequestViews } from './0014-no-request-views.ts'

export type Migration = (
  db: QueryExecutorProvider,
  engine: 'sqlite' | 'postgresql',
) => Promise<void>

export const migrations: readonly Migration[] = [
  begin,
  limits,
  halts,
  policyInForce,
  sendAgain,
  witness,
  ownerTold,
  appendOnly,
  standardNames,
  groupMembers,
  seals,
  cosignatures,
  postsSealed,
  noRequestViews,
]
