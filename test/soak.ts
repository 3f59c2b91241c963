/**
 * `npm run soak [-- P1 P5 …]`: the tests that the promises rest on, at length, and a line for each
 * promise. A variable of test/support/soak.ts that is set already stays as it is.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { argv, env, execPath, exit } from 'node:process'
import { rowsOf } from './project/docs/rows.ts'
import { measures } from './support/soak.ts'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

const root = join(import.meta.dirname, '..')
const asked = argv.slice(2)
const chosen = rowsOf('docs/promises.md').filter(({ id, files }) =>
  asked.length === 0 ? /^P\d/.test(id) && files.length > 0 : asked.includes(id),
)
const files = [...new Set(chosen.flatMap(({ files }) => files.map(runnable)))]
if (files.length === 0) {
  console.error('Usage: npm run soak [-- P1 P5 …], with promises from docs/promises.md')
  exit(1)
}

const amounts = Object.values(measures).map(
  ({ variable, long }) => [variable, env[variable] ?? String(long)] as const,
)
const report = run()
for (const { id, about, files } of chosen) {
  const results = report.testResults
    .filter(({ name }) => files.some((file) => runnable(file) === relative(root, name)))
    .flatMap(({ assertionResults }) => assertionResults)
  const broken = results.filter(({ status }) => status !== 'passed').length
  console.log(`${id.padEnd(4)}${about}: ${results.length} tests, ${broken} broken`)
}
console.log(amounts.map(([variable, amount]) => `${variable}=${amount}`).join(' '))

function run(): Report {
  const scratch = mkdtempSync(join(tmpdir(), 'rekey-soak-'))
  const outputFile = join(scratch, 'report.json')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${outputFile}`]
  const { status } = spawnSync(execPath, [vitest, 'run', ...files, ...reporters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...env, ...Object.fromEntries(amounts) },
  })
  process.exitCode = status ?? 1
  try {
    return JSON.parse(readFileSync(outputFile, 'utf8'))
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

function runnable(file: string): string {
  const path = join('test', `${file}.test.ts`)
  if (!existsSync(join(root, path))) throw new Error(`docs/promises.md names ${path}`)
  return path
}
