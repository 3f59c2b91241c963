import type { Page as Tab } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import {
  application,
  approvalWindow,
  approve,
  ask,
  card,
  fillIn,
  fromRekey,
  go,
  modal,
  openScene,
  opens,
  press,
  readingMs,
  type Scene,
  seePassword,
} from './scene.ts'

let scene: Scene
const tabs: Tab[] = []
beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.end())
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(await scene.evidence(tabs))
  for (const tab of tabs.splice(0)) await tab.context().close()
})

async function be(person: string): Promise<Tab> {
  const tab = await scene.be(person)
  tabs.push(tab)
  return tab
}

const jane = 'jane@example.com'

/** An account that no other story here has touched. */
function someone(name: string): string {
  const email = `${name.toLowerCase()}@example.com`
  scene.cognito.pools.get('customers').add(userSeed(name, { email, password: `${name}-sandbox-1` }))
  return email
}

async function signIn(tab: Tab, email: string, password: string): Promise<void> {
  const { region, enter } = await application(tab)
  await enter('E-mail', email)
  await enter('Password', password)
  await press(region, 'Sign in')
}

/** From “I have a code” to being signed in with a new password. */
async function useCode(tab: Tab, email: string, chosen: string): Promise<void> {
  const { region, enter } = await application(tab)
  await region.getByText('I have a code').click()
  await enter('E-mail', email)
  await enter('Code', scene.cognito.mailbox.latest(email)?.code ?? '')
  await enter('New password', chosen)
  await press(region, 'Set the new password')
  await signIn(tab, email, chosen)
  await region.getByText(`Signed in as ${email}.`).waitFor()
}

describe('with the mouse, as a newcomer would', () => {
  it('a reset: Sam asks, Mia approves, Jane uses her code', async () => {
    const sam = await be('U0SAM')
    const id = await ask(sam, jane)
    const mia = await be('U0MIA')
    await approve(mia, id)
    await (await card(mia, id)).getByText('signed out everywhere').waitFor()
    await fromRekey(sam, 'j***@e***.com')

    const { region, enter } = await application(sam)
    await enter('E-mail', jane)
    await enter('Password', 'Jane-sandbox-1')
    await press(region, 'Sign in')
    await region.getByText('Your password has to be reset').waitFor()
    await sam.getByRole('tab', { name: 'Mailbox' }).click()
    const code = scene.cognito.mailbox.latest(jane)?.code ?? ''
    await sam.getByText(code).first().waitFor()
    await sam.getByRole('tab', { name: 'Sign-in' }).click()
    await enter('Code', code)
    await enter('New password', 'Jane-is-back-1')
    await press(region, 'Set the new password')
    await region.getByRole('button', { name: 'Sign in' }).waitFor()
    await enter('E-mail', jane)
    await enter('Password', 'Jane-is-back-1')
    await press(region, 'Sign in')
    await region.getByText(`Signed in as ${jane}.`).waitFor()

    const ana = await be('U0ANA')
    await go(ana, 'account-audit')
    const post = ana.getByRole('log').getByRole('article').filter({ hasText: id }).first()
    await post.getByText('asked to recover Jane Doe').waitFor()
    await post.getByRole('button', { name: /repl/ }).click()
    await ana.getByText('@Mia approved').first().waitFor()
  })

  it('a temporary password: shown once, and good for Bob’s first sign-in', async () => {
    const sam = await be('U0SAM')
    const id = await ask(sam, 'bob@example.com', 'Temporary password')
    await approve(await be('U0MIA'), id)
    const password = await seePassword(sam)
    expect(password).toHaveLength(16)
    await fromRekey(sam, 'You have seen the password')
    expect(await sam.getByRole('button', { name: 'Show the password once' }).count()).toBe(0)

    const { region, enter } = await application(sam)
    await enter('E-mail', 'bob@example.com')
    await enter('Password', password)
    await press(region, 'Sign in')
    await enter('New password', 'Bob-chose-this-1')
    await press(region, 'Set the password')
    await region.getByText('Signed in as bob@example.com.').waitFor()
  })

  it('two approvers for an admin', async () => {
    const id = await ask(await be('U0SAM'), 'alan@example.com')
    const noor = await be('U0NOOR')
    await approve(noor, id)
    const shown = await card(noor, id)
    await shown.getByText('1 of 2 approvals').waitFor()
    await approve(await be('U0PRIYA'), id)
    await shown.getByText('signed out everywhere').waitFor()
  })

  it('a recovery code: the old password works until Erin has used hers', async () => {
    const sam = await be('U0SAM')
    const email = 'erin@example.com'
    await approve(await be('U0MIA'), await ask(sam, email, 'Recovery code, nothing reset'))
    await fromRekey(sam, 'A code')
    await expect.poll(() => scene.cognito.mailbox.to(email).length).toBe(1)
    await useCode(sam, email, 'Erin-is-back-1')
  })

  it('a new invitation: Carol signs in with what Cognito sent her', async () => {
    const sam = await be('U0SAM')
    const email = 'carol@example.com'
    const mia = await be('U0MIA')
    const id = await ask(sam, email, 'New invitation')
    await approve(mia, id)
    // The sign-out that comes after the letter ends a sign-in that is under way, too.
    await (await card(mia, id)).getByText('signed out everywhere').waitFor()
    expect(scene.cognito.mailbox.to(email)).toHaveLength(1)
    const first = scene.cognito.mailbox.latest(email)?.temporaryPassword ?? ''
    await signIn(sam, email, first)
    const { region, enter } = await application(sam)
    await enter('New password', 'Carol-is-in-1')
    await press(region, 'Set the password')
    await region.getByText(`Signed in as ${email}.`).waitFor()
  })

  it('a permanent password: with two approvals, and Ada signs in at once', async () => {
    const email = 'ada@example.com'
    const admin = userSeed('Ada Byron', { email, password: 'Ada-sandbox-1', groups: ['admins'] })
    scene.cognito.pools.get('customers').add(admin)
    const sam = await be('U0SAM')
    const id = await ask(sam, email, 'Permanent password')
    await approve(await be('U0NOOR'), id)
    await approve(await be('U0PRIYA'), id)
    await signIn(sam, email, await seePassword(sam))
    const { region } = await application(sam)
    await region.getByText(`Signed in as ${email}.`).waitFor()
  })

  it('a reset, and the owner’s own way through Rekey’s recovery page', async () => {
    const email = someone('Paula')
    const sam = await be('U0SAM')
    await approve(await be('U0MIA'), await ask(sam, email))
    await expect.poll(() => scene.cognito.mailbox.to(email).length).toBe(1)
    const owner = await sam.context().newPage()
    await owner.goto(scene.recoveryPage)
    await owner.getByLabel('E-mail address, phone number or username').fill(email)
    await press(owner, 'I already have a code')
    await owner
      .getByLabel('Code', { exact: true })
      .fill(scene.cognito.mailbox.latest(email)?.code ?? '')
    await owner.getByLabel('New password', { exact: true }).fill('Paula-is-back-1')
    await press(owner, 'Set the new password')
    await owner.getByText('Your password has been changed').first().waitFor()
    await expect
      .poll(async () => (await scene.application.signIn(email, 'Paula-is-back-1')).kind)
      .toBe('signed-in')
  })

  it('a denial, whose reason Sam reads', async () => {
    const sam = await be('U0SAM')
    const id = await ask(sam, someone('Denise'))
    const mia = await be('U0MIA')
    const shown = await card(mia, id)
    const window = await opens(() => press(shown, 'Deny…'), mia, 'Deny recovery')
    await window.getByRole('textbox').fill('She is on leave: call her first')
    await press(window, 'Deny')
    await press(modal(mia, 'Recorded'), 'Close')
    await fromRekey(sam, 'She is on leave: call her first')
  })

  it('a withdrawal, after Slack has asked whether that is meant', async () => {
    const sam = await be('U0SAM')
    const id = await ask(sam, someone('Wilma'))
    await press(await fromRekey(sam, id), 'Withdraw')
    const sure = modal(sam, 'Withdraw this request?')
    await press(sure, 'Withdraw')
    await (await card(await be('U0MIA'), id)).getByText('Withdrawn').first().waitFor()
  })

  it('an expiry, when half an hour and more has passed', async () => {
    const sam = await be('U0SAM')
    const id = await ask(sam, someone('Xenia'))
    const mia = await be('U0MIA')
    const shown = await card(mia, id)
    await mia.getByRole('tab', { name: 'Troubles' }).click()
    await press(mia, 'Let an hour pass')
    await shown.getByText('Expired').first().waitFor()
    expect(await shown.getByRole('button', { name: 'Approve…' }).count()).toBe(0)
    await fromRekey(sam, 'Expired')
  })

  it('the guest and the outsider are turned away', async () => {
    const id = await ask(await be('U0SAM'), someone('Gerda'))
    const gus = await be('U0GUS')
    await press(await card(gus, id), 'Approve…')
    await gus.getByText('You can’t use Rekey.').first().waitFor()
    const otto = await be('U0OTTO')
    await go(otto, 'shared-with-otherwise')
    const composer = otto.getByRole('combobox', { name: 'Message #shared-with-otherwise' })
    await composer.fill(`/reset-password ${jane}`)
    await composer.press('Enter')
    await otto.getByText('/reset-password is not a valid command.').waitFor()
  })

  it('a double click is one approval', async () => {
    const id = await ask(await be('U0SAM'), someone('Dora'))
    const mia = await be('U0MIA')
    await (await card(mia, id)).getByRole('button', { name: 'Approve…' }).dblclick()
    const window = modal(mia, 'Approve recovery').last()
    await window.getByText('Only approve if').waitFor()
    await mia.waitForTimeout(readingMs)
    await window.getByRole('button', { name: 'Approve', exact: true }).dblclick()
    await modal(mia, 'Recorded').waitFor()
    // Two clicks may have opened two windows: whatever is open is closed.
    while ((await modal(mia).count()) > 0) await mia.keyboard.press('Escape')
    await (await card(mia, id)).getByText('signed out everywhere').waitFor()
    expect(scene.cognito.mailbox.to('dora@example.com')).toHaveLength(1)
  })

  it('what was typed wrongly is told at its field, and nothing is lost', async () => {
    const sam = await be('U0SAM')
    await go(sam, 'support')
    const composer = sam.getByRole('combobox', { name: 'Message #support' })
    await composer.fill('/reset-password nobody@example.com')
    await composer.press('Enter')
    const window = modal(sam, 'Recover an account')
    await window.getByText('No account matches “nobody@example.com”.').waitFor()
    await window.getByRole('textbox').fill(someone('Fanny'))
    await press(window, 'Find')
    await window.getByText('How should it be recovered?').waitFor()
    await fillIn(window)
    await window.getByLabel('Ticket or case number').fill('')
    await press(window, 'Send request')
    await window.getByText('Please complete this required field.').waitFor()
    expect(await window.getByLabel('Why does it need recovering?').inputValue()).toContain(
      'New phone',
    )
    await press(window, 'Close window')
  })
})

describe('when things break', () => {
  it('an answer of Cognito’s that is lost sends no second code', async () => {
    const email = someone('Lotte')
    const id = await ask(await be('U0SAM'), email)
    const mia = await be('U0MIA')
    await mia.getByRole('tab', { name: 'Troubles' }).click()
    await press(mia, 'Cognito’s answer is lost after the effect')
    await approve(mia, id)
    await (await card(mia, id)).getByText('signed out everywhere').waitFor({ timeout: 20_000 })
    expect(scene.cognito.mailbox.to(email)).toHaveLength(1)
  })

  it('Rekey killed in the middle comes back, and goes on', async () => {
    const email = someone('Karla')
    const id = await ask(await be('U0SAM'), email)
    const mia = await be('U0MIA')
    const window = await approvalWindow(mia, id)
    await window.getByText('Only approve if').waitFor()
    const killed = scene.rekey.pid
    scene.rekey.crash()
    await expect.poll(() => scene.rekey.pid !== killed && scene.rekey.isRunning).toBe(true)
    await press(window, 'Approve')
    await press(modal(mia, 'Recorded'), 'Close')
    await (await card(mia, id)).getByText('signed out everywhere').waitFor()
    expect(scene.cognito.mailbox.to(email)).toHaveLength(1)
  })
})
