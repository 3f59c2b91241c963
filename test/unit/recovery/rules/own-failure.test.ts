import { expect, it } from 'vitest'
import { failureData, localFailure } from '../../../../src/recovery/rules/own-failure.ts'

it('a failure of Rekey’s own is about the state of the account, or that there is none', () => {
  expect(localFailure('TimeUp')).toEqual({ kind: 'account-state', name: 'TimeUp' })
  expect(localFailure('AccountGone')).toEqual({ kind: 'account-gone', name: 'AccountGone' })
})

it('the ledger has AWS’s id for the call, where there was an answer', () => {
  expect(failureData({ kind: 'no-answer', name: 'TimeoutError' })).toStrictEqual({
    failure: 'no-answer',
    error: 'TimeoutError',
  })
  expect(failureData({ kind: 'refused', name: 'Some', awsRequestId: 'aws-1' })).toStrictEqual({
    failure: 'refused',
    error: 'Some',
    awsRequestId: 'aws-1',
  })
})
