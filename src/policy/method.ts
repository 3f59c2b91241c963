/** The ways an account can be recovered, as the policy and everybody after it call them. */

/** In the order in which they are offered. */
export const methods = [
  'reset',
  'temporary-password',
  'permanent-password',
  'recovery-code',
  'resend-invitation',
] as const

export type Method = (typeof methods)[number]

/** The password is one that Rekey makes, and the requester tells. */
export function makesPassword(
  method: Method,
): method is 'temporary-password' | 'permanent-password' {
  return method === 'temporary-password' || method === 'permanent-password'
}

/** With these, nobody who knew the old password gets in any more, and their sessions end too. */
export function changesPassword(method: Method): boolean {
  return method !== 'recovery-code'
}
