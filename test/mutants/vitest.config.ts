/** The unit tests of the rooms that are changed, and the page that their schemas are written down in. */

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'test/unit/{audit,policy,recovery,sealing}/**/*.test.ts',
      'test/project/docs/ledger.test.ts',
    ],
    isolate: false,
    pool: 'threads',
  },
})
