/** What can be wrong with a policy: a place in it, and a sentence about that place. */

import { text } from './text/text.ts'

export interface Fault {
  readonly path: Path
  /** Goes on from the name of the place: "is missing: write …". */
  readonly problem: string
}

/** The keys and indexes that lead to a place in the policy. */
export type Path = readonly (string | number)[]

/** The path as people write it, `tiers[0].approvers`. */
export function pathName(path: Path): string {
  if (path.length === 0) return text.places.whole
  return path.map(stepName).join('').replace(/^\./, '')
}

function stepName(step: string | number): string {
  const isPlain = typeof step === 'string' && /^[\w-]+$/.test(step)
  return isPlain ? `.${step}` : `[${JSON.stringify(step)}]`
}

/** A sentence on a value that is not what it must be: what it is, and what to write instead. */
export function must(write: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => text.places.must(described(input), write)
}

function described(value: unknown): string {
  if (value === undefined) return text.found.nothing
  if (isEmpty(value)) return text.found.empty
  if (Array.isArray(value)) return text.found.list
  if (typeof value === 'object') return text.found.mapping
  const written = JSON.stringify(value) ?? String(value)
  return text.found.value(written.length > 40 ? `${written.slice(0, 40)}…` : written)
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
