/** What an auditor and Security read where somebody else has changed the database. Mrkdwn. */

import type { RecordedData } from '../../../audit/recorded-entry.ts'
import { type Makers, shown } from './auditor-words.ts'
import { counted } from './lists.ts'

type Altered = RecordedData<'request.altered' | 'request.stopped'>

export const alteredSentences = {
  'rekey.sealed': ({ data }) =>
    `🔏 What was stored before was bound to Rekey’s key: ${counted(data.requests ?? 0, 'request')}. ` +
    `This is expected once, after an upgrade. At any other time, somebody has changed the database.`,

  'request.altered': ({ data }) =>
    `🚨 Somebody else has changed what is stored of the request ${shown(data.named)}${differing(data)}. ` +
    `Nothing is done by it${answered(data)}.`,

  'request.stopped': ({ data }) =>
    `🚨 Somebody else has changed what is stored of the request ${shown(data.named)}${differing(data)}. ` +
    `It was stopped${answered(data)}.`,
} satisfies Pick<Makers, 'rekey.sealed' | 'request.altered' | 'request.stopped'>

function differing({ differs }: Altered): string {
  const named = (differs ?? []).filter((each) => each !== 'seal')
  return named.length === 0 ? '' : ` (${named.map(shown).join(', ')})`
}

function answered({ answer }: Altered): string {
  return answer === undefined ? '' : `, but a call was under way: Cognito answered “${answer}”`
}
