/** Who signs the ledger's checkpoints too, as `WITNESSES` has it: a public key and a URL for each. */

import { witnessName } from './audit/cosignature.ts'
import { loopback } from './config-forms.ts'
import { text as sentences } from './config-text/text.ts'

export interface WitnessConfig {
  readonly name: string
  /** Its public key, in the one line that its operator publishes. */
  readonly key: string
  /** What comes before `/add-checkpoint`. */
  readonly url: string
}

const { found } = sentences

/** @param value one that `witnessesProblem` finds nothing wrong with */
export function readWitnesses(value: string): WitnessConfig[] {
  return partsOf(value).map(([key, url]) => ({
    key,
    url: url.replace(/\/$/, ''),
    name: witnessName(key) ?? '',
  }))
}

/** @returns how a sentence goes on that begins with the variable's name; undefined where nothing is wrong */
export function witnessesProblem(value: string): string | undefined {
  const parts = partsOf(value)
  const before = new Set<string>()
  for (const [index, [key, url]] of parts.entries()) {
    const name = witnessName(key)
    const problem =
      name === undefined
        ? found.noWitnessKey
        : (witnessNameProblem(name, before) ?? keyProblem(key, before) ?? witnessUrlProblem(url))
    if (problem !== undefined) return found.ofWitness(index + 1, problem)
  }
  return parts.length > mostWitnesses ? found.tooManyWitnesses(mostWitnesses) : undefined
}

// Each is waited for at the start, and has a lane of its own.
const mostWitnesses = 8

// Slack shows 300 characters of why recoveries are paused, and the name is in them.
const longestName = 64

function witnessNameProblem(name: string, before: Set<string>): string | undefined {
  if (name.length > longestName) return found.longWitnessName(longestName)
  return isNew(name, before) ? undefined : found.sameWitness
}

/** The same key under another name is the same witness once more. */
function keyProblem(line: string, before: Set<string>): string | undefined {
  const key = Buffer.from(line.split('+').slice(2).join('+'), 'base64').toString('hex')
  return isNew(`key ${key}`, before) ? undefined : found.sameWitnessKey
}

function isNew(what: string, before: Set<string>): boolean {
  const isNew = !before.has(what)
  before.add(what)
  return isNew
}

/** What is wrong with where a witness is. Without TLS, whoever stands in between could keep it silent unseen. */
function witnessUrlProblem(url: string): string | undefined {
  if (!/^https?:\/\//.test(url) || /\s/.test(url) || !URL.canParse(url)) return found.noWebUrl
  if (/[?#@]/.test(url)) return found.moreThanPath
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || loopback.includes(hostname) ? undefined : found.noTlsForWitness
}

/** Each witness's key and URL; what is missing is empty. */
function partsOf(value: string): (readonly [key: string, url: string])[] {
  if (value === '') return []
  return value.split(',').map((one) => {
    const [key = '', ...url] = one.trim().split(/\s+/)
    return [key, url.join(' ')] as const
  })
}
