/** Whoever installs Rekey gives it what the documents ask for. That is what the calls need, and no more. */

import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** What owners call without credentials: IAM has no say in it. */
const unsigned = ['ForgotPassword', 'ConfirmForgotPassword']

const called = new Set<string>()
for await (const file of glob('src/**/*.ts', { cwd: root })) {
  for (const [, operation = ''] of readFileSync(join(root, file), 'utf8').matchAll(
    /new (\w+)Command\(/g,
  ))
    called.add(operation)
}

describe('the permissions in AWS', () => {
  it.each(['README.md', 'SECURITY.md'])(
    'T17 that %s asks for are those of the calls that Rekey makes',
    (document) => {
      const text = readFileSync(join(root, document), 'utf8')
      const named = text.match(/`(?:cognito-idp:)?(?:Admin|List|Describe|Get)[A-Z]\w+`/g) ?? []
      const asked = new Set(named.map((name) => name.replaceAll(/`|cognito-idp:/g, '')))
      const needed = [...called].filter((operation) => !unsigned.includes(operation))
      expect([...asked].toSorted()).toEqual(needed.toSorted())
      expect(needed.length).toBeGreaterThan(5)
    },
  )
})
