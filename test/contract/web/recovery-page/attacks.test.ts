/** Attacks on the page that got through once. */

import { afterEach, describe, expect, it } from 'vitest'
import { acmeUserPools } from '../../../../sandbox/world/user-pool-seed.ts'
import { type Given, type House, openHouse } from '../../../support/recovery-page/house.ts'
import { type Shown, Visitor } from '../../../support/recovery-page/visitor.ts'

const jane = 'jane@example.com'
const fresh = 'A-brand-new-1-password'

let house: House
afterEach(() => house.close())

async function visit(given: Given = {}): Promise<Visitor> {
  house = await openHouse(given)
  const visitor = new Visitor(house.url)
  await visitor.open()
  return visitor
}

const codesSent = () => house.wire.operations().filter((each) => each === 'ForgotPassword').length

describe('F9', () => {
  it('a browser that was here once comes by https alone', async () => {
    await visit({ publicUrl: 'https://accounts.example.com/recover' })
    expect((await fetch(house.url)).headers.get('strict-transport-security')).toBe(
      'max-age=31536000',
    )
    await house.close()
    await visit()
    expect((await fetch(house.url)).headers.get('strict-transport-security')).toBeNull()
  })

  it('a form ends after an hour, and what was typed is in a new one, but for secrets', async () => {
    const owner = await visit()
    house.pass(59 * 60_000)
    const fields = { username: jane, code: '246810', password: fresh }
    expect((await owner.press('change', fields)).status).toBe(422)
    const [{ token }, cookie] = [{ token: owner.shown?.field('token') ?? '' }, owner.cookie]
    house.pass(60 * 60_000)
    for (const action of ['change', 'send']) {
      owner.cookie = cookie
      const shown = await owner.post({ ...fields, token, do: action })
      expect(shown.status).toBe(403)
      expect(shown.role('alert')).toMatch(/^The page was open for too long/)
      expect(shown.field('username')).toBe(jane)
      expect(shown.html).not.toMatch(/246810|A-brand-new/)
    }
    expect(codesSent()).toBe(0)
    expect((await owner.press('send', { username: jane })).status).toBe(200)
  })

  it('a form’s time cannot be written by whoever holds it', async () => {
    const owner = await visit()
    const [, proof = ''] = (owner.shown?.field('token') ?? '').split('.')
    for (const drawnAt of ['zzzzzz', '', '0', '-1', 'zzzzzzzzzzzz']) {
      const shown = await owner.post({ do: 'send', username: jane, token: `${drawnAt}.${proof}` })
      expect(shown.status).toBe(403)
    }
    expect(codesSent()).toBe(0)
  })
})

describe('F1 a flood', () => {
  it('is counted until it is refused, and then no more', async () => {
    let taken = 0
    const rateLimiter = {
      take: async (key: string, most: number) => {
        taken += 1
        return key !== '' && most === 30 && taken <= 10
      },
    }
    const owner = await visit({ parts: { rateLimiter } })
    for (let tries = 0; tries < 50; tries += 1) await owner.press('send', { username: jane })
    expect(owner.shown?.status).toBe(429)
    expect(taken).toBeLessThan(5)
    house.pass(61_000)
    await owner.press('send', { username: jane })
    expect(taken).toBeLessThan(7)
  })

  it('from everywhere has only so much begun at once, and in a minute', async () => {
    const page = { url: 'http://127.0.0.1/recover', proxies: ['127.0.0.1'] }
    const all = Promise.withResolvers<boolean>()
    const rateLimiter = { take: () => all.promise }
    const owner = await visit({ parts: { page, rateLimiter, answerAfterMs: 0 } })
    const token = owner.shown?.field('token') ?? ''
    const send = (n: number) =>
      new Visitor(house.url, { cookie: owner.cookie }).post(
        { do: 'send', username: `eve${n}`, token },
        { 'x-forwarded-for': `198.51.${n % 200}.${n % 250}` },
      )
    const answers: Shown[] = []
    const sent = Array.from({ length: 40 }, (_, n) => send(n).then((shown) => answers.push(shown)))
    await expect.poll(() => answers.length).toBe(32)
    all.resolve(true)
    await Promise.all(sent)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(8)
    const refused = answers.find(({ status }) => status === 503)
    expect(refused?.headers.get('retry-after')).toBe('60')
    expect(refused?.role('alert')).toMatch(/^Too many people .* Nothing has been changed\./)
    await expect.poll(async () => (await send(999)).status).toBe(200)
    for (let n = 1_000; n < 1_250; n += 1) await send(n)
    expect(codesSent()).toBeLessThanOrEqual(180)
    expect((await send(2_000)).status).toBe(503)
    house.pass(61_000)
    expect((await send(2_001)).status).toBe(200)
  })
})

describe('F6 who is asking', () => {
  it('is not told by an address that somebody has invented who is no proxy of ours', async () => {
    const page = { url: 'http://127.0.0.1/recover', proxies: ['192.0.2.0/24'] }
    const owner = await visit({ parts: { page } })
    const token = owner.shown?.field('token') ?? ''
    const statuses = []
    for (let tries = 0; tries < 40; tries += 1) {
      const fields = { token, do: 'send', username: `eve${tries}` }
      const headers = { 'x-forwarded-for': `198.51.100.${tries}` }
      statuses.push((await owner.post(fields, headers)).status)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(30)
    expect(statuses.slice(30)).toEqual(Array(10).fill(429))
  })
})

describe('F8 what Cognito says to a code', () => {
  it('is one sentence and one status, whatever is wrong with the code or the account', async () => {
    const owner = await visit()
    const answers = new Set<string>()
    for (const name of [
      'CodeMismatchException',
      'ExpiredCodeException',
      'LimitExceededException',
      'UserNotConfirmedException',
    ]) {
      house.wire.cognito.faults.add({
        operation: 'ConfirmForgotPassword',
        kind: { name, message: 'no' },
      })
      const shown = await owner.press('change', { username: jane, code: '1', password: fresh })
      answers.add(`${shown.status} ${shown.role('alert')}`)
    }
    expect(answers.size).toBe(1)
  })

  it('is the same for another name of an account that was tried too often, and for nobody’s', async () => {
    // As many tries as Cognito allows at the least.
    const owner = await visit({ seed: acmeUserPools() })
    const change = (username: string) =>
      owner.press('change', { username, code: '000000', password: fresh })
    await owner.press('send', { username: jane })
    for (let tries = 0; tries < 4; tries += 1) await change(jane)
    expect((await change(jane)).status).toBe(429)
    const alias = await change(house.wire.sub('Jane'))
    const nobody = await change('nobody@example.com')
    expect(alias.status).toBe(422)
    expect([alias.status, alias.role('alert')]).toEqual([nobody.status, nobody.role('alert')])
  })
})
