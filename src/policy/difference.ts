/** What is different between two policies, in lines that a reviewer can read. */

import { text } from './text/text.ts'

// A ledger entry and a Slack post have to hold it.
const mostLines = 20
const longestLine = 200

/** One line for each thing: `tiers[0].approvals: 2 → 1`. Long ones are cut, and many are counted. */
export function differences(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [flat(before), flat(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  const lines = names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => text.difference.line(name, was.get(name), is.get(name)))
  return abridged(lines)
}

/** As many of the lines, and as much of each, as an entry holds. */
export function abridged(all: readonly string[]): readonly string[] {
  const lines = all.map(clip)
  const left = lines.length - mostLines
  return left > 0 ? [...lines.slice(0, mostLines), text.difference.more(left)] : lines
}

function flat(value: unknown, name = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[name, String(value)]])
  const inner = Object.entries(value).map(([key, item]: [string, unknown]) =>
    flat(item, nameOf(name, key, Array.isArray(value))),
  )
  return new Map(inner.flatMap((each) => [...each]))
}

function nameOf(outer: string, key: string, isList: boolean): string {
  if (isList) return `${outer}[${key}]`
  return outer === '' ? key : `${outer}.${key}`
}

function clip(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line
}
