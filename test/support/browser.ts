/** A real browser for the tests: the one that npm brought on Linux x64, an installed Chrome elsewhere. */

import { mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

// Made for functions that open one page and end. Here a browser holds several people, and obeys the page's own rules.
const unwanted = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  // A page without 3D is drawn in half the time when nothing pretends to be a graphics card.
  '--ignore-gpu-blocklist',
  '--in-process-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
])

/** Close it when the tests are over. */
export async function openBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return chromium.launch({ channel: 'chrome' })
  return chromium.launch({
    executablePath: await unpacked(),
    args: [
      ...sparticuz.args.filter((each) => !unwanted.has(each)),
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
    ],
  })
}

/** One at a time: the first unpacks the browser, and nobody may start what is still being written. */
async function unpacked(): Promise<string> {
  const lock = join(tmpdir(), 'rekey-unpacks-chromium')
  while (!isTaken(lock)) await sleep(50)
  try {
    return await sparticuz.executablePath()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function isTaken(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    if (isLeftBehind(lock)) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

// It takes seconds, so whoever has not given it back after minutes was killed.
function isLeftBehind(lock: string): boolean {
  const { mtimeMs = Number.POSITIVE_INFINITY } = statSync(lock, { throwIfNoEntry: false }) ?? {}
  return Date.now() - mtimeMs > 180_000
}
