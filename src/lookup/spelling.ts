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

/** With the apostrophe and the dash that every keyboard has, in the place of those that phones write. */
export function plainPunctuation(text: string): string {
  return text
    .replaceAll(/[‘’‛ʼ′´＇]/g, "'")
    .replaceAll(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, '-')
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
