/** Whoever translates finds every sentence in a `text` folder, and no view has any of its own. */

import { describe, expect, it } from 'vitest'
import { importsOf, textsOf } from './imports.ts'
import { literalsIn } from './literals.ts'

// Where people are spoken to. The store speaks SQL, and a service's reasons are for the log of jobs.
const speaking = /^src\/((slack|web|cli|policy|audit|recovery\/rules)\/|[a-z-]+\.ts$)/

// What docs/ledger.md says of each entry, and is generated from.
const documentation = 'src/audit/entries/'

const ownText = /\/(text|config-text)\//

/** What stands in such a place is for operators' logs and for programmers, in one language for all of them. */
const unread = [
  /\b(log|createLog\([^)]*\))(\.\w+|\[[^\]]*\])\($/, // a line of the log
  /\bnew Error\($/, // what should not happen, or ends the start
  /\bbecause: $/, // why a job waits, for the log
  /#again\([^()]*, $/, // the same
  /\bgauge\($/, // what a metric is, for Prometheus
  /\bBranded<$/, // a type
]

/** What looks like a sentence, and is for no person. A null character stands for what is put in. */
const notWords: readonly string[] = [
  // HTTP
  'text/html; charset=utf-8',
  'text/plain; charset=utf-8',
  'Accept-Language, Cookie',
  'GET, HEAD, POST',
  '\0=\0; Path=/; \0; HttpOnly; SameSite=Strict\0',
  'only GET',
  'not found',
  // keys, which are stored or signed with
  'not told',
  'audit entry \0',
  'audit behind \0',
  'last sessions \0',
  'posts gone by age \0 \0',
  'rekey checkpoint key v1',
  'rekey recovery page \0 v1',
  // a program, and what it is tried on
  "(form => JSON.parse(texts).map(text => form.test(text)).join())(new RegExp('^(?:' + pattern + ')$', 'u'))",
  'she sounded right',
  'She sounded right.',
  // an error of the SDK's, which has no code to know it by
  'Retry header did not contain a valid timeout',
  // in place of a reason, where nothing is recorded
  'What if?',
]

describe('a sentence', () => {
  it('is recognised, and what is no sentence is not', () => {
    const source = `
      const a = 'Deny recovery'
      log.error({ err }, 'a listener failed')
      const b = \`\${who}: please look.\`
      const c = /a b'c d/.test(x) ? html\`<p class="one two">\${a}</p>\` : 'one-word'
      const d = { close: 'Cancel' }
      throw new Error(\`there is no request \${id}\`)`
    expect(sentencesIn(source).map(({ line }) => line)).toEqual([2, 4, 6])
  })

  it('stands in a text folder', () => {
    const outside = [...textsOf(['src'])]
      .filter(([file]) => speaking.test(file) && !ownText.test(file))
      .filter(([file]) => !file.startsWith(documentation))
      .flatMap(([file, source]) =>
        sentencesIn(source).map(({ line, text }) => `${file}:${line}: ${text}`),
      )
    expect(outside).toEqual([])
  })

  it('has no exception that nothing needs', () => {
    const texts = new Set(
      [...textsOf(['src'])].flatMap(([, source]) => literalsIn(source).map(({ text }) => text)),
    )
    expect(notWords.filter((each) => !texts.has(each))).toEqual([])
  })
})

describe('a language', () => {
  it('is chosen in one file of each text folder, so that another can come beside it', () => {
    const chosen = importsOf(['src'])
      .filter(({ to }) => /\/(text|config-text)\/(en|ja)(\/|\.ts$)/.test(to))
      .filter(({ file }) => !/\/(text|config-text)\/(en|ja)\//.test(file))
      .map(({ file }) => file)
    expect(chosen.filter((file) => !/\/texts?\.ts$/.test(file))).toEqual([])
    expect(chosen).toContain('src/slack/text/text.ts')
  })

  it('imports no other one', () => {
    const across = importsOf(['src']).filter(({ file, to }) => {
      const [one, other] = [languageOf(file), languageOf(to)]
      return one !== undefined && other !== undefined && one !== other
    })
    expect(across).toEqual([])
  })
})

function languageOf(file: string): string | undefined {
  return /\/(?:text|config-text)\/(en|ja)(?:\/|\.ts$)/.exec(file)?.[1]
}

function sentencesIn(source: string) {
  return literalsIn(source).filter(
    ({ text, before }) =>
      isSentence(text) &&
      !unread.some((reason) => before.split('\n').some((each) => reason.test(each))),
  )
}

/** Two words with a space between them, or one with a capital, as on a button. */
function isSentence(literal: string): boolean {
  const text = literal.replaceAll(/<[^>]*>/g, '')
  if (notWords.includes(text)) return false
  return /\p{L}{2,}[,.:;!?’”…]* [“(]?\p{L}{2,}/u.test(text) || /^\p{Lu}\p{Ll}+[….?!]?$/u.test(text)
}
