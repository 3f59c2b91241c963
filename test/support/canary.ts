/** Finds a secret in bytes, also where something has encoded it on the way there. */

export interface Canary {
  /** What it is, such as `temporary password`. The secret itself is in no report. */
  readonly kind: string
  readonly secret: string | Buffer
}

export interface Sink {
  readonly name: string
  readonly bytes: Buffer
}

export interface Hit {
  readonly kind: string
  readonly sink: string
  readonly encoding: string
}

type Encoding = (secret: Buffer) => readonly Buffer[]

/** Every way in which a secret is looked for; some have several spellings. */
export const encodings: Readonly<Record<string, Encoding>> = {
  plain: (secret) => [secret],
  'base64 at offset 0': (secret) => [base64Within(secret, 0)],
  'base64 at offset 1': (secret) => [base64Within(secret, 1)],
  'base64 at offset 2': (secret) => [base64Within(secret, 2)],
  base64url: (secret) => [0, 1, 2].map((offset) => urlSafe(base64Within(secret, offset))),
  hex: (secret) => bothCases(secret.toString('hex')),
  'URL-encoded': (secret) => {
    const text = secret.toString('utf8')
    const everySign = [...secret].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    const component = encodeURIComponent(text)
    const form = new URLSearchParams([['', text]]).toString().slice(1)
    return [component, component.replaceAll('%20', '+'), form, everySign].flatMap(
      escapesInBothCases,
    )
  },
  'JSON-escaped': (secret) => [inJson(secret), asciiJson(secret)],
  'JSON-escaped twice': (secret) => [inJson(inJson(secret)), inJson(asciiJson(secret))],
  'UTF-16LE': (secret) => [Buffer.from(secret.toString('utf8'), 'utf16le')],
  'UTF-16BE': (secret) => [Buffer.from(secret.toString('utf8'), 'utf16le').swap16()],
  reversed: (secret) => [Buffer.from(secret).reverse()],
}

/** Everywhere that one of the secrets is, at most once for each sink and encoding. */
export function findCanaries(canaries: readonly Canary[], sinks: readonly Sink[]): Hit[] {
  const trap = new Trap(canaries.flatMap(needlesOf))
  const hits = sinks.flatMap(({ name, bytes }) =>
    [...trap.caughtIn(bytes)].map(({ kind, encoding }) => ({ kind, sink: name, encoding })),
  )
  return [...new Map(hits.map((hit) => [sentence(hit), hit])).values()]
}

/** A hit for people: everything but the secret. */
export function sentence({ kind, sink, encoding }: Hit): string {
  return `${kind} in ${sink} (${encoding})`
}

interface Needle {
  readonly kind: string
  readonly encoding: string
  readonly bytes: Buffer
  /** Six digits are found by chance inside a longer number or hash, so a code has to stand by itself. */
  readonly standsAlone: boolean
}

const shortestByItself = 7

function needlesOf({ kind, secret }: Canary): Needle[] {
  const bytes = Buffer.from(secret)
  const needles = new Map<string, Needle>()
  for (const [encoding, encode] of Object.entries(encodings)) {
    for (const encoded of encode(bytes)) {
      const key = encoded.toString('latin1')
      // Where an encoding leaves a secret as it is, the first one's name will do.
      if (encoded.length < 4 || needles.has(key)) continue
      const standsAlone = encoded.length < shortestByItself
      needles.set(key, { kind, encoding, bytes: encoded, standsAlone })
    }
  }
  return [...needles.values()]
}

/** All needles at once, in one pass, by their first two bytes: a journey leaves megabytes behind. */
class Trap {
  readonly #byStart = new Map<number, Needle[]>()
  readonly #starts = new Uint8Array(65_536)

  constructor(needles: readonly Needle[]) {
    for (const needle of needles) {
      const start = needle.bytes.readUInt16BE(0)
      this.#starts[start] = 1
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle])
    }
  }

  caughtIn(bytes: Buffer): Set<Needle> {
    const caught = new Set<Needle>()
    let start = bytes[0] ?? 0
    for (let at = 1; at < bytes.length; at += 1) {
      start = ((start << 8) | (bytes[at] ?? 0)) & 0xffff
      if (this.#starts[start] === 0) continue
      for (const needle of this.#byStart.get(start) ?? []) {
        if (stands(needle, bytes, at - 1)) caught.add(needle)
      }
    }
    return caught
  }
}

function stands(needle: Needle, bytes: Buffer, at: number): boolean {
  const end = at + needle.bytes.length
  if (end > bytes.length || bytes.compare(needle.bytes, 0, needle.bytes.length, at, end) !== 0)
    return false
  if (!needle.standsAlone) return true
  const before = bytes.toString('latin1', Math.max(0, at - 2), at)
  const after = bytes.toString('latin1', end, end + 1)
  // After a decimal point it is a fraction, such as the second half of one of Slack's timestamps.
  return !/[0-9A-Za-z]$|\d\.$/.test(before) && !/^[0-9A-Za-z]/.test(after)
}

/** What is sure to stand in the base64 of anything that has the secret `offset` bytes behind a multiple of three. */
function base64Within(secret: Buffer, offset: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(offset), secret]).toString('base64')
  const first = Math.ceil((offset * 8) / 6)
  const end = Math.floor(((offset + secret.length) * 8) / 6)
  return Buffer.from(text.slice(first, end))
}

function urlSafe(base64: Buffer): Buffer {
  return Buffer.from(base64.toString('latin1').replaceAll('+', '-').replaceAll('/', '_'))
}

function inJson(text: Buffer): Buffer {
  return Buffer.from(JSON.stringify(text.toString('utf8')).slice(1, -1))
}

/** As writers do that leave nothing but ASCII. */
function asciiJson(text: Buffer): Buffer {
  const escaped = inJson(text)
    .toString('utf8')
    .replaceAll('/', '\\/')
    .replaceAll(
      /[^ -~]|[<>&']/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  return Buffer.from(escaped)
}

function bothCases(text: string): Buffer[] {
  return [text.toLowerCase(), text.toUpperCase()].map((each) => Buffer.from(each))
}

function escapesInBothCases(text: string): Buffer[] {
  const lower = text.replaceAll(/%[0-9A-F]{2}/g, (each) => each.toLowerCase())
  const upper = text.replaceAll(/%[0-9a-f]{2}/g, (each) => each.toUpperCase())
  return [lower, upper].map((each) => Buffer.from(each))
}
