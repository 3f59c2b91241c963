import { afterEach, describe, expect, it } from 'vitest'
import { customersWithSecret, effect } from '../../../support/cognito/wire.ts'
import { type Given, type House, openHouse } from '../../../support/recovery-page/house.ts'
import { Visitor } from '../../../support/recovery-page/visitor.ts'

const jane = 'jane@example.com'
const fresh = 'A-brand-new-1-password'

let house: House
afterEach(() => house.close())

async function visit(given: Given = {}, headers: Record<string, string> = {}): Promise<Visitor> {
  house = await openHouse(given)
  const visitor = new Visitor(house.url, headers)
  await visitor.open()
  return visitor
}

describe('an owner', () => {
  it.each([
    ['without a secret', {}],
    ['with a secret', { pools: [customersWithSecret] }],
  ])('gets a code and sets a new password, by an app client %s', async (_, given) => {
    const owner = await visit(given)
    const asked = await owner.press('send', { username: jane })
    expect(asked.role('status')).toMatch(/^If this account can be recovered here, a code is on its/)
    expect(asked.field('username')).toBe(jane)

    const done = await owner.press('change', {
      username: jane,
      code: await house.code(jane),
      password: fresh,
    })
    expect(done.status).toBe(200)
    expect(done.html).toContain('<h1>Your password has been changed</h1>')
    expect(house.isPassword('Jane', fresh)).toBe(true)
    expect(house.wire.operations().filter((each) => each.endsWith('ForgotPassword'))).toEqual([
      'ForgotPassword',
      'ConfirmForgotPassword',
    ])
  })

  it('who has a code already uses it without asking for another', async () => {
    const owner = await visit()
    await house.wire.accounts.perform('reset', house.wire.ref('Jane'), effect())
    const shown = await owner.press('show', { username: jane })
    expect(shown.role('status')).toBe('')
    await owner.press('change', { username: jane, code: await house.code(jane), password: fresh })
    expect(house.isPassword('Jane', fresh)).toBe(true)
    expect(house.wire.operations()).not.toContain('ForgotPassword')
  })

  it.each([
    ['Jane', 'Jane Doe <jane@example.com>', jane],
    ['Jane', '“ｊａｎｅ＠example.com”,', jane],
    ["Sean O'Neill", 'sean.o’neill@example.com', "sean.o'neill@example.com"],
  ])('%s may type %s', async (name, typed, address) => {
    const owner = await visit()
    const asked = await owner.press('send', { username: typed })
    expect(asked.field('username')).toBe(address)
    const code = await house.code(address)
    await owner.press('change', { username: typed, code, password: fresh })
    expect(house.isPassword(name, fresh)).toBe(true)
  })

  it('may type the code with spaces, or in full width', async () => {
    const owner = await visit()
    await owner.press('send', { username: jane })
    const code = [...(await house.code(jane))].map((d) =>
      String.fromCharCode(d.charCodeAt(0) + 0xfee0),
    )
    await owner.press('change', { username: jane, code: ` ${code.join(' ')} `, password: fresh })
    expect(house.isPassword('Jane', fresh)).toBe(true)
  })

  it('is shown the rules of the pool before typing', async () => {
    const { html } = await (await visit()).press('show', { username: jane })
    for (const rule of [
      '8 characters or more',
      'a small letter',
      'a capital letter',
      'a digit',
      'a symbol',
    ]) {
      expect(html).toContain(rule)
    }
  })

  it('can choose among pools, and only those with an app client', async () => {
    const { client: _, ...closed } = { ...customersWithSecret, name: 'closed' }
    const partners = { ...customersWithSecret, name: 'partners' }
    const owner = await visit({ pools: [customersWithSecret, partners, closed] })
    const links = [...(owner.shown?.html ?? '').matchAll(/<li><a href="([^"]*)">/g)]
    expect(links.map(([, to]) => to)).toEqual([
      '/recover/customers?lang=en',
      '/recover/partners?lang=en',
    ])
    expect((await owner.open('/partners')).status).toBe(200)
    expect((await owner.open('/closed')).status).toBe(404)
  })

  it('reads Japanese where the browser asks for it, and either by choice', async () => {
    const owner = await visit({}, { 'accept-language': 'ja,en;q=0.5' })
    expect(owner.shown?.html).toContain('<html lang="ja">')
    const sent = await owner.press('send', { username: jane })
    expect(sent.role('status')).toMatch(/^このアカウントがここで復旧できる場合/)
    const english = await owner.press('show', { username: jane, lang: 'en' })
    expect(english.html).toContain('<html lang="en">')
    expect(english.field('username')).toBe(jane)
    expect((await owner.open('?lang=en')).html).toContain('<html lang="en">')
  })
})

const fault = (name: string) => ({
  operation: 'ConfirmForgotPassword',
  kind: { name, message: 'no' },
})

const wrongCode = 'The code is wrong or no longer valid, or there have been too many tries.'
const problems = [
  ['CodeMismatchException', 422, wrongCode, 'コードが正しくないか'],
  ['TooManyFailedAttemptsException', 422, wrongCode, '試行回数が多すぎます'],
  ['InvalidPasswordException', 422, 'doesn’t follow the rules', '条件を満たしていません'],
  ['PasswordHistoryPolicyViolationException', 422, 'used for the account before', '以前に使われて'],
  ['UserNotFoundException', 422, wrongCode, 'コードが正しくないか'],
  ['TooManyRequestsException', 503, 'Nothing has been changed', '何も変更されていません'],
  ['UserLambdaValidationException', 503, 'no clear answer', '結果を確認できませんでした'],
  ['ResourceNotFoundException', 503, 'Nothing has been changed', '何も変更されていません'],
] as const

describe('what Cognito says to the code and the password', () => {
  it.each(problems)('%s is told in both languages', async (name, status, en, ja) => {
    const owner = await visit()
    for (const [lang, sentence] of [
      ['en', en],
      ['ja', ja],
    ] as const) {
      house.wire.cognito.faults.add(fault(name))
      const shown = await owner.press('change', {
        username: jane,
        code: '123456',
        password: fresh,
        lang,
      })
      expect(shown.status).toBe(status)
      expect(shown.role('alert')).toContain(sentence)
      expect(shown.field('username')).toBe(jane)
    }
  })

  it('is told of an answer that was lost as what it is: unclear', async () => {
    const owner = await visit()
    await owner.press('send', { username: jane })
    house.wire.cognito.faults.add({ operation: 'ConfirmForgotPassword', kind: 'drop-after' })
    const shown = await owner.press('change', {
      username: jane,
      code: await house.code(jane),
      password: fresh,
    })
    expect(shown.role('alert')).toContain('may have been changed, or not')
    expect(house.isPassword('Jane', fresh)).toBe(true)
  })

  it('comes from a real wrong code, an old one, and one used twice', async () => {
    const owner = await visit()
    await owner.press('send', { username: jane })
    const change = (code: string, password: string) =>
      owner.press('change', { username: jane, code, password })
    const wrong = (await house.code(jane)) === '000000' ? '000001' : '000000'
    expect((await change(wrong, fresh)).role('alert')).toMatch(/^The code is wrong/)
    expect((await change(await house.code(jane), fresh)).status).toBe(200)
    await owner.open()
    expect((await change(await house.code(jane), `${fresh}2`)).role('alert')).toMatch(
      /^The code is wrong/,
    )
    house.pass(61 * 60_000)
    await owner.open()
    await owner.press('send', { username: jane })
    await expect.poll(() => house.wire.cognito.mailbox.to(jane)).toHaveLength(2)
    house.pass(61 * 60_000)
    await owner.open()
    expect((await change(await house.code(jane), `${fresh}2`)).role('alert')).toMatch(
      /no longer valid/,
    )
  })
})

describe('what can be seen at once', () => {
  it.each([
    ['send', { username: '' }, 'Enter what you sign in with.'],
    ['send', { username: 'jane doe' }, 'has a space in it'],
    ['send', { username: 'x'.repeat(129) }, 'too long'],
    ['change', { username: jane, code: '', password: fresh }, 'Enter the code'],
    ['change', { username: jane, code: '1', password: '' }, 'doesn’t follow the rules'],
    ['change', { username: jane, code: '1', password: 'short-1A' }, ''],
    ['change', { username: jane, code: '1', password: 'shor-1A' }, 'doesn’t follow the rules'],
    ['change', { username: jane, code: '1', password: 'no-digit-At-all' }, 'the rules'],
    ['change', { username: jane, code: '1', password: ` ${fresh}` }, 'the rules'],
    ['change', { username: jane, code: '1', password: `${fresh}${'x'.repeat(256)}` }, 'the rules'],
  ])('by %s with %o, costs no call and no try', async (action, fields, sentence) => {
    const owner = await visit()
    const shown = await owner.press(action, fields)
    const calls = house.wire.operations().filter((each) => each.endsWith('ForgotPassword'))
    if (sentence === '') expect(calls).toHaveLength(1)
    else {
      expect(shown.role('alert')).toContain(sentence)
      expect(calls).toEqual([])
    }
  })

  it('leaves the code where it was, and never the password', async () => {
    const owner = await visit()
    const shown = await owner.press('change', { username: jane, code: '246810', password: 'weak' })
    expect(shown.field('code')).toBe('246810')
    expect(shown.html).not.toContain('weak')
  })

  it('is still shown when the rules of the pool cannot be read', async () => {
    const owner = await visit()
    house.wire.cognito.faults.add({ operation: 'DescribeUserPool', times: 9, kind: 'throttle' })
    const shown = await owner.press('show', { username: jane })
    expect(shown.html).toContain('can’t show the rules')
  })

  it('escapes whatever was typed', async () => {
    const owner = await visit()
    const { html } = await owner.press('show', { username: '"><script>alert(1)</script>' })
    expect(html).not.toContain('<script>alert')
    expect(owner.shown?.field('username')).toBe('"><script>alert(1)</script>')
  })
})

describe('whether there is such an account', () => {
  // Nobody, a stranger to the state, without a channel, disabled, federated, never signed in.
  const names = [
    'eve@example.com',
    'bob@example.com',
    'grace@example.com',
    'frank@example.com',
    'carol@example.com',
  ]
  const neutral = (html: string, name: string) => html.replaceAll(name, '…')

  it.each([
    ['tells', {}],
    ['hides', { pools: [customersWithSecret] }],
  ])('is the same answer all along, by an app client that %s', async (_, given) => {
    const owner = await visit(given)
    const asked: string[] = []
    const changed: string[] = []
    for (const name of [jane, ...names]) {
      asked.push(neutral((await owner.press('send', { username: name })).html, name))
      const change = await owner.press('change', {
        username: name,
        code: '000000',
        password: fresh,
      })
      changed.push(neutral(change.html, name))
    }
    expect(new Set(asked).size).toBe(1)
    expect(new Set(changed).size).toBe(1)
  })

  it('is the same when no code was asked for', async () => {
    const owner = await visit()
    const answers = []
    for (const name of [jane, 'eve@example.com']) {
      const shown = await owner.press('change', { username: name, code: '000000', password: fresh })
      answers.push([shown.status, neutral(shown.html, name)])
    }
    expect(answers[0]).toEqual(answers[1])
  })

  it('does not show in the time it takes: Cognito is not waited for', async () => {
    const owner = await visit({ parts: { answerAfterMs: 50 } })
    house.wire.cognito.faults.add({ operation: 'ForgotPassword', kind: 'slow', ms: 60_000 })
    expect((await owner.press('send', { username: jane })).status).toBe(200)
  })

  it('does not show in how often one may try', async () => {
    const owner = await visit()
    for (const username of [jane, 'eve@example.com']) {
      const statuses = []
      for (let tries = 0; tries < 6; tries += 1) {
        statuses.push(
          (await owner.press('change', { username, code: '0', password: fresh })).status,
        )
      }
      expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
    }
  })

  it('is not what an outage is about, so that is told', async () => {
    const owner = await visit({ parts: { answerAfterMs: 5_000 } })
    house.wire.cognito.faults.add({ operation: 'ForgotPassword', kind: 'throttle' })
    const shown = await owner.press('send', { username: jane })
    expect(shown.status).toBe(503)
    expect(shown.role('alert')).toContain('doesn’t work at the moment')
  })
})
