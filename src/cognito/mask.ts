/** Addresses as they may be shown: enough for its owner to recognise, too little for anybody to use. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** `jane@example.com` as `j***@e***.com`: always three stars, so that no length is told. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 0) return `${firstLetter(address)}***`
  const domain = address.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  const ending = dot > 0 ? domain.slice(dot) : ''
  return `${firstLetter(address.slice(0, at))}***@${firstLetter(domain)}***${ending}`
}

/** `+819012345678` as `+********5678`: the last four digits, where there are more than four. */
export function maskPhone(number: string): string {
  const digits = number.replaceAll(/\D/g, '')
  const shown = digits.length > 4 ? digits.slice(-4) : ''
  const plus = number.startsWith('+') ? '+' : ''
  return `${plus}${'*'.repeat(digits.length - shown.length)}${shown}`
}

/**
 * Whether what somebody else has masked can be this address. Cognito promises no form (`j***@e***`,
 * `j***@e***.com`, `+*******9934`), so that only what stands between the stars is looked for, in its order;
 * what has no stars at all is not judged.
 */
export function isMaskOf(masked: string, address: string): boolean {
  if (!masked.includes('*')) return true
  const shown = masked.split(/\*+/).map((piece) => RegExp.escape(piece))
  return new RegExp(`^${shown.join('.*')}$`, 'isu').test(address)
}

// What a reader takes for one letter may be several code points: か with its mark, or an emoji.
function firstLetter(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment
  return ''
}

/**
 * Addresses as one person may see them who has to tell accounts apart: `fra***l@example.com`, and more of those
 * that would still look the same although they differ.
 */
export function emailsToldApart(addresses: readonly string[]): readonly string[] {
  return toldApart(addresses, (address, letters) => {
    const at = Math.max(0, address.lastIndexOf('@'))
    return `${startAndEnd(address.slice(0, at), letters)}${address.slice(at)}`
  })
}

/** The same for phone numbers: `+********12345`. */
export function phonesToldApart(numbers: readonly string[]): readonly string[] {
  return toldApart(numbers, (number, digits) => {
    const hidden = Math.max(0, number.length - 1 - (digits + 2))
    return `${number.slice(0, 1)}${'*'.repeat(hidden)}${number.slice(1 + hidden)}`
  })
}

// Three letters of a long name tell most people apart, and are half of a short one.
const leastShown = 3
const mostShown = 64

function toldApart(
  values: readonly string[],
  shownWith: (value: string, letters: number) => string,
): readonly string[] {
  const different = [...new Set(values)]
  return values.map((value) => {
    for (let letters = leastShown; letters < mostShown; letters += 1) {
      const shown = shownWith(value, letters)
      if (different.every((other) => other === value || shownWith(other, letters) !== shown))
        return shown
    }
    return value
  })
}

function startAndEnd(text: string, letters: number): string {
  const all = [...graphemes.segment(text)].map(({ segment }) => segment)
  const half = Math.max(1, Math.floor((all.length - 1) / 2))
  const first = letters === leastShown ? Math.min(letters, half) : letters
  if (letters > leastShown && first >= all.length) return text
  const last = all.length - first > 2 ? (all.at(-1) ?? '') : ''
  return `${all.slice(0, first).join('')}***${last}`
}
