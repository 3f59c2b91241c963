/** E-mail addresses in running text: each whole as it was written, or not at all. */

import { joining } from './spelling.ts'

// What RFC 5322 takes for a word before the sign, letters of every script, and what else joins them.
const localPart = new RegExp(`[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_\`{|}~.\\-${joining}]`, 'u')
const domainPart = /[\p{L}\p{M}\p{N}.-]+/uy
const domain =
  /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?)+$/u

// These are written without spaces between words, so an address may stand right after one or before one.
const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]/u

/** Whether there is a letter in it of a script whose words stand side by side without a space. */
export function isUnspaced(text: string): boolean {
  return unspaced.test(text)
}

/** A piece of a text, and where it stands: `to` is the place behind it. */
export interface Found {
  readonly written: string
  readonly from: number
  readonly to: number
}

/**
 * The addresses in a text, with their places in it. Quotes, brackets and marks of emphasis round an address
 * are left out, and so is the name of a field (`user=`). Where it cannot be told where an address begins or
 * ends, it is not one: the rest of a longer address is somebody else's.
 * @param text as `readable` makes it
 */
export function addressesIn(text: string): readonly Found[] {
  const found: Found[] = []
  let last = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const address = addressAt(text, at, last)
    if (address === undefined) continue
    found.push(address)
    last = address.to
  }
  return found
}

function addressAt(text: string, at: number, after: number): Found | undefined {
  const end = domainEnd(text, at + 1)
  const start = runStart(text, at, after)
  if (end === undefined || !isClean(text, start) || !endsAt(text, end)) return undefined
  const run = text.slice(start, at)
  const local = withoutWrapping(run, text.slice(end, end + mostMarks))
  // What a web address has before its sign is somebody's name elsewhere, if it is one.
  if (local === '' || run.includes('//')) return undefined
  return { written: `${local}@${text.slice(at + 1, end)}`, from: at - local.length, to: end }
}

function runStart(text: string, at: number, after: number): number {
  let start = at
  for (const sign of charactersBefore(text, at, after)) {
    if (!localPart.test(sign)) break
    start -= sign.length
  }
  // Two addresses with nothing but a separator between them.
  if (start === after && after > 0 && /[/&|]/.test(text[start] ?? '')) start += 1
  return start
}

/** Backwards, and whole: half of a letter would be no letter. */
function* charactersBefore(text: string, at: number, after: number): Generator<string> {
  for (let end = at; end > after; ) {
    const isPair = /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(after, end - 2), end))
    const start = end - (isPair ? 2 : 1)
    yield text.slice(start, end)
    end = start
  }
}

/** Whether what stands before belongs to something else: the address may be the end of a longer one. */
function isClean(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - longestBefore), start)
  return !unclean.some((pattern) => pattern.test(before))
}

const longestBefore = 12
const unclean = [
  // A second sign, an escape, or what some other encoding has in the place of an apostrophe.
  /[@\\]$|(?!\n)\p{Cc}$/u,
  // The name of a sign, such as &apos; or &#39;.
  /&(?:#?\w+;)+$/,
  // Half of a quoted name.
  /[\p{L}\p{M}\p{N}]"$/u,
  // A word that goes on in the next line.
  /[\p{L}\p{M}\p{N}][=-]\n$/u,
]

/** Where the domain ends, or undefined where there is none. */
function domainEnd(text: string, start: number): number | undefined {
  domainPart.lastIndex = start
  const [run = ''] = domainPart.exec(text) ?? []
  const name = beforeWords(run).replace(/[.-]+$/, '')
  return domain.test(name) ? start + name.length : undefined
}

/** `example.comへ` is `example.com`: words that follow without a space are no part of a top-level domain. */
function beforeWords(run: string): string {
  const [, name, words] = /^(.*\.[a-z]{2,63})(\P{ASCII}.*)$/iu.exec(run) ?? []
  if (name === undefined || words === undefined) return run
  return unspaced.test(words[0] ?? '') && !words.replace(/\.+$/, '').includes('.') ? name : run
}

// More than anybody nests: ***, ``` and a quote.
const mostMarks = 8

const closers: Readonly<Record<string, string>> = {
  '*': '*',
  _: '_',
  '~': '~',
  '`': '`',
  "'": "'",
  '|': '|',
  '/': '/',
  '=': '=',
  '{': '}',
}

// What forms, logs and tickets call the field that an address stands in.
const field =
  /^-{0,2}(?:[a-z\d]+[_.-])*(?:account|actor|address|cc|customer|e-?mail|from|id|identity|login|mail|mailto|name|owner|recipient|to|uid|user|user-?email|user-?name|who)=/i

// A bullet, a quote, an ellipsis: what joins words only stands between two of them.
const leading = new RegExp(`^[.${joining}]+`, 'u')

/** The run without what was written round the address. */
function withoutWrapping(run: string, following: string): string {
  const words = afterWords(run).replace(leading, '')
  const marks = closed(words, following)
  const bare = words.slice(marks).replace(leading, '')
  const local = bare.replace(field, '')
  return local === bare ? local : withoutWrapping(local, following.slice(marks))
}

/** `宛先jane` is `jane`. A name in such a script itself stays as it is. */
function afterWords(run: string): string {
  if (unspaced.test(run.at(-1) ?? '')) return run
  const words = [...run.matchAll(new RegExp(unspaced, 'gu'))].at(-1)
  return words === undefined ? run : run.slice(words.index + words[0].length)
}

/** How many signs at the beginning have their partners right behind the address, the innermost first. */
function closed(run: string, following: string): number {
  for (let count = Math.min(run.length - 1, following.length); count > 0; count -= 1) {
    const partners = [...run.slice(0, count)].reverse().map((sign) => closers[sign])
    if (partners.every((partner, place) => partner === following[place])) return count
  }
  return 0
}

/** Whether an address may end here: not where it goes on as something else. */
function endsAt(text: string, end: number): boolean {
  const next = text.slice(end, end + 4)
  if (/^(?:[@\\]|_+[\p{L}\p{M}\p{N}])/u.test(next)) return false
  return unspaced.test([...next][0] ?? '') || !/^[\p{L}\p{M}\p{N}]/u.test(next)
}
