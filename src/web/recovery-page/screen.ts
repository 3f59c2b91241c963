/** What the page can show, before any words or HTML. */

import type { OwnerRefusal, PasswordRules } from '../../recovery/ports/owner-recovery.ts'
import type { Secret } from '../../secret.ts'

export type Screen =
  /** Which of the pools it is about. */
  | { readonly kind: 'pools' }
  /** Step one: the name, and a code on request. */
  | {
      readonly kind: 'ask'
      readonly pool: string
      readonly username: string
      readonly problem?: Problem
    }
  /** Step two: the code and the new password. */
  | {
      readonly kind: 'change'
      readonly pool: string
      readonly username: string
      /** Undefined while the pool does not tell its rules. */
      readonly rules: PasswordRules | undefined
      /** Whether a code has been asked for just now. */
      readonly sent: boolean
      /** The code, where typing it again would be for nothing. */
      readonly code?: Secret
      readonly problem?: Problem
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'notice'; readonly notice: Notice }

/** What stands in the way of a step, for its owner to read. */
export type Problem =
  | OwnerRefusal
  | 'no-name'
  | 'unfit-name'
  | 'no-code'
  | 'stale-form'
  /** By our own count. */
  | 'too-many-tries'
  /** So much is going on that no more is begun. */
  | 'busy'

/** What ends the visit. */
export type Notice =
  | 'not-found'
  | 'wrong-method'
  | 'not-a-form'
  | 'too-large'
  | 'too-slow'
  | 'foreign'
  | 'broken'

/** The HTTP status under which a screen is shown. */
export function statusOf(screen: Screen): number {
  if (screen.kind === 'notice') return noticeStatus[screen.notice]
  return 'problem' in screen && screen.problem ? problemStatus[screen.problem] : 200
}

const noticeStatus = {
  'not-found': 404,
  'wrong-method': 405,
  'not-a-form': 415,
  'too-large': 413,
  'too-slow': 408,
  foreign: 403,
  broken: 500,
} satisfies Record<Notice, number>

const problemStatus = {
  'no-name': 422,
  'unfit-name': 422,
  'no-code': 422,
  'wrong-code': 422,
  'password-policy': 422,
  'password-history': 422,
  'stale-form': 403,
  'too-many-tries': 429,
  busy: 503,
  unavailable: 503,
  unclear: 503,
} satisfies Record<Problem, number>
