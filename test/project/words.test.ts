/** The retired words of docs/words.md, looked for in the code. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { textsOf } from './imports.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/words.md'), 'utf8')
const retired = [...page.slice(page.indexOf('| not | but |')).matchAll(/^\| ([a-z]+) \|/gm)]
  .map(([, word = '']) => word)
  .filter((word) => word !== 'not')

// What is stored under such a name, as the page says.
const stored = /'(recovery\.)?thaw'|\bthaw: 'unfreeze'|[`']halt['$ ]/

// A migration keeps the words of its time, and this test has to name them.
const exempt = /\/migrations\/|^test\/project\/words\.test\.ts$/

it('finds the words in the page', () => {
  expect(retired).toContain('gesture')
})

it.each(retired)('“%s” does not come back', (word) => {
  const files = [...textsOf(['src', 'sandbox', 'test'])].filter(([file]) => !exempt.test(file))
  const back = files.flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        wordsIn(line.replace(stored, '')).some((one) => isForm(one, word))
          ? [`${file}:${index + 1}: ${line.trim()}`]
          : [],
      ),
  )
  expect(back).toEqual([])
})

/** Every word of a line, those that names are made of included. */
function wordsIn(line: string): readonly string[] {
  return line
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
}

function isForm(one: string, word: string): boolean {
  const stem = word.endsWith('s') ? word : `${word}s?`
  return new RegExp(`^(${stem}|${word}ed|${word}ing)$`).test(one)
}
