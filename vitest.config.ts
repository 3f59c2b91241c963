import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// What is waited for comes within a second where the machine is idle. On a busy one it gets minutes:
// a limit here is for what never comes, and nothing is measured by it.
const patient = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 120_000, interval: 20 } },
}

// Rekey is started hundreds of times: what it loads is compiled by the first.
const compiled = join(import.meta.dirname, 'node_modules', '.cache', 'rekey-tests')

/**
 * A folder of test/ whose files start servers, or Rekey itself. They end what they start, so that they take turns
 * in one process, which loads Bolt and the AWS SDK once.
 */
function folder(name: string): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      isolate: false,
      ...patient,
      // The browser is unpacked once for each machine, and too large for memory.
      env: { NODE_COMPILE_CACHE: compiled, ...(hasBrowser(name) ? {} : inMemory()) },
    },
  }
}

function hasBrowser(folder: string): boolean {
  return folder === 'browser' || folder === 'sandbox'
}

/**
 * Databases wait for the disk at every commit. No test cuts the power, so that a disk in memory, where there
 * is one with room, shows the same and takes a third less time.
 */
function inMemory(): { readonly TMPDIR?: string } {
  const disk = '/dev/shm'
  try {
    const { bavail, bsize } = statfsSync(disk)
    return bavail * bsize > roomNeeded ? { TMPDIR: disk } : {}
  } catch {
    return {}
  }
}

// Each PostgreSQL has some 50 MB, and a few run at once.
const roomNeeded = 2 ** 31

/** Begins with what takes minutes: begun at the end, it would leave the other cores idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => long.some((each) => moduleId.includes(each))
    const { long: first = [], short: rest = [] } = Object.groupBy(
      await super.sort(files),
      (file) => (isLong(file) ? 'long' : 'short'),
    )
    return [...first, ...rest]
  }
}

const long = [
  'fault/crash-',
  'fault/races-',
  'fault/replicas.',
  'property/',
  'browser/',
  'hostile.',
]

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Most of them wait for processes of their own, so that one per core would leave the cores idle.
    maxWorkers: 4,
    globalSetup: 'test/support/setup.ts',
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
