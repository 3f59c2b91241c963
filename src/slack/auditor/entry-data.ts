/** Reading a ledger entry's data, which is whatever an older Rekey may have written. */

import type { Entry } from '../../audit/entry.ts'
import { methods } from '../../policy/method.ts'
import { type Refusal, refusals } from '../../recovery/model/decision.ts'
import type { EffectKind } from '../../recovery/model/effect.ts'
import { escapedWords, mention } from '../kit/mrkdwn.ts'
import { escapedName, subTail } from '../text/en/accounts.ts'
import { methodWords } from '../text/en/sentences.ts'

const deedWords: ReadonlyMap<string, string> = new Map<EffectKind, string>([
  ...methods.map((method) => [method, methodWords[method].name.toLowerCase()] as const),
  ['sign-out', 'sign-out everywhere'],
  ['scramble', 'making an unused password useless'],
])

/** A text or number, escaped and short; a question mark where the entry has none. */
export function valueIn({ data }: Entry, key: string): string {
  const value = data[key]
  return typeof value === 'string' || typeof value === 'number'
    ? escapedWords(`${value}`, 100)
    : '?'
}

export function textIn({ data }: Entry, key: string): string | undefined {
  const value = data[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberIn({ data }: Entry, key: string): number | undefined {
  const value = data[key]
  return typeof value === 'number' ? value : undefined
}

export function listIn({ data }: Entry, key: string): readonly string[] {
  const value = data[key]
  return Array.isArray(value) ? value.map(String) : []
}

/** The method or deed under this key, in words. */
export function deedIn(entry: Entry, key: 'deed' | 'method'): string {
  return deedWords.get(textIn(entry, key) ?? '') ?? valueIn(entry, key)
}

export function refusalIn(entry: Entry): Refusal | undefined {
  return refusals.find((refusal) => refusal === entry.data['why'])
}

/** Whoever did it: a person, or Rekey itself. */
export function actorOf({ actor }: Entry): string {
  return actor.kind === 'person' ? mention(actor.id) : 'Rekey'
}

/** The account, by its owner's name if the entry has it, and the end of its `sub`. */
export function accountOf({ data, target }: Entry): string {
  const name = typeof data['account'] === 'string' ? escapedName(data['account']) : undefined
  const tail = target === null ? undefined : `account ${escapedWords(subTail(target.sub), 10)}`
  if (name === undefined) return tail ?? 'an account'
  return tail === undefined ? name : `${name} (${tail})`
}

/** The error's name and AWS's id for the call, as far as the entry has them. */
export function traceIn(entry: Entry): string {
  const parts = [
    textIn(entry, 'error') && valueIn(entry, 'error'),
    textIn(entry, 'awsRequestId') && `AWS request ${valueIn(entry, 'awsRequestId')}`,
  ].filter(Boolean)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
