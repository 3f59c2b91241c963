/** The stage of the page's tests: a workspace with a small app in it, a simulated Cognito, and a browser for each person. */

import type { App } from '@slack/bolt'
import type { Browser, Page as Tab } from 'playwright-core'
import { Application } from '../../../sandbox/cognito/application.ts'
import { type CognitoSandbox, startCognito } from '../../../sandbox/cognito/server.ts'
import type { SlackSandbox } from '../../../sandbox/slack/start.ts'
import { type Page, startPage } from '../../../sandbox/web/start.ts'
import { acmeUserPools, webClient } from '../../../sandbox/world/user-pool-seed.ts'
import { acmeWorkspace } from '../../../sandbox/world/workspace-seed.ts'
import { openBrowser } from '../../support/browser.ts'
import { connect, start } from '../slack/bolt.ts'
import { commands, type Heard, register, shortcuts } from './fake-app.ts'

export interface Stage {
  readonly slack: SlackSandbox
  readonly cognito: CognitoSandbox
  readonly app: App
  readonly page: Page
  readonly heard: Heard
  /** A browser tab in which one is this person. */
  be(person: string, options?: Parameters<Browser['newContext']>[0]): Promise<Tab>
  /** What went wrong inside the pages so far. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const slack = await start({
    seed: { ...acmeWorkspace(), commands, shortcuts },
    botEvents: ['app_home_opened'],
    ackDeadlineMs: 1500,
  })
  const cognito = await startCognito({ seed: acmeUserPools() })
  const application = new Application({ url: cognito.url, clientId: webClient.id })
  const heard: Heard = { submitted: [], clicked: [] }
  const { app, stop } = await connect(slack, (each) => register(each, heard))
  const page = await startPage({ slack, cognito, application })
  const browser = await openBrowser()
  const faults: string[] = []
  return {
    slack,
    cognito,
    app,
    page,
    heard,
    faults,
    be: async (person, options = {}) => {
      const context = await browser.newContext(options)
      const tab = await context.newPage()
      tab.setDefaultTimeout(60_000)
      tab.on('pageerror', (error) => faults.push(String(error)))
      tab.on('console', (line) => {
        // A refused command is a 409, which the browser calls an error.
        if (line.type() === 'error' && !line.text().includes('409')) faults.push(line.text())
      })
      await tab.goto(`${page.url}?as=${person}`)
      await tab.getByRole('heading', { level: 1 }).waitFor()
      return tab
    },
    close: async () => {
      await browser.close()
      await page.close()
      await stop()
      application.close()
      await slack.close()
      await cognito.close()
    },
  }
}
