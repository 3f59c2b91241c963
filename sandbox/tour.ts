/** The whole story, played by the people of the simulated world, a line for each thing that somebody does or sees. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from './slack/model.ts'
import type { Person } from './slack/person.ts'
import type { World } from './world/world.ts'

type Say = (line: string) => void

const approvals = '#account-approvals'
const audit = '#account-audit'

// Rekey may be killed at any moment of the tour. After a crash in the middle of a call it looks
// at the account twice before it goes on, which takes about 80 seconds.
const patienceMs = 150_000

/**
 * Plays the story against a Rekey that runs in `world`, and needs a world in which nothing has happened yet.
 * Rejects when a step does not come about within its time (at most 150 s each); what was seen until then has
 * been said. The temporary password is never said.
 *
 * @param say gets one line at a time, without a line end; a line may begin with one
 */
export async function tour(world: World, say: Say): Promise<void> {
  const runner = new TourRunner(world, say)
  const jane = { name: 'Jane', email: 'jane@example.com', password: 'Jane-sandbox-1' }

  say('— Jane can’t sign in any more, and calls support. Sam looks her up.')
  const card = await runner.request(runner.sam, jane.email, 'Reset with a code')

  say('\n— Not everybody may decide.')
  await runner.press(runner.sam, 'Approve…', card)
  await runner.press(runner.gus, 'Approve…', card)

  say('\n— Mia leads the desk. She reads what Sam has written, and agrees.')
  await runner.approve(runner.mia, card)
  await runner.cardSays(card, /sessions.*(ended|revoked|over)|signed out/i)
  await runner.dmSays(runner.sam, /code/i)

  say('\n— Bob has no verified address, so no code can reach him. He gets a temporary password.')
  const second = await runner.request(runner.sam, 'bob@example.com', 'Temporary password')
  await runner.approve(runner.noor, second)
  const password = await runner.revealOnce(runner.sam)
  await runner.firstSignIn('Bob', 'bob@example.com', password)

  say('\n— Ana audits. She reads the channel, and nothing else.')
  runner.readAloud(runner.ana, audit)

  say('\n— Jane goes to the application.')
  await runner.recover(jane)
}

/** The people, and what the tour has them do. */
class TourRunner {
  readonly #world: World
  readonly #say: Say
  readonly sam: Person
  readonly mia: Person
  readonly noor: Person
  readonly gus: Person
  readonly ana: Person

  constructor(world: World, say: Say) {
    this.#world = world
    this.#say = say
    const person = (id: string) => world.slack.person(id)
    this.sam = person('U0SAM')
    this.mia = person('U0MIA')
    this.noor = person('U0NOOR')
    this.gus = person('U0GUS')
    this.ana = person('U0ANA')
  }

  /** Somebody asks for a recovery, until the card is in the approvals channel. */
  async request(person: Person, email: string, method: string): Promise<Message> {
    await this.#insist(person, `types /reset-password ${email}`, async () => {
      if (person.modal !== undefined) await person.closeModal({ all: true })
      await person.command('/reset-password', email, { channel: '#support' })
      await this.#windowSays(person, 'How should it be recovered?')
    })
    this.#window(person)
    await person.choose('How should it be recovered?', method)
    await person.choose(
      'How did you make sure that it is the owner who asks?',
      'Called back on the number on file',
    )
    await this.#windowSays(person, 'Where is that number on file?')
    await person.choose('Where is that number on file?', 'Customer record')
    await person.type(
      'Why does it need recovering?',
      'New phone, can’t get in before the demo on Monday',
    )
    await person.type('Ticket or case number', 'HELP-1234')
    await this.#insist(
      person,
      `chooses “${method}”, fills in the rest and presses “Send request”`,
      async () => {
        const { kind } = await person.submit()
        if (kind !== 'updated') throw new Error(`the form was not taken: ${kind}`)
      },
    )
    const id = /REQ-\w{10}/.exec(this.#text(person))?.[0] ?? 'REQ-'
    this.#window(person)
    await person.closeModal({ all: true })
    const card = await this.#until(() =>
      this.mia.messages(approvals).find((message) => this.mia.read(message).includes(id)),
    )
    this.#sees('Mia, Noor', `in ${approvals}`, this.mia.read(card))
    return card
  }

  async press(person: Person, label: string, card: Message): Promise<void> {
    await this.#insist(person, `presses “${label}”`, async () => {
      if (person.modal !== undefined) await person.closeModal({ all: true })
      await person.press(label, { in: this.#current(card), asSeen: true })
      await this.#until(() => this.#answer(person), 10_000)
    })
    this.#sees(this.#name(person), '', this.#answer(person) ?? '')
    if (person.modal !== undefined) await person.closeModal({ all: true })
  }

  async approve(person: Person, card: Message): Promise<void> {
    await this.#insist(person, 'presses “Approve…” on the card', async () => {
      if (person.modal !== undefined) await person.closeModal({ all: true })
      await person.press('Approve…', { in: this.#current(card) })
      await this.#windowSays(person, '[Approve]')
    })
    this.#window(person)
    // As long as the sandbox's policy wants an approver to read, and a little.
    await sleep(1_050)
    await this.#insist(person, 'presses “Approve”', async () => {
      const { kind } = await person.submit()
      if (kind !== 'updated') throw new Error(`the approval was not taken: ${kind}`)
    })
    this.#window(person)
    await person.closeModal({ all: true })
  }

  async cardSays(card: Message, words: RegExp): Promise<void> {
    const text = await this.#until(() => {
      const now = this.mia.read(this.#current(card))
      return words.test(now) && now
    })
    this.#sees('Mia, Noor', `on the card`, text)
  }

  async dmSays(person: Person, words: RegExp): Promise<void> {
    const message = await this.#until(() =>
      person.dm().findLast((each) => words.test(person.read(each))),
    )
    this.#sees(this.#name(person), 'in a direct message', person.read(message))
  }

  /** The requester looks at the password, once, and tells it. */
  async revealOnce(person: Person): Promise<string> {
    const label = 'Show the password once'
    const offer = await this.#until(() =>
      person.dm().findLast((message) => person.read(message).includes(`[${label}]`)),
    )
    this.#sees(this.#name(person), 'in a direct message', person.read(offer))
    await this.#insist(person, `presses “${label}”`, async () => {
      await person.press(label, { in: this.#current(offer) })
      await this.#until(() => this.#passwordShown(person), 10_000)
    })
    const password = this.#passwordShown(person) ?? ''
    this.#sees(
      this.#name(person),
      'in a window, once',
      this.#text(person).replaceAll(password, '••••••••••••••••'),
    )
    await person.closeModal({ all: true })
    return password
  }

  async firstSignIn(name: string, email: string, password: string): Promise<void> {
    const { application } = this.#world
    const step = await application.signIn(email, password)
    this.#does(name, `signs in with the temporary password: ${step.kind}`)
    if (step.kind !== 'new-password-required')
      throw new Error(`expected a new password to be required`)
    const own = await step.respond(`${name}-chose-this-1`)
    this.#does(name, `chooses a password of their own: ${own.kind}`)
  }

  /** The owner signs in with the old password, is told to reset, and uses the code. */
  async recover({
    name,
    email,
    password,
  }: {
    name: string
    email: string
    password: string
  }): Promise<void> {
    const { application, cognito } = this.#world
    const old = await application.signIn(email, password)
    this.#does(name, `signs in with the old password: ${old.kind}`)
    const mail = cognito.mailbox.latest(email)
    this.#sees(name, 'in the mailbox', mail?.body ?? 'nothing')
    const chosen = 'Jane-is-back-1'
    const confirmed = await application.confirmForgotPassword(email, mail?.code ?? '', chosen)
    this.#does(name, `enters the code and a new password: ${confirmed.kind}`)
    const signedIn = await application.signIn(email, chosen)
    this.#does(name, `signs in: ${signedIn.kind}`)
    if (signedIn.kind !== 'signed-in') throw new Error('Jane is not back in')
  }

  readAloud(person: Person, channel: string): void {
    for (const post of person.messages(channel)) {
      this.#sees(this.#name(person), `in ${channel}`, person.read(post))
      for (const reply of person.replies(channel, post.ts)) {
        this.#sees(this.#name(person), '  in its thread', person.read(reply))
      }
    }
  }

  /** People try again when Slack says that something went wrong; Rekey may be just coming back. */
  async #insist(person: Person, what: string, attempt: () => Promise<void>): Promise<void> {
    this.#does(this.#name(person), what)
    const end = Date.now() + patienceMs
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (Date.now() > end) throw error
        this.#does(this.#name(person), '… tries again')
        await new Promise((resolve) => setTimeout(resolve, 1_000))
      }
    }
  }

  #answer(person: Person): string | undefined {
    if (person.modal !== undefined && !this.#text(person).includes('One moment'))
      return this.#text(person)
    const notice = person.messages(approvals).findLast(({ onlyFor }) => onlyFor === person.id)
    return notice === undefined ? undefined : person.read(notice)
  }

  /** The password stands in the one preformatted block of the window. */
  #passwordShown(person: Person): string | undefined {
    const blocks = person.modal?.definition['blocks']
    return /"type":"rich_text_preformatted".*?"text":"((?:[^"\\]|\\.)+)"/.exec(
      JSON.stringify(blocks ?? []),
    )?.[1]
  }

  #current(message: Message): Message {
    return this.#world.slack.workspace.messages.find(message.channel, message.ts) ?? message
  }

  #windowSays(person: Person, words: string): Promise<unknown> {
    return this.#until(() => this.#text(person).includes(words), 10_000)
  }

  #until<Found>(
    look: () => Found | undefined | null | false,
    milliseconds = patienceMs,
  ): Promise<Found> {
    return this.#world.slack.until(look, milliseconds)
  }

  #text(person: Person): string {
    return person.modal === undefined ? '' : person.read(person.modal)
  }

  #window(person: Person): void {
    this.#sees(this.#name(person), 'in a window', this.#text(person))
  }

  #name(person: Person): string {
    return person.member.displayName
  }

  #does(name: string, what: string): void {
    this.#say(`${name.padEnd(10)} ${what}`)
  }

  #sees(name: string, where: string, text: string): void {
    const [first = '', ...rest] = text.split('\n').filter((line) => line.trim() !== '')
    this.#say(`${name.padEnd(10)} sees${where === '' ? '' : ` ${where}`}: ${first}`)
    for (const line of rest) this.#say(`${''.padEnd(11)}│ ${line}`)
  }
}
