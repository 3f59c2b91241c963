/** `npm run pictures`: the README's pictures, made by playing the story in the sandbox's page. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page as Tab } from 'playwright-core'
import { approve, card, fillIn, go, modal, openScene, press } from './scene.ts'

const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures')
mkdirSync(folder, { recursive: true })

const look = { viewport: { width: 1280, height: 860 }, colorScheme: 'light' } as const
// High enough for a window to be seen whole.
const tall = { ...look, viewport: { width: 1280, height: 1500 } }
const scene = await openScene()

const sam = await scene.be('U0SAM', tall)
await go(sam, 'support')
const composer = sam.getByRole('combobox', { name: 'Message #support' })
await composer.fill('/reset-password jane@example.com')
await composer.press('Enter')
const form = modal(sam, 'Recover an account')
await form.getByText('How should it be recovered?').waitFor()
await fillIn(form)
await form.getByText('Jane Doe').first().scrollIntoViewIfNeeded()
await picture('request', form)
await press(form, 'Send request')
const sent = modal(sam, 'Request sent')
const id = /REQ-\w{10}/.exec((await sent.textContent()) ?? '')?.[0] ?? ''

const mia = await scene.be('U0MIA', tall)
await picture('card', await card(mia, id))
await press(await card(mia, id), 'Approve…')
const window = modal(mia, 'Approve recovery')
await window.getByText('Only approve if').waitFor()
await picture('approval', window)
await press(window, 'Cancel')
await approve(mia, id)
await (await card(mia, id)).getByText('signed out everywhere').waitFor()

const ana = await scene.be('U0ANA', look)
await go(ana, 'account-audit')
const post = ana.getByRole('log').getByRole('article').filter({ hasText: id }).first()
await post.getByRole('button', { name: /repl/ }).click()
await ana.getByText('Signed out everywhere').first().waitFor()
await picture('audit', ana)

await scene.end()
console.log(`The pictures are in ${folder}: look at each.`)

async function picture(name: string, of: Locator | Tab): Promise<void> {
  await of.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}
