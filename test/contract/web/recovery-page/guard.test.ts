// biome-ignore-all lint/style/noExcessiveLinesPerFile: every way past one guard, over one page

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
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

const codesSent = () => house.wire.operations().filter((each) => each === 'ForgotPassword').length

describe('every answer', () => {
  it.each([
    ['', 'GET', 200],
    ['/', 'GET', 200],
    ['/customers', 'GET', 200],
    ['/customers', 'HEAD', 200],
    ['/customers', 'POST', 415],
    ['/customers', 'PUT', 405],
    ['/nobody', 'GET', 404],
    ['/customers/more', 'GET', 404],
    ['/%E0%A4%A', 'GET', 404],
    ['?lang=%00', 'GET', 200],
  ])('to %s by %s is %s, and guarded by its headers', async (path, method, status) => {
    await visit()
    const response = await fetch(house.url + path, { method })
    expect(response.status).toBe(status)
    const headers = Object.fromEntries(response.headers)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-type': 'text/html; charset=utf-8',
    })
    const policy = headers['content-security-policy']
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; /,
    )
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })

  it('names nobody outside: no address of another host is in a page', async () => {
    const owner = await visit()
    const { html } = await owner.press('send', { username: jane })
    expect(html).not.toMatch(/\ssrc=|\w:\/\/|"\/\/|url\(/)
  })

  it('F6 shows nothing of health and figures there', async () => {
    await visit()
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await fetch(house.url.replace('/recover', path))).status).toBe(404)
    }
  })
})

describe('the visit’s cookie', () => {
  it('is out of reach for scripts and other websites', async () => {
    await visit()
    const cookie = (await fetch(house.url)).headers.get('set-cookie')
    expect(cookie).toMatch(
      /^rekey-visit=[\w-]{22}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/,
    )
  })

  it('is for this host and for https alone where the page is', async () => {
    await visit({ publicUrl: 'https://accounts.example.com/recover' })
    const cookie = (await fetch(house.url)).headers.get('set-cookie')
    expect(cookie).toMatch(
      /^__Host-rekey-visit=[\w-]{22}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure$/,
    )
  })
})

describe('a form from elsewhere', () => {
  const fields = (token: string) => ({ do: 'send', username: jane, token })

  it.each([
    [
      'without the cookie',
      (own: Visitor) => ({ token: own.shown?.field('token') ?? '', cookie: '' }),
    ],
    ['without the token', (own: Visitor) => ({ token: '', cookie: own.cookie })],
    ['with a token of nonsense', (own: Visitor) => ({ token: 'x'.repeat(43), cookie: own.cookie })],
    [
      'with a cookie of its own making',
      (own: Visitor) => ({
        token: own.shown?.field('token') ?? '',
        cookie: `rekey-visit=${'A'.repeat(22)}`,
      }),
    ],
  ])('does nothing %s', async (_, made) => {
    const own = await visit()
    const { token, cookie } = made(own)
    const foreign = new Visitor(house.url)
    foreign.cookie = cookie
    const shown = await foreign.post(fields(token))
    expect(shown.status).toBe(403)
    expect(shown.role('alert')).toContain('does not accept its cookie')
    expect(codesSent()).toBe(0)
  })

  it('does nothing with the token of another visitor', async () => {
    const own = await visit()
    const eve = new Visitor(house.url)
    await eve.open()
    expect((await own.post(fields(eve.shown?.field('token') ?? ''))).status).toBe(403)
    expect(codesSent()).toBe(0)
  })

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
  ])('is told by %o: %s', async (headers, status) => {
    const own = await visit()
    const shown = await own.post(fields(own.shown?.field('token') ?? ''), headers)
    expect(shown.status).toBe(status)
    await expect.poll(codesSent).toBe(status === 200 ? 1 : 0)
  })

  it('that is our own, but old, can be sent again at once', async () => {
    const own = await visit()
    own.cookie = ''
    const shown = await own.post(fields('old'))
    expect(shown.field('username')).toBe(jane)
    expect((await own.press('send', { username: jane })).status).toBe(200)
  })
})

describe('limits', () => {
  it('are five for an account within an hour, codes and tries together', async () => {
    const owner = await visit()
    const statuses = []
    for (const action of ['send', 'change', 'send', 'change', 'send', 'send', 'change']) {
      const shown = await owner.press(action, { username: jane, code: '0', password: fresh })
      statuses.push(shown.status)
    }
    expect(statuses).toEqual([200, 422, 200, 422, 200, 429, 429])
    expect(owner.shown?.headers.get('retry-after')).toBe('3600')
    expect(owner.shown?.role('alert')).toContain('too many tries')
    await expect.poll(codesSent).toBe(3)
    house.pass(60 * 60_000)
    await owner.open()
    expect((await owner.press('send', { username: jane })).status).toBe(200)
  })

  it('hold for one account however it is spelt', async () => {
    const owner = await visit()
    for (const username of [
      'Jane@Example.com',
      'Jane Doe <jane@example.COM>',
      'mailto:jane@example.com',
      'ｊａｎｅ＠example.com',
      ' jane@example.com ',
    ]) {
      await owner.press('send', { username })
    }
    expect((await owner.press('send', { username: 'JANE@EXAMPLE.COM' })).status).toBe(429)
  })

  it('hold over a restart', async () => {
    const owner = await visit()
    for (let tries = 0; tries < 5; tries += 1) await owner.press('send', { username: jane })
    await house.restart()
    const back = new Visitor(house.url)
    await back.open()
    expect((await back.press('send', { username: jane })).status).toBe(429)
  })

  it('are thirty for an address, whatever the account', async () => {
    const owner = await visit()
    for (let tries = 0; tries < 30; tries += 1) {
      expect((await owner.press('send', { username: `eve${tries}` })).status).toBe(200)
    }
    expect((await owner.press('send', { username: jane })).status).toBe(429)
  })

  it('follow the address that the proxy tells, and nothing left of it', async () => {
    const page = { url: 'http://127.0.0.1/recover', proxies: ['127.0.0.1'] }
    const owner = await visit({ parts: { page } })
    const from = (forwarded: string, username: string) =>
      owner.post(
        { token: owner.shown?.field('token') ?? '', do: 'send', username },
        { 'x-forwarded-for': forwarded },
      )
    for (let tries = 0; tries < 30; tries += 1) {
      await from(`192.0.2.${tries}, 198.51.100.7`, `eve${tries}`)
    }
    expect((await from('192.0.2.99, 198.51.100.7', jane)).status).toBe(429)
    expect((await from('192.0.2.99, 198.51.100.8', jane)).status).toBe(200)
  })

  it('keep neither a name nor an address', async () => {
    const taken: string[] = []
    const rateLimiter = {
      take: async (key: string) => {
        taken.push(key)
        return true
      },
    }
    const owner = await visit({ parts: { rateLimiter } })
    await owner.press('send', { username: jane })
    await owner.press('send', { username: jane })
    expect(taken).toHaveLength(4)
    expect(new Set(taken).size).toBe(2)
    for (const key of taken) expect(key).toMatch(/^[\w-]{43}$/)
  })
})

describe('a body', () => {
  it('that is too large is turned away', async () => {
    const owner = await visit()
    const shown = await owner.post({ username: 'x'.repeat(9_000) })
    expect(shown.status).toBe(413)
    expect(shown.headers.get('connection')).toBe('close')
  })

  it('that never ends is not waited for', async () => {
    await visit({ parts: { bodyWithinMs: 50 } })
    const answer = await halfSent('do=send')
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(answer).toContain('did not arrive in time')
  })

  it('that breaks off is no harm', async () => {
    const owner = await visit()
    const socket = connect(house.port, '127.0.0.1')
    socket.write(head)
    await once(socket, 'connect')
    socket.destroy()
    await once(socket, 'close')
    expect((await owner.press('send', { username: jane })).status).toBe(200)
  })

  it('that is no form is turned away', async () => {
    const owner = await visit()
    const headers = { 'content-type': 'application/json' }
    expect((await owner.post({ do: 'send', username: jane }, headers)).status).toBe(415)
  })
})

describe('a stop', () => {
  it('waits for a password that is on its way', async () => {
    const owner = await visit()
    await owner.press('send', { username: jane })
    house.wire.cognito.faults.add({ operation: 'ConfirmForgotPassword', kind: 'slow', ms: 300 })
    const code = await house.code(jane)
    const shown = owner.press('change', { username: jane, code, password: fresh })
    await expect.poll(() => house.wire.operations()).toContain('ConfirmForgotPassword')
    await house.restart()
    expect((await shown).html).toContain('Your password has been changed')
  })
})

describe('what is kept to itself', () => {
  it('no password, code, name or address is in the log', async () => {
    const owner = await visit()
    await owner.press('send', { username: jane })
    house.wire.cognito.faults.add({ operation: 'ConfirmForgotPassword', kind: 'drop-before' })
    const code = await house.code(jane)
    await owner.press('change', { username: jane, code, password: fresh })
    await owner.press('change', { username: jane, code: 'canary-code', password: fresh })
    await owner.press('change', { username: jane, code, password: fresh })
    const log = house.log()
    expect(log).toContain('an owner asked for a code')
    expect(log).toContain('an owner could not set a new password')
    expect(log).toContain('an owner has set a new password')
    expect(log).not.toMatch(new RegExp(`${jane}|jane|${code}|canary|${fresh}|127\\.0\\.0\\.1`))
  })

  it('a fault of our own is told without its details, and logged', async () => {
    const rateLimiter = { take: () => Promise.reject(new Error('the database is away')) }
    const owner = await visit({ parts: { rateLimiter } })
    const shown = await owner.press('send', { username: jane })
    expect(shown.status).toBe(500)
    expect(shown.html).not.toContain('database')
    expect(house.log()).toContain('the database is away')
    expect(house.log()).not.toContain(jane)
  })
})

const head = [
  'POST /recover/customers HTTP/1.1',
  'Host: rekey',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Length: 1000',
  '\r\n',
].join('\r\n')

async function halfSent(body: string): Promise<string> {
  const socket = connect(house.port, '127.0.0.1')
  socket.write(head + body)
  const chunks: Buffer[] = await Array.fromAsync(socket)
  return Buffer.concat(chunks).toString('utf8')
}
