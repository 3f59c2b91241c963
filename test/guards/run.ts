/** `npm run guards [part of a name]`: takes each guard away, in a copy, and sees a named test fail. */

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv } from 'node:process'
import { type Guard, guards } from './list.ts'

const root = join(import.meta.dirname, '../..')
const copy = mkdtempSync(join(tmpdir(), 'rekey-guards-'))
const chosen = guards.filter(({ name }) => name.includes(argv[2] ?? ''))

try {
  // The manifest and the lists of what people may do belong to the sandbox.
  for (const part of [
    'src',
    'test',
    'sandbox',
    'docs',
    'package.json',
    'tsconfig.json',
    'manifest.yml',
    'vitest.config.ts',
    'policy.example.yml',
    '.env.example',
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const held = chosen.filter(isNoticed)
  console.log(`guards: ${chosen.length} taken away, ${held.length} noticed`)
  process.exitCode = chosen.length > 0 && held.length === chosen.length ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}

function isNoticed({ name, file, line, without, test: [tests, title] }: Guard): boolean {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  if (!passes(tests, title)) {
    console.log(`✗ ${name}\n  “${title}” does not pass with it either`)
    return false
  }
  writeFileSync(path, text.replace(line, without))
  const isNoticed = !passes(tests, title)
  writeFileSync(path, text)
  console.log(
    `${isNoticed ? '✓' : '✗'} ${name}\n  ${isNoticed ? 'fails' : 'STILL PASSES'} without it: “${title}”`,
  )
  return isNoticed
}

/** A title that no test has would pass, too, if the tests were not counted. */
function passes(tests: string, title: string): boolean {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const escaped = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const report = join(copy, 'report.json')
  const out = ['--reporter=json', `--outputFile=${report}`]
  const args = [vitest, 'run', `test/${tests}`, '-t', escaped, ...out]
  spawnSync(process.execPath, args, { cwd: copy, stdio: 'ignore' })
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  if (numPassedTests + numFailedTests === 0) throw new Error(`no test in ${tests} is “${title}”`)
  return numFailedTests === 0
}
