/** Temporary passwords: random, readable over the phone, and to the taste of the pool. */

import { randomInt } from 'node:crypto'
import type { PasswordRules } from '../recovery/ports/owner-recovery.ts'
import { Secret } from '../secret.ts'

// 64 characters, so 6 bits each. Nothing that looks like something else (l I 1, o O 0), and no
// symbol that Slack's mrkdwn or a shell would take for its own.
const lowers = 'abcdefghijkmnpqrstuvwxyz'
const uppers = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const digits = '23456789'
const symbols = '!#%+-=?@'
const alphabet = lowers + uppers + digits + symbols

// 16 characters leave more than 94 bits after everything that is turned away; at least 90 are promised.
const usualLength = 16
// No pool may ask for more (MinimumLength is 6 to 99).
const longest = 99
// Six in ten are accepted. This many refusals in a row do not happen to a policy that can be met.
const patience = 500

/**
 * A password that the rules accept, uniform over all such passwords of its length.
 *
 * A string that does not fit is thrown away whole. Mending it instead would make some passwords
 * likelier than others.
 * @throws when the rules cannot be met
 */
export function generatePassword(rules: PasswordRules): Secret {
  const length = Math.max(usualLength, rules.minimumLength)
  if (length > longest) {
    throw new Error(`no password of at most ${longest} characters has ${rules.minimumLength}`)
  }
  for (let tries = 0; tries < patience; tries += 1) {
    const candidate = draw(length)
    if (isGood(candidate) && conforms(candidate, rules)) return new Secret(candidate)
  }
  throw new Error(`no password met the pool's policy in ${patience} tries`)
}

/** Whether the pool would take this password. */
export function conforms(password: string, rules: PasswordRules): boolean {
  return (
    password.length >= rules.minimumLength &&
    (!rules.uppercase || /[A-Z]/.test(password)) &&
    (!rules.lowercase || /[a-z]/.test(password)) &&
    (!rules.numbers || /[0-9]/.test(password)) &&
    (!rules.symbols || /[!#%+\-=?@]/.test(password))
  )
}

function draw(length: number): string {
  let password = ''
  while (password.length < length) password += alphabet[randomInt(alphabet.length)]
  return password
}

// Stricter than any pool: all four classes, whatever the policy asks for today, and an edge that
// nobody loses when they read or copy it.
function isGood(password: string): boolean {
  return (
    /^[A-Za-z0-9].*[A-Za-z0-9]$/.test(password) &&
    [lowers, uppers, digits, symbols].every((kind) => [...password].some((c) => kind.includes(c)))
  )
}
