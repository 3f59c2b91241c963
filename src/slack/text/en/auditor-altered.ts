/** What an auditor and Security read where somebody else has changed the database. Mrkdwn. */

import type { RecordedData } from '../../../audit/recorded-entry.ts'
import { type Makers, shown } from './auditor-words.ts'
import { counted } from './lists.ts'

type Altered = RecordedData<'request.altered' | 'request.stopped'>
type Part = NonNullable<Altered['differs']>[number]

export const alteredSentences = {
  'rekey.sealed': ({ data }) =>
    `🔏 What was stored before was bound to Rekey’s key: ${counted(data.requests ?? 0, 'request')}. ` +
    `This is expected once, after an upgrade. At any other time, somebody has changed the database.`,

  'request.altered': ({ data }) =>
    `🚨 Somebody else has changed what is stored of the request ${shown(data.named)}${differing(data)}. ` +
    `${data.restored ? 'It is stored again as the ledger has it' : 'Nothing is done by it'}${answered(data)}.`,

  'request.stopped': ({ data }) =>
    `🚨 Somebody else has changed what is stored of the request ${shown(data.named)}${differing(data)}. ` +
    `It was stopped${answered(data)}.`,
} satisfies Pick<Makers, 'rekey.sealed' | 'request.altered' | 'request.stopped'>

function differing({ differs }: Altered): string {
  const named = new Set((differs ?? []).flatMap((part) => parts[part] ?? []))
  return named.size === 0 ? '' : `: ${[...named].join(', ')}`
}

/** What was changed, in the words of whoever reads the card; nothing where nobody can say. */
const parts = {
  seal: undefined,
  entries: 'the ledger has no such request, or its entries do not follow',
  row: 'its row is gone',
  version: 'its version',
  state: 'its state',
  requester: 'who asked',
  pool: 'the user pool',
  sub: 'the account',
  method: 'the method',
  tier: 'the tier',
  approvals: 'who approved',
  approvalsNeeded: 'how many approvals it needs',
  approvalsSince: 'since when approvals count',
  owner: 'the owner',
  policy: 'the policy',
  openedAt: 'when it was opened',
  expiresAt: 'when it expires',
  password: 'its password',
  effect: 'the call to Cognito',
  reported: 'the owner’s report',
  effectId: 'the call to Cognito',
  effectKind: 'the call to Cognito',
  effectNumber: 'the call to Cognito',
  effectState: 'what came of the call to Cognito',
  effectFence: 'the call to Cognito',
  effectAttempts: 'how often Cognito was called',
} as const satisfies Readonly<Record<Part, string | undefined>>

function answered({ answer }: Altered): string {
  return answer === undefined ? '' : `, but a call was under way: Cognito answered “${answer}”`
}
