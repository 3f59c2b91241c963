/** What the workers of one test run share: a folder for what PostgreSQL servers begin with. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    postgresHome: string
  }
}

export default function setup(project: TestProject): () => void {
  const home = mkdtempSync(join(tmpdir(), 'rekey-postgres-'))
  // The server runs as somebody else where the tests are root's.
  chmodSync(home, 0o755)
  project.provide('postgresHome', home)
  return () => rmSync(home, { recursive: true, force: true })
}
