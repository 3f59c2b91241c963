/** Which ways of recovery are open for an account, and why the others are not. */

import type { KnownBlock } from '@slack/types'
import { type Method, methods } from '../../policy/method.ts'
import type { Candidate } from '../../recovery/services/requests.ts'
import { bullets, context, section } from '../kit/blocks.ts'
import { text } from '../text/text.ts'

/** The methods that can work, in the order in which they are offered. */
export function availableMethods({ availability }: Candidate): Method[] {
  return methods.filter((method) => availability[method].open)
}

/** Why not the others. What only the policy forbids is one short line: there is nothing to explain. */
export function unavailableMethods({ availability }: Candidate): KnownBlock[] {
  const { unavailable, whyNotOthers } = text.requester.form
  const explained: string[] = []
  const forbidden: string[] = []
  for (const method of methods) {
    const offered = availability[method]
    if (offered.open) continue
    const { name } = text.shared.methods.words[method]
    if (offered.because === 'not-in-policy') forbidden.push(name)
    else explained.push(unavailable(name, text.shared.methods.unavailable[offered.because]))
  }
  return [
    ...(explained.length === 0 ? [] : [section(`*${whyNotOthers}*\n${bullets(explained)}`)]),
    ...(forbidden.length === 0 ? [] : [context(text.requester.form.forbidden(forbidden))]),
  ]
}
