/** Failures that are not Cognito's: Rekey itself will not make the call, or a person says that it failed. */

import type { EntryData } from '../../audit/entry-data.ts'
import type { Failure } from '../model/effect.ts'

/** What Rekey itself can find in the way. Its sentence, where it has one of its own, is in slack/text/en/failures.ts. */
export type OwnFailure =
  | 'AccountChanged'
  | 'AccountFrozen'
  | 'AccountGone'
  | 'ApprovalVoid'
  | 'MethodClosed'
  | 'OwnerReported'
  | 'PoolNotInPolicy'
  | 'RequesterLeft'
  | 'RequestersAccount'
  | 'TierChanged'
  | 'TimeUp'

/** The name of a failure that is one by somebody's word alone. */
export const saidByPerson = 'ReportedByPerson'

/** It is named like the exceptions of Cognito. */
export function localFailure(name: OwnFailure): Failure {
  return { kind: name === 'AccountGone' ? 'account-gone' : 'account-state', name }
}

/** What the ledger says of a failure. */
export function failureData(failure: Failure): Omit<EntryData['request.failed'], 'account'> {
  const { kind, name, awsRequestId } = failure
  return { failure: kind, error: name, ...(awsRequestId === undefined ? {} : { awsRequestId }) }
}
