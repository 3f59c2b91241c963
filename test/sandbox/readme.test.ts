/** The examples in the simulators' READMEs, run as they are printed. */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const sandbox = join(import.meta.dirname, '../../sandbox')

describe.each(['slack', 'cognito', 'witness'])('the README of sandbox/%s', (simulator) => {
  const folder = join(sandbox, simulator)
  const text = readFileSync(join(folder, 'README.md'), 'utf8')

  it('has an example that runs', async () => {
    const [, example = ''] = /```ts\n([\s\S]+?)```/.exec(text) ?? []
    expect(example).toContain('assert.')
    const options = ['--no-warnings', '--input-type=module-typescript', '--eval', example]
    // An assertion that fails, or a process that does not end, rejects.
    await promisify(execFile)(process.execPath, options, { cwd: folder, timeout: 50_000 })
  })
})
