/** What several folders of tests use knows none of them. */

import { expect, it } from 'vitest'
import { importsOf } from './imports.ts'

it('test/support imports only what it is about, and nothing of the tests that use it', () => {
  const outward = importsOf(['test'])
    .filter(({ file, to }) => file.startsWith('test/support/') && to.startsWith('test/'))
    .filter(({ to }) => !to.startsWith('test/support/'))
  expect(outward).toEqual([])
})
