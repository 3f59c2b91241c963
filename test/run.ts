/** `npm test`: types, lint and every test, and a last line that counts them. Nothing is skipped. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'rekey-test-'))
const report = join(scratch, 'report.json')

// The scripts of installed packages, run by the Node that runs this.
const tools = {
  tsc: 'typescript/bin/tsc',
  biome: '@biomejs/biome/bin/biome',
  vitest: 'vitest/vitest.mjs',
}

const typesHold = run('tsc', '--noEmit')
const lintHolds = run('biome', 'check', '.')
const testsHold = run(
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${report}`,
)

const { passed, failed, skipped } = count()
rmSync(scratch, { recursive: true })
const faults = [
  typesHold ? [] : 'the types do not hold',
  lintHolds ? [] : 'the linter objects',
  testsHold ? [] : 'the tests do not hold',
  skipped === 0 ? [] : `${skipped} tests were skipped`,
  passed > 0 ? [] : 'no test has run',
].flat()
for (const fault of faults) console.log(`npm test: ${fault}`)
console.log(`${passed} passed, ${Math.max(failed, faults.length)} failed`)
process.exitCode = faults.length === 0 ? 0 : 1

function run(tool: keyof typeof tools, ...args: string[]): boolean {
  const script = join(root, 'node_modules', tools[tool])
  return (
    spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0
  )
}

function count(): { passed: number; failed: number; skipped: number } {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    )
    return {
      passed: Number(numPassedTests),
      failed: Number(numFailedTests),
      skipped: Number(numPendingTests) + Number(numTodoTests),
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
