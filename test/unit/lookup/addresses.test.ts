import { describe, expect, it } from 'vitest'
import { addressesIn } from '../../../src/lookup/addresses.ts'
import { readable } from '../../../src/lookup/spelling.ts'

const found = (text: string) => addressesIn(readable(text)).map(({ written }) => written)

describe('P18 an address is found whole', () => {
  it.each([
    "sean.o'neill@example.com",
    "o'hara@example.com",
    "d'angelo+x@mail.example.co.uk",
    'a.very!#$%*=?^_{|}~name@example.com',
    'r&d@example.com',
    'sean.o’neill@example.com',
    'mary‑ann@example.com',
    'jörg@example.com',
    'jo\u0308rg@exa\u0308mple.de',
    'почта@пример.рф',
    'col·legi@example.com',
    '𝐣ane@example.com',
    '山田@example.jp',
    'jane@例え.jp',
    'jane@xn--r8jz45g.jp',
    'a..b@docomo.ne.jp',
    'jane.@docomo.ne.jp',
    'jane@a.b.c.d.example.com',
    'jane@123.example',
    'bounce+jane=example.com@lists.example',
    '+14155550123@example.com',
    '-jane@example.com',
    '_jane@example.com',
    '^jane@example.com',
    '`jane@example.com',
    "'jane@example.com",
    'o‛neill@example.com',
    'jane﹘doe@example.com',
    'jane﹣doe@example.com',
    'o՚neill@example.com',
    'o᾽neill@example.com',
    'jane〜doe@example.com',
    'Mia.Mixed@Example.com',
    `${'a'.repeat(64)}@${'b'.repeat(63)}.example`,
  ])('%s', (address) => {
    const composed = address.normalize('NFC')
    expect(found(address)).toEqual([composed])
    expect(found(`please reset ${address} today`)).toEqual([composed])
    expect(found(`Her address is ${address}. Thank you`)).toEqual([composed])
    expect(found(`two: ${address}, ${address}`)).toEqual([composed, composed])
  })
})

describe('an address is told from what stands round it', () => {
  it.each([
    ...['`A`', '```A```', '*A*', '_A_', '~A~', '*_A_*', '“A”', '‘A’', "'A'", '"A"', '„A“', '«A»'],
    ...[
      '[A]',
      '(A)',
      '{A}',
      '<A>',
      '「A」',
      '『A』',
      '【A】',
      '（A）',
      '＜A＞',
      '|A|',
      '/A/',
      '==A==',
    ],
    ...['•A', '→A', '–A', '—A', '…A', '...A', '📧A', '★A', '>A', ':A:', '"email":"A"', "['A']"],
    ...[
      'user=A',
      'email=A',
      'user_email=A',
      'user.email=A',
      '--email=A',
      'recipient=A',
      'user="A"',
      '*user=A*',
      'mailto:A',
      'mailto:A?subject=Hello',
      'to:A;',
    ],
    ...[
      '宛先A',
      'Aへ送る',
      '宛先Aへ',
      '田中様（A）です。',
      '계정A으로',
      'บัญชีAครับ',
      'Aー',
      'AЯндекс',
    ],
    ...[
      'A,',
      'A;',
      'A.',
      'A!',
      'A?',
      'A…',
      'A。',
      'A、',
      'A’s',
      "A's",
      'A –',
      'A-',
      'A\u00a0B',
      'A/x',
    ],
    ...['(see:A)', '[A](mailto:A)', 'ａｔ　A　ｐｌｅａｓｅ', '\u2068A\u2069', '\u200bA\ufeff'],
  ])('%s', (text) => {
    const all = new Set(found(text.replaceAll('A', 'jane@example.com')))
    // Cyrillic has spaces: what goes on without one is another domain.
    expect([...all]).toEqual(text.includes('Я') ? ['jane@example.comЯндекс'] : ['jane@example.com'])
  })

  it.each([
    ['jane@example.com/bob@example.com', ['jane@example.com', 'bob@example.com']],
    ['jane@example.com,bob@example.com;x@example.com', ['jane@', 'bob@', 'x@']],
    ['|jane@example.com|bob@example.com|', ['jane@', 'bob@']],
    ['jane@example.com\nbob@example.com', ['jane@', 'bob@']],
    ['jane@example.comとbob@example.com', ['jane@', 'bob@']],
  ])('%s', (text, starts) => {
    expect(found(text)).toHaveLength(starts.length)
    for (const [place, start] of starts.entries()) expect(found(text)[place]).toContain(start)
  })
})

describe('P18 what cannot be told whole is no address', () => {
  it.each([
    ...['a@b@example.com', '@jane@example.com', 'jane@example.com@other.example', 'jane@localhost'],
    ...[
      '"jane doe"@example.com',
      'jane\\@example.com',
      'CORP\\jane@example.com',
      'x"jane@example.com',
    ],
    ...[
      'https://jane@example.com/',
      'https://x.example/?e=jane@example.com',
      'ssh://git@example.com',
    ],
    ...['jane@example.com_x', 'jane@example', 'jane@', '@example.com', 'jane@.com', 'jane@-a.com'],
    ...['sean.o&apos;neill@example.com', 'o&#39;neill@example.com', 'j&uuml;doe@example.com'],
    ...['jane&amp;amp;doe@example.com', 'o\u0092neill@example.com', 'a\u0000b@example.com'],
    ...['jane=\ndoe@example.com', 'jane-\ndoe@example.com'],
    ...['jane@exa mple.com', 'jane@[192.0.2.1]', 'jane (at) example.com', 'jane%40example.com'],
  ])('%s', (text) => {
    expect(found(text)).toEqual([])
  })
})

it('takes no longer over a long text than over a short one, for its length', () => {
  const long = `${'@'.repeat(5_000)}${'a.'.repeat(20_000)}${"'".repeat(5_000)}@${'x.'.repeat(9_000)}`
  expect(found(long)).toEqual([])
})
