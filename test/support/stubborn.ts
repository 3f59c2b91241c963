/** People who try again until it is done, as people do when a program dies under their hands. */

import type { Message } from '../../sandbox/slack/model.ts'
import type { Person } from '../../sandbox/slack/person.ts'
import type { Stage } from './stage.ts'
import { approve, fillIn, formLabels } from './story/interactions.ts'
import { current, windowSays } from './story/reading.ts'

export type Mode = 'reset' | 'temporary-password'

/** Asks, as often as it takes: what was not stored has to be sent again, and the form is still there. */
export async function opened(
  stage: Stage,
  email: string,
  method: Mode,
  by: Person = stage.sam,
): Promise<Message> {
  await untilDone(stage, async () => {
    // What is left of a try before would be taken for the new form.
    await closed(by)
    await by.command('/reset-password', email, { channel: '#general' })
    const says = await windowSays(
      stage,
      by,
      new RegExp(`${formLabels.method}|${isOpenAlready.source}`),
    )
    if (!says.includes(formLabels.method)) return
    if (method === 'temporary-password') await by.choose(formLabels.method, 'Temporary password')
    await fillIn(by, {}, stage.patienceMs)
    const sent = await by.submit()
    if (sent.kind === 'updated' || hearsThatItIsOpen(by)) return
    await stage.backAgain()
    const again = await by.submit()
    // It may have been stored before, by this window or one that was closed, and then there is nothing to add.
    if (again.kind !== 'updated' && !hearsThatItIsOpen(by) && cardOf(stage, email) === undefined)
      throw new Error(`not sent: ${JSON.stringify(again)}`)
  })
  await closed(by)
  await stage.settle(() => cardOf(stage, email))
  const card = cardOf(stage, email)
  if (card === undefined) throw new Error('there is no card')
  return card
}

function hearsThatItIsOpen(who: Person): boolean {
  return who.modal !== undefined && isOpenAlready.test(who.read(who.modal))
}

const isOpenAlready = /There is a request for this account already/

/** Approves, and again as long as the card says that nobody has. */
export async function approved(stage: Stage, card: Message, by: Person = stage.mia): Promise<void> {
  const { slack } = stage
  await untilDone(stage, async () => {
    await closed(by)
    await slack.until(() => by.read(current(stage, card)).length > 0)
    if (by.read(current(stage, card)).includes('No approvals yet')) await approve(stage, by, card)
  })
}

// Under kills that come every second or two, one of the steps of a form may fail many times in a row.
const mostTries = 100

/** Whatever is done while Rekey dies is done again when it is back. */
async function untilDone(stage: Stage, act: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    await stage.backAgain()
    try {
      return await act()
    } catch (error) {
      if (tries === mostTries) throw error
    }
  }
}

export async function closed(who: Person): Promise<void> {
  if (who.modal === undefined) return
  // That the window was closed may not reach a Rekey that has died.
  await who.closeModal({ all: true }).catch(() => undefined)
}

export function cardOf(stage: Stage, email: string): Message | undefined {
  const name = nameOf(email)
  return cards(stage).findLast((message) => name.test(stage.mia.read(message)))
}

/** How whoever has this address is named wherever something is said of them. */
export function nameOf(email: string): RegExp {
  return new RegExp(`New Comer ${/\d+/.exec(email)?.[0]}\\b`)
}

/** What the card about this account says, if there is one. */
export function cardText(stage: Stage, email: string): string | undefined {
  const card = cardOf(stage, email)
  return card && stage.mia.read(card)
}

export function cards(stage: Stage): Message[] {
  return stage.mia
    .messages('#account-approvals')
    .filter((message) => stage.slack.workspace.asText(message).includes('Account recovery REQ-'))
}
