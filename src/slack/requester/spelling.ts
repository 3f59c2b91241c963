/** Reading a password out: a word for every character, so that nothing is misheard. */

import { text } from '../text/text.ts'

/** `aR7-` as “small Alfa, capital Romeo, seven, hyphen”, four characters to a line. */
export function spelled(password: string): string {
  const words = [...password].map(spelledCharacter)
  const lines: string[] = []
  for (let from = 0; from < words.length; from += 4) {
    const four = words.slice(from, from + 4)
    lines.push(text.requester.spelling.line(from + 1, from + four.length, four))
  }
  return lines.join('\n')
}

function spelledCharacter(character: string): string {
  const { letters, digits, symbols, capital, small } = text.requester.spelling
  const word = letters.get(character.toUpperCase())
  if (word !== undefined && /[a-z]/i.test(character)) {
    return /[A-Z]/.test(character) ? capital(word) : small(word)
  }
  return (
    (/[0-9]/.test(character) && digits[Number(character)]) || symbols.get(character) || character
  )
}
