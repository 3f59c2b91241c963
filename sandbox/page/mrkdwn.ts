/** Slack's markup, taken apart: what is bold, code, quoted, a link, a name or a date. Rendered in `text.ts`. */

export type Piece =
  | string
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'quote'; readonly inside: readonly Piece[] }
  | { readonly kind: 'code' | 'block'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'person' | 'channel' | 'group'; readonly id: string; readonly text: string }
  | { readonly kind: 'everybody'; readonly text: string }
  | {
      readonly kind: 'date'
      readonly unix: number
      readonly pattern: string
      readonly url: string
      readonly fallback: string
    }
  | { readonly kind: 'emoji'; readonly name: string }

/** `verbatim` leaves bare addresses as the text they are. */
export function parseMrkdwn(text: string, verbatim = false): Piece[] {
  return text
    .split(/```([\s\S]+?)```/)
    .flatMap((part, index): Piece[] =>
      index % 2 === 1 ? [{ kind: 'block', text: unescaped(part) }] : lines(part, verbatim),
    )
}

function lines(text: string, verbatim: boolean): Piece[] {
  if (text === '') return []
  // Neighbouring quoted lines are one quotation.
  return text
    .split(/((?:^(?:&gt;|>).*(?:\n|$))+)/m)
    .filter((part) => part !== '')
    .flatMap((part): Piece[] => {
      if (!/^(?:&gt;|>)/.test(part)) return inline(part, verbatim)
      const quoted = part.replace(/\n$/, '').replaceAll(/^(?:&gt;|>) ?/gm, '')
      return [{ kind: 'quote', inside: inline(quoted, verbatim) }]
    })
}

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const

// In turn: code, something in angle brackets, marked-up words, an emoji's name, a bare address.
const special =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}_*~])([*_~])(?=\S)([^\n]*?\S)\3(?![\p{L}\p{N}])|:([a-z0-9_+-]+):|(https?:\/\/[^\s<>|]+)/u

function inline(text: string, verbatim: boolean): Piece[] {
  const found = special.exec(text)
  if (!found) return text === '' ? [] : [unescaped(text)]
  const [whole, code, token, mark, marked, emoji, address] = found
  const before = text.slice(0, found.index)
  const after = text.slice(found.index + whole.length)
  return [...(before === '' ? [] : [unescaped(before)]), piece(), ...inline(after, verbatim)]

  function piece(): Piece {
    if (code !== undefined) return { kind: 'code', text: unescaped(code) }
    if (token !== undefined) return tokenPiece(token)
    if (mark === '*' || mark === '_' || mark === '~')
      return { kind: marks[mark], inside: inline(marked ?? '', verbatim) }
    if (emoji !== undefined) return { kind: 'emoji', name: emoji }
    const url = unescaped(address ?? '')
    return verbatim ? url : { kind: 'link', url, text: url }
  }
}

function tokenPiece(token: string): Piece {
  const [target = '', ...labels] = token.split('|')
  const text = unescaped(labels.join('|'))
  if (target.startsWith('@')) return { kind: 'person', id: target.slice(1), text }
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), text }
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice(9), text }
  if (target.startsWith('!date^')) return datePiece(target, text)
  if (target.startsWith('!')) return { kind: 'everybody', text: text || target.slice(1) }
  const url = unescaped(target)
  return { kind: 'link', url, text: text || url.replace(/^mailto:/, '') }
}

function datePiece(target: string, fallback: string): Piece {
  const [, unix = '', pattern = '', url = ''] = target.split('^')
  return { kind: 'date', unix: Number(unix), pattern, url: unescaped(url), fallback }
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
