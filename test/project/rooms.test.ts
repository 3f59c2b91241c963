/** The borders between rooms, as the table in ARCHITECTURE.md draws them: that page is the one truth. */

import { describe, expect, it } from 'vitest'
import { circlesIn, type Import, importsOf, textsOf } from './imports.ts'
import { roomOf, rooms } from './room-table.ts'

const imports = importsOf(['src', 'sandbox', 'test'])
const own = imports.filter(({ file }) => rooms.some(({ path }) => isIn(file, path)))

describe('the table of rooms', () => {
  it('has a row for every file in src/ and sandbox/', () => {
    const files = [...textsOf(['src', 'sandbox']).keys()]
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([])
  })

  it('names no room and no permission that is not needed', () => {
    const unused = rooms.flatMap(({ path, mayImport, packages }) => {
      const needed = own.filter((each) => roomOf(each.file)?.path === path).map(({ to }) => to)
      const isUnneeded = (one: string) => !needed.some((to) => isIn(to, one))
      return [...mayImport, ...packages].filter(isUnneeded).map((one) => `${path}: ${one}`)
    })
    expect(unused).toEqual([])
  })

  it.each(rooms.map(({ path }) => path))('keeps %s within its borders', (path) => {
    const inside = own.filter(({ file }) => roomOf(file)?.path === path)
    expect(inside.filter((each) => isCrossing(each))).toEqual([])
  })
})

describe('imports', () => {
  it('go in no circle, types included', () => {
    expect(circlesIn(imports)).toEqual([])
  })

  it('of src/ know neither the sandbox nor the tests, and the sandbox not the tests', () => {
    const outward = imports.filter(
      ({ file, to }) =>
        (isIn(file, 'src/') && isIn(to, 'sandbox/')) || (!isIn(file, 'test/') && isIn(to, 'test/')),
    )
    expect(outward).toEqual([])
  })

  it('are from where a thing is made: nothing is passed on', () => {
    const passing = [...textsOf(['src', 'sandbox', 'test'])].filter(([, text]) =>
      /^export\s[^=;(]*?\sfrom '/m.test(text),
    )
    expect(passing.map(([file]) => file)).toEqual([])
  })
})

describe('the core', () => {
  // A rule that waited could decide on what is no longer so.
  it('waits only in its services, and where the ledger is signed', () => {
    const waiting = [...textsOf(['src/recovery', 'src/policy', 'src/audit'])]
      .filter(([, text]) => /\bawait\b/.test(withoutComments(text)))
      .map(([file]) => file)
      .filter((file) => !isIn(file, 'src/recovery/services/'))
    expect(waiting).toEqual(['src/audit/checkpoint-signer.ts'])
  })
})

describe('the environment', () => {
  it('is read in config.ts alone', () => {
    const readers = [...textsOf(['src'])].filter(([, text]) =>
      /process\.env/.test(withoutComments(text)),
    )
    expect(readers.map(([file]) => file)).toEqual(['src/config.ts'])
  })
})

function isCrossing({ file, to }: Import): boolean {
  const room = roomOf(file)
  if (room === undefined || roomOf(to)?.path === room.path) return false
  return ![...room.mayImport, ...room.packages].some((allowed) => isIn(to, allowed))
}

/** A folder's name ends with a slash, `node:*` stands for everything that comes with Node. */
function isIn(target: string, place: string): boolean {
  if (place.endsWith('/')) return target.startsWith(place)
  return place === 'node:*' ? target.startsWith('node:') : target === place
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '')
}
