/**
 * Reads the JSON of a call by the limits of Cognito's published API model (`cognito-idp`
 * 2016-04-18) and complains in the service's own manner: all faults in one sentence.
 */

import { invalidParameter, ServiceException } from './service-exception.ts'

/** Reads one member of the input; calls `complain` when the model forbids the value. */
export type Member<T> = (value: unknown, complain: (constraint: string) => void) => T

type Shape = Record<string, Member<unknown>>

/** What `parse` returns for a shape: each member as it is read. */
export type Parsed<S extends Shape> = {
  [K in keyof S]: S[K] extends Member<infer T> ? T : never
}

/**
 * The input as `shape` promises it. Members that the shape does not name are dropped, and null is read as
 * absent. A password is never quoted in the complaint, any other text is.
 *
 * @throws ServiceException one `InvalidParameterException` that lists every fault ("2 validation errors
 * detected: …; …"); `SerializationException`, at once, for a value of another JSON type
 */
export function parse<S extends Shape>(shape: S, input: Record<string, unknown>): Parsed<S> {
  const faults: string[] = []
  const entries = Object.entries(shape).map(([name, member]) => {
    const complain = (constraint: string) =>
      faults.push(`${shown(name, input[name])} failed to satisfy constraint: ${constraint}`)
    return [name, member(input[name] ?? undefined, complain)]
  })
  if (faults.length > 0) {
    const errors = faults.length === 1 ? 'error' : 'errors'
    throw invalidParameter(`${faults.length} validation ${errors} detected: ${faults.join('; ')}`)
  }
  return Object.fromEntries(entries) as Parsed<S> // the members above have just vouched for it
}

function shown(name: string, value: unknown): string {
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  const secret = /password/i.test(name)
  return typeof value === 'string' && !secret
    ? `Value '${value}' at '${member}'`
    : `Value at '${member}'`
}

type TextLimits = { min?: number; max: number; pattern?: RegExp; patternText?: string }

/**
 * Text that may be absent. Lengths are in UTF-16 units. `pattern` has to be anchored at both ends, for the
 * complaint shows it without its first and last sign; `patternText` is how the service spells the pattern,
 * when it differs.
 */
export function text(limits: TextLimits): Member<string | undefined> {
  return (value, complain) => {
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw notOfType('string')
    if (value.length > limits.max)
      complain(`Member must have length less than or equal to ${limits.max}`)
    if (limits.pattern && !limits.pattern.test(value)) {
      const spelt = limits.patternText ?? limits.pattern.source.slice(1, -1)
      complain(`Member must satisfy regular expression pattern: ${spelt}`)
    }
    if (value.length < (limits.min ?? 0))
      complain(`Member must have length greater than or equal to ${limits.min}`)
    return value
  }
}

/** Makes an absent value a fault. */
export function required<T>(member: Member<T | undefined>): Member<T> {
  return (value, complain) => {
    if (value === undefined) complain('Member must not be null')
    return member(value, complain) as T // absent means a complaint, and a complaint means a throw
  }
}

/** A whole number from `least` to `most`, both included. */
export function wholeNumber(least: number, most: number): Member<number | undefined> {
  return (value, complain) => {
    if (value === undefined) return undefined
    if (typeof value !== 'number' || !Number.isInteger(value)) throw notOfType('integer')
    if (value < least) complain(`Member must have value greater than or equal to ${least}`)
    if (value > most) complain(`Member must have value less than or equal to ${most}`)
    return value
  }
}

/** A boolean; absent stays absent, for the operation to give it a default. */
export const flag: Member<boolean | undefined> = (value) => {
  if (value === undefined || typeof value === 'boolean') return value
  throw notOfType('boolean')
}

/** One of these words, in exactly this case. */
export function oneOf<const V extends string>(allowed: readonly V[]): Member<V | undefined> {
  return (value, complain) => {
    if (value === undefined) return undefined
    const found = allowed.find((each) => each === value)
    if (found === undefined) {
      complain(`Member must satisfy enum value set: [${allowed.join(', ')}]`)
    }
    return found
  }
}

/** A list of texts of any length. */
export const texts: Member<string[] | undefined> = (value) => {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw notOfType('list')
  return value.map((each) => {
    if (typeof each !== 'string') throw notOfType('string')
    return each
  })
}

/** A map of texts, such as AuthParameters; absent reads as empty. */
export const textMap: Member<ReadonlyMap<string, string>> = (value) => {
  if (value === undefined) return new Map()
  if (!isRecord(value)) throw notOfType('map')
  return new Map(
    Object.entries(value).map(([key, each]) => {
      if (typeof each !== 'string') throw notOfType('string')
      return [key, each]
    }),
  )
}

/** A list of `{ Name, Value }`, such as UserAttributes; an absent value reads as blank. */
export const attributeList: Member<ReadonlyMap<string, string> | undefined> = (value) => {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw notOfType('list')
  return new Map(
    value.map((each) => {
      if (!isRecord(each) || typeof each['Name'] !== 'string') throw notOfType('structure')
      const content = each['Value'] ?? ''
      if (typeof content !== 'string') throw notOfType('string')
      return [each['Name'], content]
    }),
  )
}

/** A JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const notOfType = (type: string) =>
  new ServiceException('SerializationException', `Value can not be converted to ${type}`)

// The limits of the published model, member by member.
export const userPoolId = required(text({ min: 1, max: 55, pattern: /^[\w-]+_[0-9a-zA-Z]+$/ }))
/** Any letters, signs and punctuation, but no white space. */
export const username = required(
  text({ min: 1, max: 128, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u }),
)
export const clientId = required(text({ min: 1, max: 128, pattern: /^[\w+]+$/ }))
/** Absent for clients without a secret; whether it is the right one, `secret-hash.ts` says. */
export const secretHash = text({ min: 1, max: 128, pattern: /^[\w+=/]+$/ })
/** Far wider than the six digits of a real code: anything else is simply a wrong code. */
export const confirmationCode = required(text({ min: 1, max: 2048, pattern: /^[\S]+$/ }))
/** `Limit` of the operations that list; 0 is allowed, and means no limit of one's own. */
export const pageSize = wholeNumber(0, 60)

/**
 * A new password, before any policy: spaces inside are allowed, at its ends they are not. The published model
 * says `[\S]+`; the service answers by this one, which clients have seen in its sentences, and so with an
 * InvalidParameterException. It also asks for 6 characters, whatever the pool's own minimum.
 */
export const password = text({
  min: 6,
  max: 256,
  pattern: /^[\S]+.*[\S]+$/,
  patternText: '^[\\S]+.*[\\S]+$',
})
