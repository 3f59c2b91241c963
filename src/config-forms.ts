/** The form of each variable: whether a value has it, and if not, what is wrong, without a word of the value. */

import { isIP } from 'node:net'
import { text as sentences } from './config-text/text.ts'
import { destinationOf, isThisMachine } from './database-url.ts'

/** @returns how a sentence goes on that begins with the variable's name; undefined where nothing is wrong */
export type Problem = (value: string) => string | undefined

const { found, variables: write } = sentences
const { must } = sentences.fault

/** What comes with the way in which a value was handed over, whatever it is a value of. */
export function wrapping(value: string): string | undefined {
  if (/^["'`“”‘’]|["'`“”‘’]$/.test(value)) return found.quotes
  if (/[\r\n]/.test(value)) return found.lineBreak
  return /[\p{Cc}\p{Cf}]/u.test(value) ? found.invisible : undefined
}

/** What the AWS SDK reads by itself, and sends as it is. */
function awsProblem(name: string, value: string): string | undefined {
  return wrongEnds(value) ?? (name.startsWith('AWS_ENDPOINT_URL') ? urlProblem(value) : undefined)
}

function urlProblem(value: string): string | undefined {
  return value === '' || (/^https?:\/\//.test(value) && URL.canParse(value))
    ? undefined
    : found.noWebUrl
}

function wrongEnds(value: string): string | undefined {
  if (/[\r\n]\s*$/.test(value)) return found.lineBreakAtEnd
  return wrapping(value.trim()) ?? (value === value.trim() ? undefined : found.blankAtEnd)
}

export function botTokenProblem(value: string): string | undefined {
  if (value.startsWith('xapp-')) return found.appToken
  return tokenProblem('xoxb-')(value)
}

export function appTokenProblem(value: string): string | undefined {
  if (value.startsWith('xoxb-')) return found.botToken
  return tokenProblem('xapp-')(value)
}

function tokenProblem(beginning: string): Problem {
  return (value) => {
    if (value === beginning) return found.onlyBeginning(beginning)
    if (/\s/.test(value)) return found.blank
    if (/^xox[a-z]/.test(value) && !value.startsWith(beginning)) return found.otherToken
    return value.startsWith(beginning) ? undefined : found.noBeginning(beginning)
  }
}

export function regionProblem(value: string): string | undefined {
  return /^[a-z]+(-[a-z]+)+-\d+$/.test(value) ? undefined : found.noRegion
}

export function portProblem(value: string): string | undefined {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : found.noPort
}

export function hostProblem(value: string): string | undefined {
  return isIP(value) === 0 ? found.noAddress : undefined
}

/** Addresses and networks of reverse proxies, with commas between them. */
export function proxiesProblem(value: string): string | undefined {
  if (/^\d+$/.test(value)) return found.number
  for (const [index, written] of value.split(',').entries()) {
    const problem = networkProblem(written.trim())
    if (problem !== undefined) return found.ofProxy(index + 1, problem)
  }
  return undefined
}

// The widest networks that are anybody's own: 10.0.0.0/8 and fc00::/7. Elsewhere few have more than a /12, or a /19 of
// IPv6; and ::ffff:0:0/96 is all of IPv4.
const widest = { ten: 8, 4: 12, unique: 7, 6: 19, mapped: 108 }

function networkProblem(written: string): string | undefined {
  const [address = '', prefix, ...more] = written.split('/')
  const family = isIP(address)
  if ((family !== 4 && family !== 6) || address.includes('%') || more.length > 0)
    return found.noNetwork
  if (prefix === undefined) return undefined
  const bits = family === 4 ? 32 : 128
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return found.noNetwork
  return Number(prefix) < widest[kindOf(address, family)] ? found.wideNetwork : undefined
}

function kindOf(address: string, family: 4 | 6): keyof typeof widest {
  if (family === 4) return /^(10|127)\./.test(address) ? 'ten' : family
  const { hostname } = new URL(`http://[${address}]`)
  if (/^\[f[cd]/.test(hostname)) return 'unique'
  return hostname.startsWith('[::ffff:') || hostname.startsWith('[::]') ? 'mapped' : family
}

export function apiUrlProblem(value: string): string | undefined {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return found.noWebUrl
  if (/\s/.test(value)) return found.blank
  const { protocol, hostname } = new URL(value)
  // The tokens, and all that is decided, go there.
  if (protocol !== 'https:' && !loopback.includes(hostname)) return found.noTlsToSlack
  return value.endsWith('/') ? undefined : found.noSlash
}

/** Hosts that are this machine, as a URL has them. */
export const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

export function proxyProblem(value: string): string | undefined {
  if (/^socks/i.test(value)) return found.socks
  if (/\s/.test(value)) return found.blank
  const url = withScheme(value)
  if (!/^https?:\/\//i.test(url)) return found.noWebUrl
  if (!URL.canParse(url)) return found.unencoded
  const { username, password, pathname, search, hash } = new URL(url)
  if (![username, password].every(isEncoded)) return found.percent
  return pathname === '/' && search === '' && hash === '' ? undefined : found.unencoded
}

/** Most programs take a proxy without `http://`, too. */
export function withScheme(proxy: string): string {
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

/** A password typed into a page without TLS is everybody's, unless the page never leaves the machine. */
export function pageUrlProblem(value: string): string | undefined {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return found.noWebUrl
  const { protocol, hostname, username, pathname } = new URL(value)
  if (protocol !== 'https:' && !loopback.includes(hostname)) return found.noTls
  if (username !== '' || /[?#@]/.test(value)) return found.moreThanPath
  if (!pathname.endsWith('/recover') || !value.endsWith('/recover')) return found.noRecover
  return /^(\/[\w.~-]+)*$/.test(pathname) && !/\s/.test(value) ? undefined : found.noPlainPath
}

/** Where Rekey listens unless it is told otherwise. */
export const usualPorts = { PORT: '3000', PAGE_PORT: '3001' } as const

/** What the recovery page needs of several variables together, by the name of the one that is wrong. */
function pageFaults(
  given: (name: string) => string | undefined,
): readonly (readonly [name: string, problem: string])[] {
  const url = given('RECOVERY_PAGE_URL')
  if (url === undefined) return []
  const [port, pagePort] = (['PORT', 'PAGE_PORT'] as const).map((name) =>
    Number(given(name) ?? usualPorts[name]),
  )
  const faults: [name: string, problem: string][] = []
  if (port !== 0 && port === pagePort) {
    const [name, other] = given('PAGE_PORT') ? ['PAGE_PORT', 'PORT'] : ['PORT', 'PAGE_PORT']
    faults.push([name, must(found.samePort(other), write.otherPort)])
  }
  if (url.startsWith('https:') && given('RECOVERY_PAGE_PROXIES') === undefined)
    faults.push(['RECOVERY_PAGE_URL', must(found.noProxy, write.proxiesThere)])
  return faults
}

/** Never that another key should be made: what is sealed with this one would be lost. */
export function keyProblem(value: string): string | undefined {
  if (/^[0-9a-f]{64}$/i.test(value)) return found.hex
  if (/^[\w-]+=*$/.test(value) && /[-_]/.test(value)) return found.base64url
  if (/[^A-Za-z0-9+/=]/.test(value)) return found.noBase64
  const bytes = Buffer.from(value, 'base64')
  if (bytes.length !== 32) return found.otherLength(bytes.length)
  // Buffer skips what it doesn't understand; only the way back tells that nothing was skipped.
  return bytes.toString('base64') === value ? undefined : found.noPadding
}

export function keysProblem(value: string): string | undefined {
  for (const [index, key] of value.split(',').entries()) {
    const problem = key === '' ? found.empty : /\s/.test(key) ? found.blank : keyProblem(key)
    if (problem !== undefined) return found.ofKey(index + 1, problem)
  }
  return undefined
}

export function databaseProblem(value: string): string | undefined {
  if (/:memory:|[?&]mode=memory/i.test(value)) return found.memory
  if (/\$\{\w+\}/.test(value)) return found.placeholder
  if (value.startsWith('sqlite:')) return sqliteProblem(value.slice('sqlite:'.length).trim())
  if (/^postgres(ql)?:\/\//.test(value)) return postgresProblem(value)
  return /^[a-z][a-z0-9+.-]+:/i.test(value) ? found.otherDatabase : found.noScheme
}

function sqliteProblem(path: string): string | undefined {
  if (/^\/*$/.test(path)) return found.noFile
  if (path.startsWith('~')) return found.home
  if (path.startsWith('file:')) return found.fileUrl
  if (path.includes('?')) return found.options
  if (/^\/\/[^/]/.test(path)) return found.twoSlashes
  return /(^|[/\\])\.{0,2}$/.test(path) ? found.folder : undefined
}

// `prefer` is what clients of other languages have in addition, and pg takes.
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

function postgresProblem(value: string): string | undefined {
  const hosts = value.replace(/^\w+:\/\//, '').replace(/[/?].*$/, '')
  if (hosts.slice(hosts.lastIndexOf('@') + 1).includes(',')) return found.severalHosts
  if (/\s/.test(value)) return found.blank
  if (!URL.canParse(value)) return found.unencoded
  const { username, password, hostname, pathname, hash, searchParams } = new URL(value)
  if (hash !== '') return found.unencoded
  if (![username, password, hostname, pathname].every(isEncoded)) return found.percent
  // Of two the driver takes the last, and others the first.
  const names = [...searchParams.keys()]
  if (new Set(names).size < names.length) return found.twice
  const { host, sslMode } = destinationOf(value)
  if (host.includes(',')) return found.severalHosts
  return sslMode === undefined || sslModes.includes(sslMode) ? undefined : found.noSslMode(sslModes)
}

/**
 * What is wrong with a database on another machine: whoever is between it and Rekey reads and changes what is
 * sent, unless TLS checks whose certificate it is. pg takes `require` for that today, and not in its next
 * major version.
 *
 * @param value a URL with nothing else wrong with it
 */
export function unencryptedProblem(value: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(value)) return undefined
  const { host, sslMode, checksCertificate } = destinationOf(value)
  if (isThisMachine(host)) return undefined
  return sslMode === 'verify-full' && checksCertificate ? undefined : found.unencrypted
}

/** What makes Node take anybody's certificate, whatever a URL asks for: Slack's and AWS's, too. */
export function tlsFaults(
  env: Readonly<Record<string, string | undefined>>,
): readonly (readonly [name: string, problem: string])[] {
  const name = 'NODE_TLS_REJECT_UNAUTHORIZED'
  return env[name] === '0' ? [[name, found.anyCertificate]] : []
}

/** Why something is as it is cannot be said in one of these. */
export function reasonProblem(value: string): string | undefined {
  return /^(true|false|yes|no|on|off|\d+)$/i.test(value) ? found.noReason : undefined
}

/** What is wrong with the beginning of a hash. */
export function hashProblem(value: string): string | undefined {
  return /^[0-9a-f]{16,64}$/i.test(value) ? undefined : found.noHash
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** What the AWS SDK would send as it is, or pass over, and AWS then answer with something else. */
function awsFaults(
  env: Readonly<Record<string, string | undefined>>,
): readonly (readonly [name: string, problem: string])[] {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_PROFILE: profile } = env
  const odd = Object.entries(env).flatMap(([name, value = '']) => {
    const problem = name.startsWith('AWS_') ? awsProblem(name, value) : undefined
    return problem === undefined
      ? []
      : [[name, sentences.fault.must(problem, sentences.variables.ofAws)] as const]
  })
  if (Boolean(id) === Boolean(key) || profile) return odd
  const [present, absent] = id ? [keyId, keySecret] : [keySecret, keyId]
  return [
    ...odd,
    [present, sentences.fault.must(found.alone(absent), sentences.variables.bothOfAws)],
  ]
}

const keyId = 'AWS_ACCESS_KEY_ID'
const keySecret = 'AWS_SECRET_ACCESS_KEY'

/** Nothing that is read or written goes over a network in the clear, unless somebody has said why it may. */
export function databaseFaults(
  given: (name: string) => string | undefined,
): readonly (readonly [name: string, problem: string])[] {
  const url = given('DATABASE_URL') ?? ''
  if (given('DATABASE_UNENCRYPTED') !== undefined || databaseProblem(url) !== undefined) return []
  const problem = unencryptedProblem(url)
  return problem === undefined ? [] : [['DATABASE_URL', must(problem, write.unencryptedDatabase)]]
}

/** What is wrong with variables that are each well-formed, or are read by others than Rekey. */
export function togetherFaults(
  env: Readonly<Record<string, string | undefined>>,
  given: (name: string) => string | undefined,
): readonly (readonly [name: string, problem: string])[] {
  return [...databaseFaults(given), ...pageFaults(given), ...awsFaults(env), ...tlsFaults(env)]
}
