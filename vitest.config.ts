import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most of them wait for processes of their own, so that one per core would leave the cores idle.
    maxWorkers: 3,
  },
})
