/** The page in a real browser: what people do with it, and what they and their helpers get to see. */

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type House, openHouse } from '../support/recovery-page/house.ts'

const jane = 'jane@example.com'
const fresh = 'A-brand-new-1-password'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

let house: House
let faults: string[]
beforeEach(async () => {
  house = await openHouse()
  faults = []
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  await house.close()
  // A refused step is an answer of 4xx, which the browser notes as well.
  expect(faults.filter((fault) => !fault.startsWith('Failed to load resource'))).toEqual([])
})

async function visit(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB', ...options })).newPage()
  // Whatever the Content-Security-Policy stops is told on the console.
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())))
  page.on('pageerror', (error) => void faults.push(error.message))
  await page.goto(house.url)
  return page
}

async function askForCode(page: Page): Promise<void> {
  await page.getByLabel('E-mail address, phone number or username').fill(jane)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('%s', (_, javaScriptEnabled) => {
  it('an owner gets a code and sets a new password', async () => {
    const page = await visit({ javaScriptEnabled })
    await askForCode(page)
    await page.getByLabel('Code').fill(await house.code(jane))
    await page.getByLabel('New password').fill(fresh)
    await page.getByRole('button', { name: 'Set the new password' }).click()
    await page.getByRole('heading', { name: 'Your password has been changed' }).waitFor()
    expect(house.isPassword('Jane', fresh)).toBe(true)
    expect(page.url()).not.toContain('jane')
  })

  it('an owner is told what is wrong, where it is wrong', async () => {
    const page = await visit({ javaScriptEnabled })
    await askForCode(page)
    await page.getByLabel('Code').fill(await house.code(jane))
    await page.getByLabel('New password').fill('weak')
    await page.getByRole('button', { name: 'Set the new password' }).click()
    const alert = page.getByRole('alert')
    expect(await alert.textContent()).toContain('doesn’t follow the rules')
    expect(await page.title()).toBe('Problem: Choose a new password')
    await isFocused(page, 'password')
    const field = page.getByLabel('New password')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.getAttribute('aria-describedby')).toBe('problem rules')
  })
})

describe('with the keyboard alone', () => {
  it('an owner gets from the beginning to the end', async () => {
    const page = await visit()
    await isFocused(page, 'username')
    await page.keyboard.type(jane)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await isFocused(page, 'code')
    await page.keyboard.type(await house.code(jane))
    await page.keyboard.press('Tab')
    await isFocused(page, 'password')
    await page.keyboard.type(fresh)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await page.getByLabel('New password').getAttribute('type')).toBe('text')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your password has been changed' }).waitFor()
    expect(house.isPassword('Jane', fresh)).toBe(true)
  })

  it('everything that can be used is reached, and shows that it is', async () => {
    const page = await visit()
    await askForCode(page)
    await isFocused(page, 'code')
    const reached: string[] = []
    for (let steps = 0; steps < 9; steps += 1) {
      reached.push(String(await page.evaluate(nameOfFocused)))
      expect(await page.evaluate(outlineOfFocused)).not.toBe('0px')
      await page.keyboard.press('Tab')
    }
    expect(reached).toEqual(expect.arrayContaining(['code', 'password', 'Set the new password']))
    expect(reached).toEqual(expect.arrayContaining(['日本語', 'Send a new code']))
  })
})

describe('for a screen reader', () => {
  it('every field has a name, and the page its parts', async () => {
    const page = await visit()
    expect(await page.locator('body').ariaSnapshot()).toBe(
      [
        '- banner:',
        '  - text: Account recovery',
        '  - link "日本語":',
        '    - /url: /recover/customers?lang=ja',
        '- main:',
        '  - heading "Forgot your password?" [level=1]',
        '  - paragraph: Enter what you sign in with. You get a code at the e-mail address or phone number that we have on file for you, and choose a new password with it.',
        '  - text: E-mail address, phone number or username',
        '  - textbox "E-mail address, phone number or username"',
        '  - button "Send me a code"',
        '  - button "I already have a code"',
      ].join('\n'),
    )
    await askForCode(page)
    const tree = await page.locator('main').ariaSnapshot()
    expect(tree).toContain('- textbox "Account": jane@example.com')
    expect(tree).toContain('- textbox "Code"')
    expect(tree).toContain('- list "What the password needs":')
    expect(tree).toContain('- textbox "New password"')
    expect(tree).toContain('- checkbox "Show the password"')
  })

  it('the fields tell a password manager what they are for', async () => {
    const page = await visit()
    expect(await page.locator('#username').getAttribute('autocomplete')).toBe('username')
    await askForCode(page)
    expect(await page.evaluate(purposes)).toEqual(['username', 'one-time-code', 'new-password'])
  })
})

describe('the rules', () => {
  it('stand there before typing, and are checked as one types', async () => {
    const page = await visit()
    await askForCode(page)
    const rules = page.locator('#rules > li')
    expect(await rules.count()).toBe(6)
    expect(await page.locator('#rules > [data-met]').count()).toBe(0)

    const summary = page.locator('[data-summary]')
    await page.getByLabel('New password').pressSequentially('abc1')
    expect(await page.locator('#rules > [data-met="true"]').allTextContents()).toEqual([
      expect.stringContaining('a small letter, a to z (done)'),
      expect.stringContaining('a digit'),
      expect.stringContaining('no space'),
    ])
    expect(await summary.textContent()).toBe('Still missing: 3')
    await page.getByLabel('New password').pressSequentially('DEF!')
    expect(await page.locator('#rules > [data-met="true"]').count()).toBe(6)
    expect(await summary.textContent()).toBe('The password has everything it needs.')
    await page.getByLabel('New password').press('Backspace')
    expect(await summary.textContent()).toBe('Still missing: 2')
  })
})

describe('the language', () => {
  it('is the browser’s, and changes in the middle without losing the way', async () => {
    const page = await visit({ locale: 'ja-JP' })
    expect(await page.locator('html').getAttribute('lang')).toBe('ja')
    await page.getByLabel('メールアドレス、電話番号、またはユーザー名').fill(jane)
    await page.getByRole('button', { name: 'コードを送る' }).click()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    expect(await page.getByLabel('Account', { exact: true }).inputValue()).toBe(jane)
    expect(house.wire.cognito.mailbox.to(jane)).toHaveLength(1)
  })
})

describe('on every screen', () => {
  const screens = ['light', 'dark'].flatMap((colorScheme) =>
    [1280, 390, 320].map((width) => ({ colorScheme: colorScheme as 'light' | 'dark', width })),
  )

  it.each(screens)(
    'nothing is cut off or too pale: $colorScheme, $width wide',
    async ({ colorScheme, width }) => {
      const page = await visit({ colorScheme, viewport: { width, height: 800 } })
      for (const lang of ['en', 'ja']) {
        await page.goto(`${house.url}?lang=${lang}`)
        expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
        await page.locator('#username').fill(jane)
        await page.locator('button[value=show]').click()
        await page.locator('#password').fill('abc1')
        expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
        expect(await page.evaluate(palest)).toBeGreaterThanOrEqual(4.5)
        await page.locator('#code').fill('1')
        await page.locator('button[value=change]').click()
        await page.locator('#problem').waitFor()
        expect(await page.evaluate(palest)).toBeGreaterThanOrEqual(4.5)
      }
    },
  )
})

// In words of the browser, which the tests' own types do not know.
const nameOfFocused = `(() => {
  const at = document.activeElement
  return at.textContent.trim() || at.id
})()`
const outlineOfFocused = 'getComputedStyle(document.activeElement).outlineWidth'
const purposes = `Array.from(document.querySelectorAll('form:has(#password) input[autocomplete]'), (field) => field.autocomplete)`
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

/** The lowest contrast of any text with what is behind it (WCAG 2.2, 1.4.3 asks for 4.5). */
const palest = `(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number)
  const light = (color) => {
    const [r, g, b] = parts(color).map((part) => {
      const c = part / 255
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (at) => {
    const color = getComputedStyle(at).backgroundColor
    return parts(color)[3] === 0 ? behind(at.parentElement) : color
  }
  const contrasts = [...document.querySelectorAll('body *')]
    .filter((at) => at.matches('input') || [...at.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((at) => !at.matches('script, input[type=hidden]'))
    .map((at) => {
      const [a, b] = [light(getComputedStyle(at).color), light(behind(at))]
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    })
  return Math.min(...contrasts)
})()`

/** A page gives its field the focus a moment after it is there. */
const isFocused = (page: Page, id: string) => page.locator(`#${id}:focus`).waitFor()
