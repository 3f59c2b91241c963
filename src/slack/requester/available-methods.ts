/** Which ways of recovery are open for an account, and why the others are not. */

import type { KnownBlock } from '@slack/types'
import { type Method, methods } from '../../policy/method.ts'
import type { Candidate } from '../../recovery/services/requests.ts'
import { bullets, context, section } from '../kit/blocks.ts'
import { listed } from '../kit/lists.ts'
import { methodWords, unavailableReasons } from '../text/en/sentences.ts'

/** The methods that can work, in the order in which they are offered. */
export function availableMethods({ availability }: Candidate): Method[] {
  return methods.filter((method) => availability[method].open)
}

/** Why not the others. What only the policy forbids is one short line: there is nothing to explain. */
export function unavailableMethods({ availability }: Candidate): KnownBlock[] {
  const explained: string[] = []
  const forbidden: string[] = []
  for (const method of methods) {
    const offered = availability[method]
    if (offered.open) continue
    const { name } = methodWords[method]
    if (offered.because === 'not-in-policy') forbidden.push(name)
    else explained.push(`${name}: ${unavailableReasons[offered.because]}`)
  }
  return [
    ...(explained.length === 0 ? [] : [section(`*Why not the others*\n${bullets(explained)}`)]),
    ...(forbidden.length === 0
      ? []
      : [context(`Not allowed by the policy for accounts like this one: ${listed(forbidden)}.`)]),
  ]
}
