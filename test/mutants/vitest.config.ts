/** The unit tests of the rooms that are changed, and the page that their schemas are written down in. */

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'test/unit/{audit,policy,recovery,sealing}/**/*.test.ts',
      'test/project/docs/ledger.test.ts',
    ],
    // A busy machine is no reason to fail: Stryker has limits of its own.
    testTimeout: 300_000,
    isolate: false,
    pool: 'threads',
  },
})
