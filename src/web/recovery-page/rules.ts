/** A pool's password rules, each as a pattern: the server and the script in the page go by the same one. */

import type { PasswordRules } from '../../recovery/ports/owner-recovery.ts'

export type RuleName = 'length' | 'uppercase' | 'lowercase' | 'number' | 'symbol' | 'edges'

export interface Rule {
  readonly name: RuleName
  /** A regular expression that the password has to match. */
  readonly pattern: string
}

// No password may be longer, in any pool.
export const longestPassword = 256

// Cognito's list ("Passwords, account recovery, and password policies"), without the inner space:
// its documents have not always agreed on that one.
const symbol = '[\\^$*.[\\]{}()?"!@#%&/\\\\,><\':;|_~`=+\\-]'

/** What is asked of a password, in the order in which it is shown. */
export function rulesOf(rules: PasswordRules): readonly Rule[] {
  const all: readonly (Rule | false)[] = [
    { name: 'length', pattern: `^[^]{${rules.minimumLength},${longestPassword}}$` },
    rules.lowercase && { name: 'lowercase', pattern: '[a-z]' },
    rules.uppercase && { name: 'uppercase', pattern: '[A-Z]' },
    rules.numbers && { name: 'number', pattern: '[0-9]' },
    rules.symbols && { name: 'symbol', pattern: symbol },
    { name: 'edges', pattern: '^\\S([^]*\\S)?$' },
  ]
  return all.filter((rule) => rule !== false)
}

/** Whether the password follows every rule. */
export function follows(password: string, rules: readonly Rule[]): boolean {
  return rules.every(({ pattern }) => new RegExp(pattern).test(password))
}

/** The rules in the language of Apple's password managers, so that what they suggest is accepted. */
export function passwordRulesAttribute(rules: PasswordRules): string {
  const required = [
    rules.lowercase && 'lower',
    rules.uppercase && 'upper',
    rules.numbers && 'digit',
    rules.symbols && '[-!#%+=?@]',
  ].filter((each) => each !== false)
  return [
    `minlength: ${rules.minimumLength};`,
    ...required.map((each) => `required: ${each};`),
  ].join(' ')
}
