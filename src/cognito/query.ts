/** What somebody typed to find an account by, cleaned up and sorted by what it can be. */

export type Query =
  | { readonly kind: 'sub'; readonly sub: string }
  | { readonly kind: 'email'; readonly email: string }
  | { readonly kind: 'phone'; readonly phone: string }
  /** A username, or the beginning of one, or of a name. */
  | { readonly kind: 'name'; readonly name: string; readonly words: readonly [string, ...string[]] }
  /** Nothing that an account could match. */
  | { readonly kind: 'nothing' }

/** Reads what somebody typed, or what Slack made of it. */
export function readQuery(typed: string): Query {
  const text = withoutMarkup(typed).replaceAll(invisible, '').normalize('NFC').trim()
  if (text.length > longest || /\p{Cc}/u.test(text)) return { kind: 'nothing' }
  // An address is the same address when a Japanese keyboard wrote it full-width. A name is not.
  const plain = text.normalize('NFKC')
  if (isUuid(plain)) return { kind: 'sub', sub: plain.toLowerCase() }
  const phone = plain.replaceAll(/[\s().-]/g, '')
  if (/^\+\d{4,15}$/.test(phone)) return { kind: 'phone', phone }
  // Cognito finds nobody by a prefix that ends in "@" (aws/aws-sdk-js-v3#6645).
  const open = plain.replace(/@+$/, '')
  if (open.includes('@')) return { kind: 'email', email: open }
  return nameQuery(open === plain ? text : open)
}

/** A ListUsers filter, or undefined where it would be longer than Cognito takes. */
export function filterOf(
  attribute: string,
  comparison: '=' | '^=',
  value: string,
): string | undefined {
  const escaped = value.replaceAll(/[\\"]/g, '\\$&')
  const filter = `${attribute} ${comparison} "${escaped}"`
  return filter.length > longestFilter ? undefined : filter
}

/** Whether AdminGetUser would take this for a `Username`. */
export function canBeUsername(text: string): boolean {
  return /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(text)
}

const longestFilter = 256
// Longer than an address or a name gets; what does not fit into a filter is not asked for anyway.
const longest = 256

// Direction marks and zero-width characters travel along when an address is copied from a document.
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g

// Slack turns addresses into `<mailto:jane@example.com|jane@example.com>` and escapes three signs.
function withoutMarkup(typed: string): string {
  return typed
    .replaceAll(/<(?:mailto|tel):([^|>]*)(?:\|[^>]*)?>/g, '$1')
    .replaceAll(/<https?:[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

function nameQuery(name: string): Query {
  const [first, ...rest] = name.split(/\s+/u)
  return first ? { kind: 'name', name, words: [first, ...rest] } : { kind: 'nothing' }
}
