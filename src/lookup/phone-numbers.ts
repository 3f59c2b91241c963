/** Phone numbers as people write them, read as Cognito keeps them: a plus, the country, digits (E.164). */

import {
  type CountryCode,
  findPhoneNumbersInText,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import type { Found } from './addresses.ts'

// What people write between the digits, as the inside of a character class.
const separators = '\\s().\\-/·\\p{Pd}\\u2212'
const onlyNumber = new RegExp(`^(?:tel:)?\\s*[+(\\d][\\d${separators}]*$`, 'iu')

/** Whether this is a country by whose rules a number can be read: `JP` (ISO 3166-1 alpha-2). */
export function isCountry(code: string): boolean {
  return isSupportedCountry(code)
}

/**
 * The number in E.164, or undefined where it is none, or no country says how to read it.
 * @param country for numbers without one, as in `090-1234-5678`
 */
export function e164Of(written: string, country?: string): string | undefined {
  const bare = written.replace(/^tel:/i, '')
  const parsed = parsed164(bare, country)
  if (parsed !== undefined) return parsed
  // How most of the world begins an international call from a land line.
  return /^\s*00/.test(bare) ? parsed164(bare.replace(/^\s*00/, '+')) : undefined
}

/** Whether this can be nothing but a phone number, or digits that stand for something else. */
export function isNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length
  return onlyNumber.test(text) && digits >= 5 && digits <= 18
}

/**
 * The phone numbers in running text: with their country, or readable by one of these. Each whole, or not at all:
 * digits that go on in either direction are another number.
 * @param text as `readable` makes it; only its beginning is read, since finding numbers takes its time
 */
export function phoneNumbersIn(text: string, countries: readonly string[]): readonly Found[] {
  const start = text.slice(0, mostRead)
  const known = [undefined, ...countries].flatMap((country) => listed(start, country))
  const more = [...start.matchAll(international)].map((match) => place(match[0], match.index))
  const possible = more.filter(({ written }) => e164Of(written) !== undefined)
  const found: Found[] = []
  for (const each of [...known, ...possible]) {
    if (!found.some((other) => overlaps(each, other))) found.push(each)
  }
  return found.filter((each) => standsAlone(text, each, found))
}

// Whoever is to be called stands near the beginning of a message.
const mostRead = 4_000

// The library only lists numbers that somebody can have today; the plan of a country changes faster.
const international = new RegExp(`\\+\\d[\\d${separators}]{4,24}\\d`, 'gu')

// Without a country, dates, versions and order numbers look like numbers too: one begins with its zero or a
// bracket, or is grouped as in North America.
const national = new RegExp(
  `^\\(?0[\\d${separators}]+$|^\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4}$`,
  'u',
)
const date = /^\d{1,4}([-./])\d{1,2}\1\d{1,4}$/

function listed(text: string, country: string | undefined): Found[] {
  return findPhoneNumbersInText(text, optionsFor(country))
    .map(({ startsAt, endsAt }) => place(text.slice(startsAt, endsAt), startsAt))
    .filter(({ written }) => written.startsWith('+') || isNational(written))
}

function isNational(written: string): boolean {
  return national.test(written) && !date.test(written)
}

function place(written: string, from: number): Found {
  // A bracket that is not closed belongs to the sentence.
  return { written: written.replace(/^\((?=[^)]*$)/, ''), from, to: from + written.length }
}

function standsAlone(text: string, each: Found, all: readonly Found[]): boolean {
  const earlier = all.filter(({ to }) => to <= each.from).map(({ to }) => to)
  const later = all.filter(({ from }) => from >= each.to).map(({ from }) => from)
  const from = Math.max(0, each.from - longestBeside, ...earlier)
  const before = text.slice(from, each.from).replace(/(?:^|\n)\d{1,2}[.)] $/, '')
  const after = text.slice(each.to, Math.min(each.to + longestBeside, ...later))
  return !goesOnBefore.test(before) && !goesOnAfter.test(after)
}

const longestBeside = 12
const goesOnBefore = new RegExp(`[A-Za-z@+_#=/][-.]?$|[+\\d][${separators}\\])]*$`, 'u')
const goesOnAfter = /^[-./]?[A-Za-z\d@_]|^[ .-]{1,2}\d{3}/

const overlaps = (one: Found, other: Found) => one.from < other.to && other.from < one.to

function parsed164(text: string, country?: string): string | undefined {
  const number = parsePhoneNumberFromString(text.trim(), { ...optionsFor(country), extract: false })
  return number?.isPossible() ? number.number : undefined
}

function optionsFor(country: string | undefined): { defaultCountry?: CountryCode } {
  return country !== undefined && isSupportedCountry(country) ? { defaultCountry: country } : {}
}
