/** What people type, and the forms that a policy asks of it. A pattern never gets more time than is set here. */

import { createContext, Script } from 'node:vm'
import type { TextForm } from './policy.ts'
import { text } from './text/text.ts'

// One pattern over one short text takes microseconds. What takes longer is on its way to taking hours,
// during which nobody else would be served.
const matchWithinMs = 100

// For some hundred texts together, while a policy is read: honest patterns need about two milliseconds.
const probeWithinMs = 250

// As long as the longest text that is ever matched.
const longest = 64

// Only in a context of its own can a regular expression be interrupted.
const context = createContext({ pattern: '', texts: '' })
const matching = new Script(
  "(form => JSON.parse(texts).map(text => form.test(text)).join())(new RegExp('^(?:' + pattern + ')$', 'u'))",
)

export function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}

/** Whether the whole text has the form that the policy asks for. What can't be told in time has not. */
export function matches({ pattern, example }: TextForm, written: string): boolean {
  // No policy is read whose example does not fit, and that is the text that is asked about most.
  return written === example || fits(pattern, written)
}

/** The same without an example to go by. */
export function fits(pattern: string, written: string): boolean {
  return verdicts(pattern, [written], matchWithinMs)?.[0] === true
}

/** Whether some text that is almost like the example keeps the pattern busy: (\d+-?)+ tries 2^n ways. */
export function isSlow({ pattern, example }: TextForm): boolean {
  return isPattern(pattern) && verdicts(pattern, nearMisses(example), probeWithinMs) === undefined
}

/** Words that are nobody's reference. */
const prose = ['she sounded right', 'She sounded right.', 'yes', 'confirmed']

/** Words that the pattern would take for a reference, if there are any. */
export function proseTaken(pattern: string): string | undefined {
  const taken = verdicts(pattern, prose, probeWithinMs) ?? []
  return prose[taken.indexOf(true)]
}

/** One answer for each text; undefined when they are not there in time, or the pattern is none. */
function verdicts(
  pattern: string,
  texts: readonly string[],
  withinMs: number,
): readonly boolean[] | undefined {
  Object.assign(context, { pattern, texts: JSON.stringify(texts) })
  // Twice more, since on a busy machine time also passes without anything being done.
  return answered(withinMs) ?? answered(withinMs) ?? answered(withinMs)
}

function answered(withinMs: number): readonly boolean[] | undefined {
  try {
    const answer: unknown = matching.runInContext(context, { timeout: withinMs })
    return String(answer)
      .split(',')
      .map((each) => each === 'true')
  } catch {
    return undefined
  }
}

/** The example's beginnings, going on with what comes next over and over, and ending in what hardly fits. */
function nearMisses(example: string): readonly string[] {
  const characters = [...example]
  const beginnings = characters.flatMap((next, place) => {
    const head = characters.slice(0, place).join('')
    const rest = characters.slice(place).join('')
    return [next, rest].map((again) => head.padEnd(longest - 1, again))
  })
  return beginnings.flatMap((start) => ['\0', '\n', 'x', '0'].map((odd) => start + odd))
}

// The lengths of RFC 5321; also for addresses that somebody has disguised a little.
const address = /[^\s<>()@＠|:,;]{1,64}(?:@|＠|%40)+[^\s<>()@＠|,;]{1,255}/gu

/**
 * A person's words, trimmed, as text that can be written down everywhere (half a surrogate pair
 * can't), and without what an e-mail address would tell everybody in a channel. The
 * ledger can't forget, so the address must not reach it.
 */
export function withoutAddresses(words: string): string {
  return words.toWellFormed().replace(address, text.hiddenAddress).trim()
}
