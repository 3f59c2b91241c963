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
