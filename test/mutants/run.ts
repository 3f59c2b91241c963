/**
 * `npm run mutants [-- src/audit src/policy/who.ts …]`: changes the rules, a little thing at a time, and sees
 * whether a unit test notices. Whatever none notices has its reason in left.ts. What is begun with `--` goes on
 * to Stryker: `--concurrency 1` for a busy machine, `--force` to forget what was found before.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { argv, execPath, exit } from 'node:process'
import { left } from './left.ts'

/** What Stryker says of a file, as far as it is read here. */
interface Mutated {
  readonly source: string
  readonly mutants: readonly Mutant[]
}

interface Mutant {
  readonly mutatorName: string
  readonly replacement: string
  readonly status: string
  readonly location: { readonly start: Position; readonly end: Position }
}

/** Both counted from one. */
interface Position {
  readonly line: number
  readonly column: number
}

/** A change that no test has noticed, in words that left.ts repeats. */
interface Unnoticed {
  readonly file: string
  readonly at: number
  /** The line that it begins in, as it stands. */
  readonly line: string
  /** What stood there, and what stood there instead. */
  readonly change: string
}

/** Below this share of noticed changes, a room needs more tests, whatever the reasons. */
const least = 0.9

const root = join(import.meta.dirname, '../..')
const reportPath = join(root, '.stryker/report.json')
const rooms = ['src/audit', 'src/policy', 'src/recovery/model', 'src/recovery/rules', 'src/sealing']

const options = argv.slice(2)
const paths = options.filter((each) => each.startsWith('src/'))
const chosen = paths.length > 0 ? paths : rooms
if (chosen.some((path) => !existsSync(join(root, path)))) {
  console.error('Usage: npm run mutants [-- src/… …]')
  exit(1)
}

rmSync(reportPath, { force: true })
const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js')
const patterns = chosen.map((path) =>
  statSync(join(root, path)).isDirectory() ? `${path}/**/*.ts` : path,
)
const args = ['run', 'test/mutants/stryker.config.json', '--mutate', patterns.join(',')]
const others = options.filter((each) => !each.startsWith('src/'))
spawnSync(execPath, [stryker, ...args, ...others], { cwd: root, stdio: 'inherit' })
if (!existsSync(reportPath)) exit(1)

const { files }: { files: Readonly<Record<string, Mutated>> } = JSON.parse(
  readFileSync(reportPath, 'utf8'),
)
const looked = Object.entries(files).filter(([path]) =>
  chosen.some((each) => path === each || path.startsWith(`${each}/`)),
)
const unnoticed = looked.flatMap(unnoticedIn)
const withoutReason = unnoticed.filter((each) => !hasReason(each))
for (const { file, at, line, change } of withoutReason) {
  console.log(`${file}:${at} is not noticed\n  line    ${line}\n  change  ${change}`)
}
const needless = looked.flatMap(([path]) => needlessReasons(path))
for (const { file, line, change } of needless) {
  console.log(
    `left.ts has a reason too many\n  file    ${file}\n  line    ${line}\n  change  ${change}`,
  )
}
const shares = rooms.map(share).filter((each) => each !== undefined)
console.log(
  `mutants: ${withoutReason.length} are not noticed and have no reason in test/mutants/left.ts`,
)
const isHeld = withoutReason.length + needless.length === 0 && shares.every((each) => each >= least)
process.exitCode = isHeld ? 0 : 1

/** Says how a room stands. @returns which share of its changes was noticed */
function share(room: string): number | undefined {
  const all = looked.filter(([path]) => path.startsWith(`${room}/`)).flatMap(([, of]) => of.mutants)
  const count = (...statuses: string[]) =>
    all.filter(({ status }) => statuses.includes(status)).length
  const noticed = count('Killed', 'Timeout')
  const missed = count('Survived', 'NoCoverage')
  if (noticed + missed === 0) return undefined
  const part = noticed / (noticed + missed)
  console.log(
    `${room}: ${noticed + missed} changes, ${noticed} noticed (${(part * 100).toFixed(1)} %; ${count('Timeout')} by the time that they took), ${missed} not (${count('NoCoverage')} in lines that no test runs)`,
  )
  return part
}

function unnoticedIn([file, { source, mutants }]: readonly [string, Mutated]): Unnoticed[] {
  const lines = source.split('\n')
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ location: { start, end }, replacement }) => {
      const was = lines.slice(start.line - 1, end.line)
      was[was.length - 1] = was.at(-1)?.slice(0, end.column - 1) ?? ''
      was[0] = was[0]?.slice(start.column - 1) ?? ''
      const line = lines[start.line - 1]?.trim() ?? ''
      const change = `${short(was.join('\n'))} → ${short(replacement)}`
      return { file, at: start.line, line, change }
    })
}

/** On one line, and no longer than is needed to tell it apart. */
function short(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

function hasReason({ file, line, change }: Unnoticed): boolean {
  return left.some(
    (each) =>
      each.file === file && each.changes.some(([at, what]) => at === line && what === change),
  )
}

function needlessReasons(path: string): Omit<Unnoticed, 'at'>[] {
  return left
    .filter(({ file }) => file === path)
    .flatMap(({ file, changes }) => changes.map(([line, change]) => ({ file, line, change })))
    .filter(
      (reason) =>
        !unnoticed.some(
          ({ file, line, change }) =>
            file === reason.file && line === reason.line && change === reason.change,
        ),
    )
}
