import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What is waited for comes within a second; a busy machine gets the time it needs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 20 } },
    // Most of them wait for processes of their own, so that one per core would leave the cores idle.
    maxWorkers: 3,
  },
})
