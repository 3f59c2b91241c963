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

// What a reader takes for one letter may be several code points: か with its mark, or an emoji.
function firstLetter(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment
  return ''
}
