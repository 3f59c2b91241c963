/** The simulators can be taken elsewhere: they know nothing of Rekey, and nothing of the sandbox around them. */

import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

const packages: Record<string, readonly string[]> = {
  'sandbox/slack': ['ws'],
  'sandbox/witness': [],
  'sandbox/cognito': ['@aws-sdk/client-cognito-identity-provider'],
}

it.each(Object.keys(packages))('%s imports nothing but itself', async (simulator) => {
  const crossed: string[] = []
  for await (const file of glob(`${simulator}/**/*.ts`, { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, from = ''] of text.matchAll(/(?:from|import) '([^']+)'/g)) {
      const isInside =
        from.startsWith('.') && normalize(join(dirname(file), from)).startsWith(`${simulator}/`)
      const isAllowed = from.startsWith('node:') || packages[simulator]?.includes(from)
      if (!isInside && !isAllowed) crossed.push(`${file}: ${from}`)
    }
  }
  expect(crossed).toEqual([])
})
