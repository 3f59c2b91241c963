/** One spelling for what people type in many: width, apostrophes, dashes, accents, and what nobody sees. */

import { domainToASCII, domainToUnicode } from 'node:url'

// Direction marks, joiners and characters without width travel along when text is copied from a document.
const unseen = /\p{Default_Ignorable_Code_Point}/gu

/** The text on as many lines as before, in half width, with plain spaces, and without what nobody sees. */
export function readable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(unseen, '')
    .replaceAll(/[\uff01-\uff5e]/g, halfWidth)
    .replaceAll(/[^\S\n]/g, ' ')
    .normalize('NFC')
}

// The full-width forms stand in the order of ASCII ("Halfwidth and Fullwidth Forms", Unicode).
function halfWidth(character: string): string {
  return String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xfee0)
}

// Apostrophes and dashes as phones, word processors and other keyboards write them, and accents that stand alone.
const apostrophes = '‘’‛‵′´՚᾽᾿ʹʻʼʽˈ＇'
const dashes =
  '\u02d7\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\u301c\u3030\ufe31\ufe32\ufe58\ufe63\uff0d'
const accents =
  '\u00a8\u00af\u00b4\u00b8\u02c2-\u02df\u02e5-\u02ff\u1fbd-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef\u1ffd\u1ffe'

/**
 * What may stand between two letters of one word, beside what every keyboard has, as the inside of a character class. No
 * sign of ASCII is among them: an address may begin with one.
 */
export const joining = `${apostrophes}${dashes}${accents}·`

const anyApostrophe = new RegExp(`[${apostrophes}]`, 'gu')
const anyDash = new RegExp(`[${dashes}]`, 'gu')

/** With the apostrophe and the dash that every keyboard has, in the place of those that phones write. */
export function plainPunctuation(text: string): string {
  return text.replaceAll(anyApostrophe, "'").replaceAll(anyDash, '-')
}

/**
 * How an address may be stored that was written so: as written first, then with plain punctuation, in
 * small letters, and with the other spelling of an international domain. Each once.
 */
export function spellingsOfEmail(address: string): readonly string[] {
  return unique(
    [address, plainPunctuation(address)]
      .flatMap((each) => [each, withDomain(each, domainToASCII), withDomain(each, domainToUnicode)])
      .flatMap((each) => [each, each.toLowerCase()]),
  )
}

/** The same for a name or a username, whose letters only some pools tell apart. */
export function spellingsOfName(name: string): readonly string[] {
  const plain = plainPunctuation(name)
  const spellings = [name, plain, plain.replaceAll("'", '’'), plain.normalize('NFKC')]
  return unique([...spellings, ...spellings.map((each) => each.normalize('NFD'))])
}

function withDomain(address: string, spelled: (domain: string) => string): string {
  const at = address.lastIndexOf('@') + 1
  const domain = spelled(address.slice(at))
  return domain === '' ? address : address.slice(0, at) + domain
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
