/** Phone numbers as people write them, read as Cognito keeps them: a plus, the country, digits (E.164). */

import {
  type CountryCode,
  findPhoneNumbersInText,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import type { Found } from './addresses.ts'

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
  return /^(?:tel:)?\s*[+(\d][\d\s().\-/‐-―−]*$/i.test(text) && digits >= 5 && digits <= 18
}

/**
 * The phone numbers in running text: with their country, or readable by one of these. Each whole, or not at all.
 * @param text as `readable` makes it
 */
export function phoneNumbersIn(text: string, countries: readonly string[]): readonly Found[] {
  const found = [undefined, ...countries].flatMap((country) => listed(text, country))
  const more = [...text.matchAll(international)].map((match) => place(match[0], match.index))
  const all = [...found, ...more.filter(({ written }) => e164Of(written) !== undefined)]
  return all.filter(
    (each, place) =>
      standsAlone(text, each) && !all.slice(0, place).some((other) => overlaps(each, other)),
  )
}

// The library only lists numbers that somebody can have today; the plan of a country changes faster.
const international = /\+\d[\d ().\-/‐-―−]{4,24}\d/g

function listed(text: string, country: string | undefined): Found[] {
  const options = country === undefined ? {} : { defaultCountry: country as CountryCode }
  return findPhoneNumbersInText(text, options).map(({ startsAt, endsAt }) =>
    place(text.slice(startsAt, endsAt), startsAt),
  )
}

function place(written: string, from: number): Found {
  // A bracket that is not closed belongs to the sentence.
  return { written: written.replace(/^\((?=[^)]*$)/, ''), from, to: from + written.length }
}

function standsAlone(text: string, { from, to }: Found): boolean {
  return (
    !/[A-Za-z\d@+_][-.]?$/.test(text.slice(Math.max(0, from - 2), from)) &&
    !/^[-./]?[A-Za-z\d@_]/.test(text.slice(to, to + 2))
  )
}

const overlaps = (one: Found, other: Found) => one.from < other.to && other.from < one.to

function parsed164(text: string, country?: string): string | undefined {
  const options = country === undefined ? {} : { defaultCountry: country as CountryCode }
  const number = parsePhoneNumberFromString(text.trim(), { ...options, extract: false })
  return number?.isPossible() ? number.number : undefined
}
