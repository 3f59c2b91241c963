/** The list of guards, held to the code as it is. That each is noticed when it is gone takes `npm run guards`. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { guards } from './list.ts'

const root = join(import.meta.dirname, '../..')

describe('the list of guards', () => {
  it.each(guards)('P17: knows where it is: $name', ({ file, line, without }) => {
    const text = readFileSync(join(root, file), 'utf8')
    expect(text.split(line)).toHaveLength(2)
    expect(without).not.toBe(line)
  })
})
