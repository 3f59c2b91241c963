/** Failures that are not Cognito's: Rekey itself will not make the call, or a person says that it failed. */

import type { EntryData } from '../../audit/entry-data.ts'
import type { Failure, OwnFailure } from '../model/effect.ts'

/** The name of a failure that is one by somebody's word alone. */
export const saidByPerson: OwnFailure = 'ReportedByPerson'

/** The name of a failure by which a request was stopped that somebody else had changed. */
export const recordAltered: OwnFailure = 'RecordAltered'

/** It is named like the exceptions of Cognito. */
export function localFailure(name: OwnFailure): Failure {
  return { kind: kinds[name] ?? 'account-state', name }
}

const kinds: { readonly [Name in OwnFailure]?: Failure['kind'] } = {
  AccountGone: 'account-gone',
  LookTooOld: 'no-answer',
}

/** What the ledger says of a failure. */
export function failureData(failure: Failure): Omit<EntryData['request.failed'], 'account'> {
  const { kind, name, awsRequestId } = failure
  return { failure: kind, error: name, ...(awsRequestId === undefined ? {} : { awsRequestId }) }
}
