/** The Filter of ListUsers: `attribute = "value"` or `attribute ^= "prefix"`. */

import { invalidParameter } from './service-exception.ts'
import type { User } from './user.ts'

// What API_ListUsers lists. Custom attributes cannot be searched for.
const searchable = new Set([
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'cognito:user_status',
  'status',
  'sub',
])

// By API_ListUsers; the developer guide has every search ignore case. Whoever minds has to compare once more.
const caseSensitive = new Set(['username', 'status'])

/**
 * Reads a filter: one attribute, `=` or `^=` (begins with), one quoted value. Empty means everybody. `status`
 * is `Enabled` or `Disabled`, and UserStatus is `cognito:user_status`. The whole filter may have 256
 * characters, which `validation.ts` sees to.
 *
 * @throws ServiceException `InvalidParameterException` for a filter that does not parse, and for an attribute
 * that cannot be searched
 */
export function userFilter(filter: string | undefined): (user: User) => boolean {
  if (filter === undefined || filter.trim() === '') return () => true
  const [, attribute = '', type, quoted = ''] = grammar.exec(filter) ?? []
  if (type === undefined) throw invalidParameter('Error while parsing filter.')
  if (!searchable.has(attribute)) {
    throw invalidParameter(`Invalid search attribute: ${attribute}`)
  }
  const wanted = folded(attribute, quoted.replaceAll(/\\(["\\])/g, '$1'))
  if (type === '=') return (user) => found(user, attribute) === wanted
  // Cognito finds nothing for a prefix that ends in "@" (aws/aws-sdk-js-v3#6645).
  if (wanted.endsWith('@')) return () => false
  return (user) => found(user, attribute)?.startsWith(wanted) ?? false
}

// Inside the quotes a quote and a backslash stand only behind a backslash.
const grammar = /^\s*([\w:]+)\s*(\^?=)\s*"((?:[^"\\]|\\["\\])*)"\s*$/

function found(user: User, attribute: string): string | undefined {
  const value = readOf(user, attribute)
  return value === undefined ? undefined : folded(attribute, value)
}

function readOf(user: User, attribute: string): string | undefined {
  if (attribute === 'username') return user.username
  if (attribute === 'status') return user.enabled ? 'Enabled' : 'Disabled'
  if (attribute === 'cognito:user_status') return user.status
  return user.attributes.get(attribute)
}

const folded = (attribute: string, value: string) =>
  caseSensitive.has(attribute) ? value : value.toLowerCase()
