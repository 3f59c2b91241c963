/** A real browser for the tests: the one that npm brought on Linux x64, an installed Chrome elsewhere. */

import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

// Made for functions that open one page and end. Here a browser holds several people, and obeys the page's own rules.
const unwanted = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
])

/** Close it when the tests are over. */
export async function openBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return chromium.launch({ channel: 'chrome' })
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [...sparticuz.args.filter((each) => !unwanted.has(each)), '--no-sandbox', '--headless'],
  })
}
