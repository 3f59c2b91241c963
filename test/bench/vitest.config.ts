/** `npm run bench`: figures beside one another, from one run. Nothing fails by them, and `npm test` leaves them out. */

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    globalSetup: 'test/support/setup.ts',
    // One after the other, with the machine to themselves.
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000, interval: 5 } },
    disableConsoleIntercept: true,
  },
})
