/** The sandbox as people use it: Rekey in a process of its own, the page, and a browser for everybody. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page as Tab } from 'playwright-core'
import { RekeyProcess } from '../../sandbox/rekey-process.ts'
import { startPage } from '../../sandbox/web/start.ts'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import { openBrowser } from '../support/browser.ts'
import { SecretWatch } from '../support/canary-watch.ts'

export interface Scene extends World {
  readonly rekey: RekeyProcess
  /** A tab in which one is this person. */
  be(person: string, look?: Parameters<Browser['newContext']>[0]): Promise<Tab>
  /** Time for everybody. */
  pass(milliseconds: number): Promise<void>
  /** What somebody who looks into a failed story wants to see: the tabs, and the end of Rekey's log. */
  evidence(tabs: readonly Tab[]): Promise<string>
  /** Ends it all, and looks whether a secret was left anywhere. */
  end(): Promise<void>
}

const logLines = 30

export async function openScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-scene-'))
  const databaseFile = join(folder, 'rekey.db')
  const watch = new SecretWatch()
  const world = await startWorld({ onPassword: watch.onPassword })
  const database = `sqlite:${databaseFile}`
  const environment = world.environment(database)
  const logFile = join(folder, 'rekey.log')
  const rekey = new RekeyProcess({ environment, logFile })
  const letPass = (milliseconds: number) => {
    world.advanceClock(milliseconds)
    return rekey.advanceClock(milliseconds)
  }
  const page = await startPage({ ...world, advanceClock: letPass }, { databaseFile, rekey })
  const [browser] = await Promise.all([openBrowser(), rekey.start()])
  return {
    ...world,
    rekey,
    be: async (person, look = {}) => {
      const context = await browser.newContext(look)
      const tab = await context.newPage()
      tab.setDefaultTimeout(60_000)
      await tab.goto(`${page.url}?as=${person}`)
      await tab.getByRole('heading', { level: 1 }).waitFor()
      return tab
    },
    pass: letPass,
    evidence: async (shown) => {
      const texts = await Promise.all(shown.map((tab) => tab.locator('body').innerText()))
      const log = readFileSync(logFile, 'utf8').split('\n').slice(-logLines)
      return [...texts, log.join('\n')].join('\n--------\n')
    },
    end: async () => {
      try {
        await browser.close()
        await watch.look({ folder }, Number(environment['PORT']))
        await rekey.stop()
        await watch.search({ ...world, environment, database, folder })
      } finally {
        await page.close()
        await world.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

export async function go(tab: Tab, channel: string): Promise<void> {
  const conversations = tab.getByRole('navigation', { name: 'Conversations' })
  await conversations.getByRole('button', { name: channel }).click()
}

export function modal(tab: Tab, name?: string): Locator {
  return name === undefined ? tab.getByRole('dialog') : tab.getByRole('dialog', { name })
}

export async function press(place: Tab | Locator, name: string): Promise<void> {
  await place.getByRole('button', { name, exact: true }).click()
}

/** With the ×, which closes what lies beneath as well: the form, where the answer came late. */
async function closeAll(window: Locator): Promise<void> {
  await press(window, 'Close window')
}

// What the page says, or Rekey, when Slack's time is over before a window has come up.
const tookTooLong = /please do it again|did not answer in time|operation_timeout/

/**
 * Does what opens a window, and waits for the window. Slack's three seconds are real ones
 * here, whatever else the machine does: a person who is told that they were over does it again. One
 * who is told nothing does not.
 */
export async function opens(
  idempotencyKey: () => Promise<void>,
  tab: Tab,
  name: string,
): Promise<Locator> {
  const window = modal(tab, name)
  const told = tab.getByText(tookTooLong)
  for (let tries = 1; ; tries++) {
    const before = await told.count()
    await idempotencyKey()
    await window.or(told.nth(before)).first().waitFor()
    if (tries === 3 || (await window.count()) > 0) return window
  }
}

/** From the command to “Request sent”. Ends with every window closed. */
export async function ask(tab: Tab, account: string, method?: string): Promise<string> {
  await go(tab, 'support')
  const composer = tab.getByRole('combobox', { name: 'Message #support' })
  const command = async () => {
    await composer.fill(`/reset-password ${account}`)
    await composer.press('Enter')
  }
  const form = await opens(command, tab, 'Recover an account')
  await form.getByText('How should it be recovered?').waitFor()
  if (method !== undefined) await form.getByRole('radio', { name: method }).check()
  await fillIn(form)
  await press(form, 'Send request')
  const sent = modal(tab, 'Request sent')
  const id = /REQ-\w{10}/.exec((await sent.textContent()) ?? '')?.[0] ?? ''
  await closeAll(sent)
  return id
}

export async function fillIn(form: Locator): Promise<void> {
  await form.getByRole('radio', { name: 'Called back on the number on file' }).check()
  await form.getByLabel('Where is that number on file?').click()
  await form.getByRole('option', { name: 'HR record' }).click()
  await form
    .getByLabel('Why does it need recovering?')
    .fill('New phone, can’t get in before the demo')
  await form.getByLabel('Ticket or case number').fill('HELP-1234')
}

/** The card of a request in the approvals channel. */
export async function card(tab: Tab, id: string): Promise<Locator> {
  await go(tab, 'account-approvals')
  const found = tab.getByRole('log').getByRole('article').filter({ hasText: id })
  await found.waitFor()
  return found
}

// The sandbox's policy lets nobody approve within a second of opening the window.
export const readingMs = 1_050

export async function approvalWindow(tab: Tab, id: string): Promise<Locator> {
  const shown = await card(tab, id)
  return opens(() => press(shown, 'Approve…'), tab, 'Approve recovery')
}

/** From the card to “Recorded”. */
export async function approve(tab: Tab, id: string): Promise<void> {
  const window = await approvalWindow(tab, id)
  await window.getByText('Only approve if').waitFor()
  await tab.waitForTimeout(readingMs)
  const asked = window.getByLabel('To approve, type the account’s name')
  const [, name = ''] = /Name\n(.+)/.exec(await window.innerText()) ?? []
  if ((await asked.count()) > 0) await asked.fill(name)
  await press(window, 'Approve')
  await closeAll(modal(tab, 'Recorded'))
}

/** What the bot has written to this person. */
export async function fromRekey(tab: Tab, words: string): Promise<Locator> {
  await go(tab, 'Rekey')
  const message = tab.getByRole('log').getByRole('article').filter({ hasText: words }).last()
  await message.waitFor()
  return message
}

/** The password that Rekey has for this person, read off its one showing. */
export async function seePassword(tab: Tab): Promise<string> {
  const label = 'Show the password once'
  const offer = await fromRekey(tab, label)
  // It is drawn once more when the sessions are over: a press in that moment would be on a button that is gone.
  await offer.getByText('signed out everywhere').waitFor()
  const window = await opens(() => press(offer, label), tab, 'Password')
  const password = (await window.locator('pre').textContent())?.trim() ?? ''
  await closeAll(window)
  return password
}

/** The application's sign-in page, beside the workspace. */
export async function application(
  tab: Tab,
): Promise<{ region: Locator; enter(label: string, text: string): Promise<void> }> {
  await tab.getByRole('tab', { name: 'Sign-in' }).click()
  const region = tab.getByRole('region', { name: 'The application' })
  return {
    region,
    enter: (label, text) => region.getByLabel(label, { exact: true }).fill(text),
  }
}
