/**
 * The small rules from which the Block Kit checker is built. Lengths are counted as JavaScript counts them (UTF-16
 * units): Slack does not say how it counts, and this is the stricter reading for emoji.
 */
import { isFields, stringOf } from '../json.ts'
import type { Problem } from './problem.ts'

/**
 * Looks at one value and adds what is wrong with it to `found`. Never throws and never stops the rules after
 * it, so that one look finds everything. `at` is the JSON pointer to the value.
 */
export type Rule = (value: unknown, at: string, found: Problem[]) => void

/** Both ends included; `min` is 1 for lengths and 0 for numbers unless given. */
export interface Bounds {
  readonly min?: number
  readonly max: number
}

/** A string of this length. Slack names the first length that is too long: "less than 3001" allows 3000. */
export function string({ min = 1, max }: Bounds): Rule {
  return (value, at, found) => {
    if (typeof value !== 'string') return void found.push({ at, says: 'must provide a string' })
    if (value.length > max) found.push({ at, says: `must be less than ${max + 1} characters` })
    if (value.length < min) found.push({ at, says: `must be more than ${min - 1} characters` })
  }
}

/** A string in a set form; anything else, other types included, is refused with `says`. */
export function matching(pattern: RegExp, says: string): Rule {
  return (value, at, found) => {
    if (!pattern.test(stringOf(value))) found.push({ at, says })
  }
}

/** One of these words: Slack calls them an enum. */
export function oneOf(...allowed: readonly string[]): Rule {
  return (value, at, found) => {
    if (typeof value !== 'string' || !allowed.includes(value))
      found.push({ at, says: 'must be a valid enum value' })
  }
}

/** A whole number within these bounds; a number in a string is none. */
export function integer({ min = 0, max }: Bounds): Rule {
  return (value, at, found) => {
    if (!Number.isInteger(value)) return void found.push({ at, says: 'must provide an integer' })
    if (Number(value) < min) found.push({ at, says: `must be greater than ${min - 1}` })
    if (Number(value) > max) found.push({ at, says: `must be less than ${max + 1}` })
  }
}

/** True or false, and nothing that only looks like it. */
export const boolean: Rule = (value, at, found) => {
  if (typeof value !== 'boolean') found.push({ at, says: 'must provide a boolean' })
}

/** A list of this length, each item by the rule. */
export function list(item: Rule, { min = 1, max }: Bounds): Rule {
  return (value, at, found) => {
    if (!Array.isArray(value)) return void found.push({ at, says: 'must provide an array' })
    if (value.length > max) found.push({ at, says: `no more than ${max} items allowed` })
    if (value.length < min) found.push({ at, says: `must provide at least ${min} items` })
    value.forEach((each, index) => {
      item(each, `${at}/${index}`, found)
    })
  }
}

/** The fields of an object, or the types of a thing, and the rule for each. */
export type Shape = Readonly<Record<string, Rule>>

/**
 * An object with exactly these fields: Slack refuses fields that it does not know. One that is `undefined`
 * counts as absent, for JSON drops it.
 */
export function object(required: Shape, optional: Shape = {}): Rule {
  return (value, at, found) => {
    if (!isFields(value)) return void found.push({ at, says: 'must provide an object' })
    const present = Object.entries(value).filter(([, inner]) => inner !== undefined)
    for (const name of Object.keys(required))
      if (value[name] === undefined) found.push({ at, says: `missing required field: ${name}` })
    for (const [name, inner] of present) {
      const rule = Object.hasOwn(required, name) ? required[name] : ownRule(optional, name)
      if (rule) rule(inner, `${at}/${name}`, found)
      else found.push({ at, says: `invalid additional property: ${name}` })
    }
  }
}

/** All of these rules must hold. */
export function both(...rules: readonly Rule[]): Rule {
  return (value, at, found) => {
    for (const rule of rules) rule(value, at, found)
  }
}

/** Exactly one of these fields must be there. That the value is an object at all, another rule has to say. */
export function exactlyOne(...names: readonly string[]): Rule {
  return (value, at, found) => {
    if (!isFields(value)) return
    if (names.filter((name) => value[name] !== undefined).length !== 1)
      found.push({ at, says: `must provide exactly one of: ${names.join(', ')}` })
  }
}

/** The kind of thing is told by its `type`; a type not in the table is refused. */
export function byType(rules: Shape): Rule {
  return (value, at, found) => {
    if (!isFields(value)) return void found.push({ at, says: 'must provide an object' })
    if (value['type'] === undefined)
      return void found.push({ at, says: 'missing required field: type' })
    const type = stringOf(value['type'])
    const rule = ownRule(rules, type)
    if (rule) rule(value, at, found)
    else found.push({ at: `${at}/type`, says: `unsupported type: ${type}` })
  }
}

// A field named `constructor` must not find Object's own.
function ownRule(rules: Shape, name: string): Rule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}
