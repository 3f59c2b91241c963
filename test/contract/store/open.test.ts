import { describe, expect, it } from 'vitest'
import { CannotOpen } from '../../../src/store/engine.ts'
import { openStore } from '../../../src/store/open.ts'

describe('a database that does not answer', () => {
  it('is named by its fault, and its password by nobody', async () => {
    const fault = await openStore('postgres://rekey:hunter2@127.0.0.1:1/rekey').catch(
      (error: unknown) => error,
    )
    expect(fault).toBeInstanceOf(CannotOpen)
    expect(String(fault)).toBe(
      'CannotOpen: the database cannot be reached (ECONNREFUSED): check DATABASE_URL',
    )
    expect(JSON.stringify(fault, Object.getOwnPropertyNames(fault))).not.toContain('hunter2')
  })
})
