/** People's words as everybody sees them, which is also how they are compared. */

import { plainPunctuation } from '../../lookup/spelling.ts'

// What nobody can see but everybody is fooled by: controls, marks that turn the reading direction,
// and spaces without width. The joiners U+200C and U+200D stay: Persian and emoji need them.
const invisible = /[\p{Cc}\p{Bidi_Control}\u00ad\u200b\u2060-\u2064\ufeff]/gu

// biome-ignore lint/suspicious/noControlCharactersInRegex: a vertical tab; written \v, `npm run mutants` makes of it what is no pattern
const lineBreaks = /\r\n|[\n\r\u000b\f\u0085\u2028\u2029]/gu

// What stays where it is shown, and still nobody sees and nobody types: joiners, fillers, selectors.
const untyped = /\p{Default_Ignorable_Code_Point}/gu

/** The lines of a text, without what cannot be seen. */
export function visibleLines(text: string): string[] {
  return text.split(lineBreaks).map((line) => line.toWellFormed().replaceAll(invisible, ''))
}

/** The text without what cannot be seen, on one line. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(lineBreaks, ' ').replaceAll(invisible, '').trim()
}

/**
 * As people compare what they read with what they type: without regard to capitals, spaces, apostrophes,
 * dashes and encodings.
 */
export function folded(text: string): string {
  return plainPunctuation(oneLine(text).replaceAll(untyped, ''))
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
