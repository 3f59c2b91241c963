/** The record of calls. Passwords are not in it, only a fingerprint to tell one from another. */

import { createHash } from 'node:crypto'
import { isRecord } from './validation.ts'

/**
 * One call, as it was recorded once it had been dealt with. Calls that were never answered (`hang`, `drop`)
 * are recorded, too, and so is each attempt of a client that retries.
 */
export type Call = {
  readonly operation: string
  /**
   * As it came in, with every password replaced by `[password]`; empty if it was no JSON object. Codes,
   * tokens and sessions are in it.
   */
  readonly input: Readonly<Record<string, unknown>>
  /** SHA-256 (hex) of each password, by the name of its member, such as `Password` or `NEW_PASSWORD`. */
  readonly passwordHashes: Readonly<Record<string, string>>
  readonly at: Date
  /** `ok`, an error name, or the kind of the fault that decided the answer. */
  readonly outcome: string
  /**
   * Whether the pool was changed (or read) as asked, whatever the caller was told. `refused` by the
   * operation, with nothing done but counting against a limit; `none` where a fault kept the operation from
   * being asked.
   */
  readonly effect: 'done' | 'refused' | 'none'
  /** As the answer's `x-amzn-requestid` has it, by which the SDK knows it (`$metadata.requestId`). */
  readonly requestId: string
  /** What the caller said of itself. */
  readonly userAgent: string
}

/**
 * The input without its passwords, and their fingerprints. A password is a text whose member has "password"
 * in its name, at any depth of nested objects; lists are not looked into.
 */
export function redacted(
  input: Readonly<Record<string, unknown>>,
): Pick<Call, 'input' | 'passwordHashes'> {
  const passwordHashes: Record<string, string> = {}
  const clean = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => {
        if (isRecord(value)) return [name, clean(value)]
        if (typeof value !== 'string' || !isPasswordName(name)) return [name, value]
        passwordHashes[name] = sha256(value)
        return [name, '[password]']
      }),
    )
  return { input: clean(input), passwordHashes }
}

/** Every password in the input. They go to whoever asked to hear them, and are not kept here. */
export function passwordsIn(input: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    if (isRecord(value)) return passwordsIn(value)
    return typeof value === 'string' && isPasswordName(name) ? [value] : []
  })
}

const isPasswordName = (name: string) => /password/i.test(name)

/** The fingerprint under which a password stands in `passwordHashes`. */
export const sha256 = (value: string) => createHash('sha256').update(value).digest('hex')
