import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page as Tab } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startPage } from '../../../sandbox/web/start.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let jane: Tab

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  jane = await stage.be('U0JANE')
  await tab('Sign-in').click()
})
afterEach(async () => {
  await jane.context().close()
  expect(stage.faults).toEqual([])
})

const tab = (name: string) => jane.getByRole('tab', { name })
const door = () => jane.getByRole('region', { name: 'The application' })
const enter = (label: string, text: string) => door().getByLabel(label, { exact: true }).fill(text)
const press = (name: string) => door().getByRole('button', { name }).click()

async function signIn(email: string, password: string): Promise<void> {
  await enter('E-mail', email)
  await enter('Password', password)
  await press('Sign in')
}

describe('the sign-in page', () => {
  it('lets people in with the right password only', async () => {
    await signIn('jane@example.com', 'wrong')
    await door().getByText('Incorrect username or password').waitFor()
    await signIn('jane@example.com', 'Jane-sandbox-1')
    await door().getByText('Signed in as jane@example.com.').waitFor()
  })

  it('asks for a new password where Cognito does', async () => {
    await signIn('carol@example.com', 'Carol-sandbox-1')
    await enter('New password', 'too-simple')
    await press('Set the password')
    await door().getByText('InvalidPasswordException').waitFor()
    await enter('New password', 'Carol-is-in-1')
    await press('Set the password')
    await door().getByText('Signed in as carol@example.com.').waitFor()
  })

  it('leads through a forgotten password, with the code from the mailbox', async () => {
    await press('Forgot your password?')
    await enter('E-mail', 'alan@example.com')
    await press('Send me a code')
    await door().getByText('A code is on its way to a***@e***.').waitFor()
    await tab('Mailbox').click()
    const letter = jane.getByRole('article', { name: 'to alan@example.com' })
    const code = /\d{6}/.exec((await letter.textContent()) ?? '')?.[0] ?? ''
    await tab('Sign-in').click()
    await enter('Code', code)
    await enter('New password', 'Alan-is-back-1')
    await press('Set the new password')
    await door().getByText('The new password is set.').waitFor()
    await signIn('alan@example.com', 'Alan-is-back-1')
    await door().getByText('Signed in as alan@example.com.').waitFor()
  })

  it('says that a password has to be reset', async () => {
    await signIn('erin@example.com', 'Erin-sandbox-1')
    await door().getByText('Your password has to be reset.').waitFor()
  })

  it('takes a second factor, from the phone', async () => {
    await signIn('ivan@example.com', 'Ivan-sandbox-1')
    await door().getByText('Enter the code from a text message').waitFor()
    await tab('Phone').click()
    const letter = jane.getByRole('article', { name: 'to +12065550109' })
    const code = /\d{6}/.exec(await letter.locator('.words').innerText())?.[0] ?? ''
    await tab('Sign-in').click()
    await enter('Code', code)
    await press('Go on')
    await door().getByText('Signed in as ivan@example.com.').waitFor()
  })
})

describe('troubles', () => {
  it('strike, and what they did is seen on the wires', async () => {
    await tab('Troubles').click()
    await jane.getByRole('button', { name: 'Cognito throttles' }).click()
    await jane.getByRole('status').getByText('The next three calls to Cognito').waitFor()
    await tab('Sign-in').click()
    await signIn('jane@example.com', 'Jane-sandbox-1')
    await door().getByText('TooManyRequestsException').waitFor()
    await tab('Troubles').click()
    await jane
      .getByRole('region', { name: 'On the wires' })
      .getByText(/Cognito: InitiateAuth → (throttle|TooMany)/)
      .waitFor()
    stage.cognito.faults.clear()
  })

  it('that last can be ended', async () => {
    await tab('Troubles').click()
    const down = jane.getByRole('button', { name: 'Slack is down' })
    await down.click()
    await jane.locator('[aria-pressed="true"]').waitFor()
    expect(stage.slack.faults.isDown).toBe(true)
    await down.click()
    await jane.locator('[aria-pressed="true"]').waitFor({ state: 'detached' })
    await stage.slack.until(() => stage.slack.sockets.connections > 0)
  })
})

it('the Ledger tab shows what Rekey commits, as it commits it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rekey-page-'))
  const databaseFile = join(folder, 'rekey.db')
  const page = await startPage({ slack: stage.slack }, { databaseFile })
  await jane.goto(`${page.url}?as=U0JANE&tab=ledger`)
  await jane.getByText('Rekey has written nothing yet.').waitFor()

  const rekey = new DatabaseSync(databaseFile)
  rekey.exec(`pragma journal_mode = wal;
    create table ledger (seq integer primary key, hash text, entry_json text);
    create table jobs (id text, kind text, task_json text, place integer, not_before integer,
      attempts integer, done_at integer, parked_at integer, last_error text)`)
  const entry = { type: 'request.opened', actor: { kind: 'person', id: 'U0SAM' }, request: 'REQ-1' }
  rekey.prepare('insert into ledger values (1, ?, ?)').run('f00d', JSON.stringify(entry))
  const ledger = jane.getByRole('region', { name: 'Ledger' })
  await ledger.locator('summary', { hasText: 'request.opened' }).click()
  await ledger.getByText('"hash": "f00d"').waitFor()
  rekey
    .prepare('insert into jobs values (?, ?, ?, 1, 0, 3, null, 1, ?)')
    .run('j1', 'execute', JSON.stringify({ request: 'REQ-1' }), 'no luck')
  await jane.getByRole('region', { name: 'Outbox' }).getByText('tried 3 times · no luck').waitFor()

  rekey.close()
  await page.close()
  rmSync(folder, { recursive: true })
})
