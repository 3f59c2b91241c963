import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entryTypes } from '../../../src/audit/entry-data.ts'
import { ledgerPage, makeLedgerPage } from './ledger-page.ts'

describe('docs/ledger.md', () => {
  it('is what `npm run docs:ledger` makes of the schemas', () => {
    expect(readFileSync(ledgerPage, 'utf8')).toBe(makeLedgerPage())
  })

  it('has every type', () => {
    const page = makeLedgerPage()
    expect(entryTypes.filter((type) => !page.includes(`### \`${type}\`\n`))).toEqual([])
  })
})
