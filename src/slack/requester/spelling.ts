/** Reading a password out: a word for every character, so that nothing is misheard. */

const letters =
  'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu'.split(
    ' ',
  )

const digits = 'zero one two three four five six seven eight nine'.split(' ')

// The symbols that Rekey's passwords are made of, under the names that people know.
const symbols: ReadonlyMap<string, string> = new Map([
  ['!', 'exclamation mark'],
  ['#', 'hash'],
  ['%', 'percent'],
  ['+', 'plus'],
  ['-', 'hyphen'],
  ['=', 'equals'],
  ['?', 'question mark'],
  ['@', 'at sign'],
])

/** `aR7-` as “small Alfa, capital Romeo, seven, hyphen”, four characters to a line. */
export function spelled(password: string): string {
  const words = [...password].map(spelledCharacter)
  const lines: string[] = []
  for (let from = 0; from < words.length; from += 4) {
    const four = words.slice(from, from + 4)
    lines.push(`${from + 1} to ${from + four.length}: ${four.join(', ')}`)
  }
  return lines.join('\n')
}

function spelledCharacter(character: string): string {
  const word = letters.find(([initial]) => initial === character.toUpperCase())
  if (word !== undefined && /[a-z]/i.test(character)) {
    return /[A-Z]/.test(character) ? `capital ${word}` : `small ${word}`
  }
  return (
    (/[0-9]/.test(character) && digits[Number(character)]) || symbols.get(character) || character
  )
}
