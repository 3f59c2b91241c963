/** What a benchmark prints: a table for people, and a line of JSON for what compares runs. */

import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { version } from 'node:process'

export interface Figures {
  readonly name: string
  readonly milliseconds: readonly number[]
}

/** @param base what everything else is a multiple of, measured in the same run */
export function report(title: string, base: Figures, others: readonly Figures[]): void {
  const rows = [base, ...others].map(({ name, milliseconds }) => ({
    name,
    times: milliseconds.length,
    p50: rounded(quantile(milliseconds, 0.5)),
    p95: rounded(quantile(milliseconds, 0.95)),
    ratio: rounded(quantile(milliseconds, 0.5) / quantile(base.milliseconds, 0.5)),
  }))
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, Node ${version}`
  console.log(`\n${title}: milliseconds, and the median as a multiple of “${base.name}”`)
  console.table(Object.fromEntries(rows.map(({ name, ...figures }) => [name, figures])))
  console.log(JSON.stringify({ title, commit, machine, rows }))
}

/** @param share between 0 and 1. @returns NaN where there is nothing */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
