import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { parseEnvFile, readEnvFile } from '../../src/env-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-env-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function faultsIn(text: string): readonly string[] {
  return parseEnvFile(text, '.env').faults.map(({ line }) => line)
}

describe('a .env file', () => {
  test.each([
    ['A=x'],
    ['\ufeffA=x'],
    ['export A=x'],
    ['A: x'],
    ['  A =  x  '],
    ['A="x"'],
    ["A='x' # why"],
    ['A=x # why, and why #2'],
    ['# A=#\n\nA=x\r\n'],
  ])('%j says that A is x', (text) => {
    expect(parseEnvFile(text, '.env')).toMatchObject({ variables: { A: 'x' }, faults: [] })
  })

  test.each([
    ['A="can#ary"', 'can#ary'],
    ["A='can#ary'", 'can#ary'],
    ['A=', ''],
    ['A= # none', ''],
  ])('%j is taken as it stands', (text, value) => {
    expect(parseEnvFile(text, '.env')).toMatchObject({ variables: { A: value }, faults: [] })
  })

  test.each([
    ['A=can#ary', '.env:1 A: is cut off at a #'],
    ['B=1\nexport A=postgres://rekey:can#ary@db/rekey # why', '.env:2 A: is cut off at a #'],
    ['A=#canary', '.env:1 A: begins with a #'],
    ['A="canary', '.env:1 A: has a quote at its beginning that is not closed'],
    ['A="can\nary"', '.env:1 A: has a quote at its beginning that is not closed'],
    ['A="can"ary', '.env:1 A: goes on after its closing quote'],
    ['A canary', '.env:1: is no NAME=value'],
    ['\n\nMY TOKEN=canary', '.env:3: is no NAME=value'],
  ])('%j is told where it is not what was meant', (text, fault) => {
    const faults = faultsIn(text)
    expect(faults[0]).toContain(fault)
    expect(faults.join()).not.toMatch(/can.?ary|can$/)
  })

  test('may be missing', () => {
    expect(readEnvFile(join(folder, 'nowhere'))).toMatchObject({ variables: {}, faults: [] })
  })

  test('is told to be saved as UTF-8', () => {
    const file = join(folder, 'utf16')
    for (const mark of ['\ufeff', '']) {
      writeFileSync(file, `${mark}A=x\r\n`, 'utf16le')
      expect(readEnvFile(file)).toMatchObject({
        variables: {},
        faults: [{ line: expect.stringContaining(`${file}: is UTF-16, or no text. Save it as`) }],
      })
    }
  })

  test('is told where it cannot be read', () => {
    const file = join(folder, 'a-folder')
    mkdirSync(file)
    expect(readEnvFile(file).faults).toEqual([
      { line: expect.stringContaining(`${file}: cannot be read (EISDIR)`) },
    ])
  })
})

test('a fault names the line of .env where it stands, and what was cut is told once', () => {
  const file = parseEnvFile('PORT=none\n\nDATABASE_URL=can#ary\n', '.env')
  const read = readConfig(file.variables, file)
  const faults = read.kind === 'faulty' ? read.faults : []
  expect(faults.filter((fault) => fault.includes('DATABASE_URL'))).toEqual([
    expect.stringMatching(/^\.env:3 DATABASE_URL: is cut off at a #/),
  ])
  expect(faults).toContainEqual(expect.stringMatching(/^\.env:1 PORT: is no port/))
  expect(faults).toContainEqual(expect.stringMatching(/^SLACK_BOT_TOKEN: is not set/))
})
