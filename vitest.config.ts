import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// What is waited for comes within a second where the machine is idle. On a busy one it gets minutes:
// a limit here is for what never comes, and nothing is measured by it.
const patient = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
}

/** A folder of test/ whose files each have a process of their own: they start servers, or Rekey itself. */
function folder(name: string): TestProjectInlineConfiguration {
  return { test: { name, include: [`test/${name}/**/*.test.ts`], ...patient } }
}

export default defineConfig({
  test: {
    // Most of them wait for processes of their own, so that one per core would leave the cores idle.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,project,guards}/**/*.test.ts'],
          ...patient,
          // They touch nothing that another file could see: no port, no database, no process.
          isolate: false,
          pool: 'threads',
        },
      },
      ...['contract', 'property', 'sandbox', 'fault', 'journey', 'browser'].map(folder),
    ],
  },
})
