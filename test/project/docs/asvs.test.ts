/** docs/asvs.md maps a standard to what shows that it is met. This holds it to its word. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { levels } from './asvs-levels.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/asvs.md'), 'utf8')
const verdicts = ['met', 'not met', 'does not apply'] as const
const numbers = [...levels.keys()]

const rows = page
  .split('\n')
  .filter((line) => /^\| \d+\.\d+\.\d+/.test(line) && line.split('|').length === 8)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, range = '', level = '', asksFor = '', rekey = '', verdict = '', shown = '']) => {
    const covers = coveredBy(range)
    return { range, level, asksFor, rekey, verdict, shown, covers }
  })

describe('P15 the map of ASVS 5.0.0', () => {
  it('has 345 requirements to choose from', () => {
    const amounts = ['1', '2', '3'].map((level) => numbers.filter((n) => levels.get(n) === level))
    expect(amounts.map(({ length }) => length)).toEqual([70, 183, 92])
  })

  it('leaves out no requirement of levels 1 and 2, and names none twice', () => {
    const named = rows.flatMap(({ covers }) => covers)
    expect(named.filter((number, at) => named.indexOf(number) !== at)).toEqual([])
    const missing = numbers.filter((n) => levels.get(n) !== '3' && !named.includes(n))
    expect(missing).toEqual([])
    expect(named).toEqual(numbers.filter((number) => named.includes(number)))
  })

  it.each(rows)('says the level of $range', ({ covers, level }) => {
    expect(covers).not.toEqual([])
    const theirs = [...new Set(covers.map((number) => levels.get(number)))].sort()
    expect(level).toBe(theirs.join(', '))
  })

  it.each(rows)('shows $range by what is there, or says why it does not', (row) => {
    expect(verdicts).toContain(row.verdict)
    expect(row.asksFor).not.toBe('')
    expect(row.rekey).not.toBe('')
    if (row.verdict !== 'met') return expect(row.shown).toBe('—')
    expect(row.shown.split(', ').filter((name) => !isThere(name))).toEqual([])
  })

  it.each(['1', '2'])('counts the requirements of level %s', (level) => {
    const counted = verdicts.map(
      (verdict) =>
        rows
          .filter((row) => row.verdict === verdict)
          .flatMap(({ covers }) => covers)
          .filter((number) => levels.get(number) === level).length,
    )
    const [met = 0, notMet = 0, doesNotApply] = counted
    expect(page).toContain(`| ${level} | ${met + notMet} | ${met} | ${notMet} | ${doesNotApply} |`)
  })
})

/** `1.2.6–1.2.8` are all requirements from the first to the last. */
function coveredBy(range: string): readonly string[] {
  const [first = '', last = first] = range.split('–')
  return numbers.slice(numbers.indexOf(first), numbers.indexOf(last) + 1)
}

/** A test as docs/threats.md names it, or a file of the project. */
function isThere(name: string): boolean {
  const test = [`test/${name}.test.ts`, `test/${name}.ts`]
  return [...test, ...(/\.\w+$/.test(name) ? [name] : [])].some((path) =>
    existsSync(join(root, path)),
  )
}
