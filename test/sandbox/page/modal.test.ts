import type { Page as Tab } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let sam: Tab

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  stage.heard.submitted.length = 0
  sam = await stage.be('U0SAM')
})
afterEach(async () => {
  stage.slack.workspace.views.clear('U0SAM')
  await sam.context().close()
  expect(stage.faults).toEqual([])
})

const modal = () => sam.getByRole('dialog', { name: 'Lunch' })
const composer = () => sam.getByRole('combobox', { name: 'Message #support' })
const field = (label: string) => modal().getByLabel(label)

async function order(command = '/order'): Promise<void> {
  await composer().fill(`${command} `)
  await composer().press('Enter')
  await modal().waitFor()
}

async function choose(label: string, typed: string, option: string): Promise<void> {
  await field(label).click()
  await field(label).fill(typed)
  await modal().getByRole('option', { name: option, exact: true }).click()
}

/** All that is required, but for the dish. */
async function fill(): Promise<void> {
  await field('E-mail').fill('sam@acme.example')
  await field('Portions').fill('2')
  await choose('Size', '', 'Large')
  await choose('Restaurant', 'Da', 'Da Mario')
  await choose('With', '', 'Bread')
  await choose('With', 'Ri', 'Rice')
  await choose('For', 'Mi', 'Mia')
  await modal().getByRole('radio', { name: 'Pick up' }).check()
  await modal().getByRole('checkbox', { name: 'Cutlery' }).check()
  await field('Day').fill('2026-05-01')
  await field('Time').fill('12:30')
  await field('Reminder').fill('2026-05-01T12:00')
}

it('every kind of input reaches the app as Slack sends it', async () => {
  await order()
  await field('Dish').fill('curry')
  await fill()
  await field('Notes').fill('two\nlines')
  await modal().getByRole('button', { name: 'Send' }).click()
  await modal().getByText('Thank you').waitFor()
  const option = (text: string) => ({ value: text })
  expect(stage.heard.submitted).toHaveLength(1)
  expect(stage.heard.submitted[0]).toMatchObject({
    dish: { text: { type: 'plain_text_input', value: 'curry' } },
    notes: { text: { value: 'two\nlines' } },
    email: { text: { value: 'sam@acme.example' } },
    portions: { text: { value: '2' } },
    page: { text: { value: null } },
    size: { text: { selected_option: option('Large') } },
    restaurant: { text: { selected_option: option('Da Mario') } },
    with: { text: { selected_options: [option('Bread'), option('Rice')] } },
    for: { text: { selected_user: 'U0MIA' } },
    tell: { text: { selected_conversation: null } },
    how: { text: { selected_option: option('Pick up') } },
    extras: { text: { selected_options: [option('Cutlery')] } },
    day: { text: { selected_date: '2026-05-01' } },
    time: { text: { selected_time: '12:30' } },
    // Noon in Amsterdam, where Sam is.
    reminder: { text: { selected_date_time: Date.parse('2026-05-01T10:00:00Z') / 1000 } },
  })
})

describe('errors', () => {
  it('stand at their fields, in Slack’s words, and keep what was written', async () => {
    await order()
    await fill()
    await field('Dish').fill('a very long dish')
    await modal().getByRole('button', { name: 'Send' }).click()
    await modal().getByText('Please enter at most 10 characters.').waitFor()
    expect(await field('Dish').getAttribute('aria-invalid')).toBe('true')
    expect(await field('Dish').inputValue()).toBe('a very long dish')
    await expect
      .poll(() => field('Dish').evaluate((each) => each === document.activeElement))
      .toBe(true)
    expect(stage.heard.submitted).toEqual([])
  })

  it('of the app look the same', async () => {
    await order()
    await fill()
    await field('Dish').fill('soup')
    await modal().getByRole('button', { name: 'Send' }).click()
    await modal().getByRole('alert').getByText('The soup is out').waitFor()
    expect(await field('Size').inputValue()).toBe('Large')
  })

  it('name every field that is missing', async () => {
    await order()
    await modal().getByRole('button', { name: 'Send' }).click()
    await expect
      .poll(() => modal().getByText('Please complete this required field.').count())
      .toBe(10)
  })
})

it('views stack, and one goes back through them', async () => {
  await order('/orders')
  await modal().getByRole('button', { name: 'Details' }).click()
  await modal().getByText('Two soups').waitFor()
  await modal().getByRole('button', { name: 'Back' }).click()
  await modal().getByRole('button', { name: 'Details' }).click()
  await modal().getByText('Two soups').waitFor()
  await modal().getByRole('button', { name: 'Close window' }).click()
  await modal().waitFor({ state: 'detached' })
  expect(stage.slack.person('U0SAM').modal).toBeUndefined()
})

it('says so when the app does not take it in time', async () => {
  await order('/orders')
  stage.slack.faults.goDown()
  await modal().getByRole('button', { name: 'Send' }).click()
  await modal().getByText('We had some trouble connecting. Try again?').waitFor()
  stage.slack.faults.comeBack()
  await stage.slack.until(() => stage.slack.sockets.connections > 0)
})

describe('with the keyboard alone', () => {
  const focused = () =>
    sam.evaluate(() => {
      const at = document.activeElement
      if (!(at instanceof HTMLElement)) return ''
      const labels =
        at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.labels : null
      return (
        labels?.[0]?.textContent ??
        at.getAttribute('aria-label') ??
        at.textContent ??
        ''
      ).trim()
    })

  it('one gets from field to field, in order, and stays inside', async () => {
    await order()
    await expect.poll(focused).toBe('Dish')
    const seen: string[] = []
    for (let step = 0; step < 20; step += 1) {
      await sam.keyboard.press('Tab')
      const at = await focused()
      if (at !== seen.at(-1)) seen.push(at)
    }
    expect(seen.slice(0, 4)).toEqual([
      'Notes (optional)',
      'E-mail',
      'Portions',
      'Menu page (optional)',
    ])
    expect(seen).toContain('Restaurant')
    // From the last one on it is the browser's own turn, and never the page behind.
    const isInside = () =>
      sam.evaluate(() => {
        const at = document.activeElement
        return at === document.body || document.querySelector('dialog')?.contains(at) === true
      })
    for (let step = 0; step < 25; step += 1) {
      await sam.keyboard.press('Shift+Tab')
      expect(await isInside()).toBe(true)
    }
  })

  it('one chooses from a menu that asks the app', async () => {
    await order()
    await field('Restaurant').focus()
    await sam.keyboard.type('Da')
    await modal().getByRole('option', { name: 'Daikon House' }).waitFor()
    await sam.keyboard.press('ArrowDown')
    await sam.keyboard.press('Enter')
    expect(await field('Restaurant').inputValue()).toBe('Daikon House')
    await modal().waitFor()
  })

  it('Escape shuts the menu first and then the window, and the focus goes back', async () => {
    await order()
    await field('Size').focus()
    await sam.keyboard.press('ArrowDown')
    await modal().getByRole('option', { name: 'Small' }).waitFor()
    await sam.keyboard.press('Escape')
    await modal().getByRole('option', { name: 'Small' }).waitFor({ state: 'detached' })
    expect(await modal().count()).toBe(1)
    await sam.keyboard.press('Escape')
    await modal().waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('Message #support')
  })

  it('Enter sends', async () => {
    await order('/orders')
    await modal().getByRole('button', { name: 'Send' }).focus()
    await sam.keyboard.press('Enter')
    await modal().waitFor({ state: 'detached' })
  })
})

it('what is being typed survives a redrawing by the app', async () => {
  await order()
  await field('Dish').fill('curry')
  const { workspace } = stage.slack
  const open = stage.slack.person('U0SAM').modal
  if (!open) throw new Error('no modal')
  await expect
    .poll(() => workspace.views.find(open.id)?.values['dish']?.['text']?.['value'])
    .toBe('curry')
  const title = { type: 'plain_text', text: 'Dinner' }
  workspace.views.update(workspace.views.find(open.id) ?? open, { ...open.definition, title })
  await sam.getByRole('dialog', { name: 'Dinner' }).waitFor()
  expect(await sam.getByLabel('Dish').inputValue()).toBe('curry')
})
