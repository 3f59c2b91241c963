/** Somebody at their keyboard. Things are found by the words on the screen, and what comes back is what they would see. */
import { checkBlocks } from './block-kit/blocks.ts'
import { findOption, optionsOf } from './controls.ts'
import { directMessageId } from './directory.ts'
import { type InteractionOptions, Interactions, type Outcome } from './interactions.ts'
import { type Fields, listOf, rowsOf, stringOf } from './json.ts'
import type { Channel, Member, Message, OpenView } from './model.ts'
import { commandPayload, messageAction, viewClosed, viewSubmission } from './payloads.ts'
import { escapeSlashText, slashText } from './slash-text.ts'
import { applyAnswer, byLabel, clientErrors, type Submission } from './submission.ts'
import type { Readable } from './text.ts'
import { isShown, visibleChannel } from './visibility.ts'
import type { Workspace } from './workspace.ts'

const pickable = /select$|^radio_buttons$|^overflow$/
const typable = /_input$|^(date|time)picker$/

/**
 * A person in front of Slack's client. They can do what the client lets them: what is not on their
 * screen throws, with what is. What the app or Slack makes of it is the resolved value.
 */
export class Person {
  readonly #workspace: Workspace
  readonly id: string

  constructor(workspace: Workspace, id: string) {
    this.#workspace = workspace
    this.id = workspace.directory.memberOrThrow(id).id
  }

  /** Who this is, as of now; somebody deactivated cannot do anything and throws. */
  get member(): Member {
    const member = this.#workspace.directory.memberOrThrow(this.id)
    if (member.deleted) throw new Error(`${member.displayName} is deactivated and cannot sign in`)
    return member
  }

  /** The channel as this person sees it, ephemerals for them included, without thread replies. */
  messages(channel: string): Message[] {
    const { id } = this.#channel(channel)
    return this.#workspace.messages.topLevel(id).filter((each) => isShown(each, this.id))
  }

  /** The thread under this message, without the message itself. */
  replies(channel: string, ts: string): Message[] {
    const { id } = this.#channel(channel)
    return this.#workspace.messages.replies(id, ts).filter((each) => isShown(each, this.id))
  }

  /** The conversation with the bot, thread replies included. */
  dm(): Message[] {
    const channel = directMessageId(this.id)
    const { all } = this.#workspace.messages
    return all.filter((each) => each.channel === channel && isShown(each, this.id))
  }

  /** The modal on top, if one is open. */
  get modal(): OpenView | undefined {
    return this.#workspace.views.top(this.id)
  }

  /** The app's home tab as it was last published for them. */
  get home(): OpenView | undefined {
    return this.#workspace.views.home(this.id)
  }

  /** Reads something as this person would. */
  read(thing: Readable): string {
    return this.#workspace.asText(thing)
  }

  /**
   * Writes a message of their own. The app hears of it if it subscribes to messages of such channels and is
   * in this one.
   */
  say(channel: string, text: string, threadTs?: string): Message {
    const { id } = this.#channel(channel)
    const thread = threadTs === undefined ? {} : { threadTs }
    return this.#workspace.post({ channel: id, user: this.member.id, text, blocks: [], ...thread })
  }

  /**
   * Types a slash command; in the first channel they are in, if none is said. Commands are known in the app's
   * own workspace only, not to people who come through Slack Connect (docs.slack.dev/apis/slack-connect), and
   * never in threads. A command that fails is answered by Slackbot, with `operation_timeout` if the app did
   * not acknowledge in time.
   */
  async command(command: string, text = '', where: { channel?: string } = {}): Promise<Outcome> {
    const workspace = this.#workspace
    const channel = where.channel === undefined ? this.#anyChannel() : this.#channel(where.channel)
    const known = workspace.commands.find((each) => each.command === command)
    const isHome = this.member.teamId === workspace.directory.homeTeam.id
    if (!known || !isHome || !workspace.grants('commands'))
      return this.#slackbot(channel, `${command} is not a valid command.`)
    const sent = known.shouldEscape ? escapeSlashText(text, workspace.directory) : slashText(text)
    const payload = commandPayload(workspace, this.member, { command, text: sent, channel })
    const delivery = await workspace.deliver({ type: 'slash_commands', payload })
    if (delivery.kind === 'acked') return this.#showAnswer(command, channel, delivery.payload)
    const error = delivery.kind === 'timeout' ? 'operation_timeout' : 'dispatch_failed'
    return this.#slackbot(channel, `${command} failed with the error "${error}"`)
  }

  /**
   * Presses a button. Ask for it by its label. One with a `url` sends a click as well, which the app has to
   * acknowledge.
   */
  async press(label: string, options: InteractionOptions = {}): Promise<Outcome> {
    const interactions = this.#interactions()
    const found = interactions.find(label, /^button$/, options)
    const { text, value, style, url } = found.control.element
    return interactions.dispatch(found, { text, value, style, url }, options)
  }

  /**
   * Types into an input, or sets a date (YYYY-MM-DD) or time (HH:mm), replacing what was there; nothing typed
   * empties it. Lengths and forms are looked at on `submit`, as Slack's client does.
   */
  async type(label: string, text: string, options: InteractionOptions = {}): Promise<Outcome> {
    const interactions = this.#interactions()
    return interactions.enter(
      interactions.find(label, typable, options),
      text === '' ? null : text,
      options,
    )
  }

  /** Chooses an option by its text; in an external menu, after typing it (or `typing`) to be offered it. */
  async choose(label: string, option: string, options: ChooseOptions = {}): Promise<Outcome> {
    const interactions = this.#interactions()
    const found = interactions.find(label, pickable, options)
    const { type, element } = found.control
    if (type === 'overflow') {
      const selected_option = findOption(optionsOf(element), option, this.#workspace.names)
      return interactions.dispatch(found, { selected_option }, options)
    }
    const offered = await interactions.choices(found, options.typing ?? option)
    if (!offered) return { kind: 'failed', says: 'No results: the options could not be loaded.' }
    const chosen = offered.find((each) => each.text === option)
    if (!chosen) {
      const visible = offered.map((each) => `"${each.text}"`).join(', ')
      throw new Error(`"${label}" does not offer "${option}". Visible: ${visible || 'no results'}`)
    }
    const isMulti = type.startsWith('multi_')
    const value = isMulti ? [...listOf(interactions.value(found)), chosen.value] : chosen.value
    return interactions.enter(found, value, options)
  }

  /** What an external menu offers to somebody who typed this; undefined if the app did not answer. */
  async suggestions(
    label: string,
    typed: string,
    options: InteractionOptions = {},
  ): Promise<string[] | undefined> {
    const interactions = this.#interactions()
    const offered = await interactions.choices(interactions.find(label, pickable, options), typed)
    return offered?.map((each) => each.text)
  }

  /**
   * Ticks one of several boxes, or takes the tick away. The app is sent all that is ticked then, not what has
   * changed.
   */
  async check(label: string, option: string, options: InteractionOptions = {}): Promise<Outcome> {
    const interactions = this.#interactions()
    const found = interactions.find(label, /^checkboxes$/, options)
    const chosen = findOption(optionsOf(found.control.element), option, this.#workspace.names)
    const before = rowsOf(interactions.value(found))
    const without = before.filter((each) => each['value'] !== chosen['value'])
    return interactions.enter(
      found,
      without.length < before.length ? without : [...before, chosen],
      options,
    )
  }

  /** Chooses one of the app's shortcuts in a message's menu. Throws if the app has none of that name. */
  async shortcut(name: string, message: Message): Promise<Outcome> {
    visibleChannel(this.#workspace, this.member, message.channel)
    const chosen = this.#workspace.shortcuts.find((each) => each.name === name)
    if (!chosen) throw new Error(`The menu of a message does not offer "${name}"`)
    const payload = messageAction(this.#workspace, this.member, message, chosen.callbackId)
    const delivery = await this.#workspace.deliver({ type: 'interactive', payload })
    if (delivery.kind === 'acked') return { kind: 'done' }
    return { kind: 'failed', says: `${name} did not work. Try again?` }
  }

  /**
   * Presses the modal's submit button. What the client refuses by itself never reaches the app. Until the app
   * has answered the modal stays as it is, with what was entered; an app that answers late or wrongly loses
   * nothing of it.
   *
   * @throws if no modal is open, or it has no submit button
   */
  async submit(): Promise<Submission> {
    const open = this.#openModal()
    if (open.definition['submit'] === undefined)
      throw new Error(`This modal has no submit button:\n${this.read(open)}`)
    const errors = clientErrors(open)
    const view = this.#workspace.views.setErrors(open, errors)
    if (Object.keys(errors).length > 0) return byLabel(view, errors)
    const payload = viewSubmission(this.#workspace, this.member, view)
    const delivery = await this.#workspace.deliver({ type: 'interactive', payload })
    return applyAnswer(this.#workspace, view, delivery)
  }

  /**
   * Presses the close button; with `all`, the × that closes the whole stack. The app hears of it if it asked
   * to with `notify_on_close`: of the whole stack by its root view, with `is_cleared`. It cannot prevent it.
   */
  async closeModal({ all = false }: { all?: boolean } = {}): Promise<void> {
    const top = this.#openModal()
    const isCleared = all || top.definition['clear_on_close'] === true
    const told = isCleared ? (this.#workspace.views.find(top.rootViewId) ?? top) : top
    const payload = viewClosed(this.#workspace, this.member, told, isCleared)
    if (isCleared) this.#workspace.views.clear(this.id)
    else this.#workspace.views.close(top)
    if (told.definition['notify_on_close'] !== true) return
    await this.#workspace.deliver({ type: 'interactive', payload })
  }

  /** Opens the app's home tab; the app hears of it if it subscribes to `app_home_opened`. */
  async openHome(): Promise<void> {
    const channel = this.#workspace.directory.directMessage(this.id).id
    const event = { type: 'app_home_opened', user: this.member.id, channel, tab: 'home' }
    await this.#workspace.sendEvent('app_home_opened', event)
  }

  #showAnswer(command: string, channel: Channel, answer: Fields): Outcome {
    const { text, blocks, response_type } = answer
    if (text === undefined && blocks === undefined) return { kind: 'done' }
    if (blocks !== undefined && checkBlocks('message', blocks).length > 0)
      return this.#slackbot(channel, `${command} failed with the error "invalid_blocks"`)
    const { directory, app } = this.#workspace
    this.#workspace.post({
      channel: channel.id,
      user: directory.bot.id,
      botId: app.botId,
      appId: app.id,
      text: stringOf(text),
      blocks: rowsOf(blocks),
      ...(response_type !== 'in_channel' && { onlyFor: this.id }),
    })
    return { kind: 'done' }
  }

  #slackbot(channel: Channel, says: string): Outcome {
    const draft = { channel: channel.id, user: 'USLACKBOT', text: says, blocks: [] }
    this.#workspace.post({ ...draft, onlyFor: this.id })
    return { kind: 'failed', says }
  }

  #interactions(): Interactions {
    return new Interactions(this.#workspace, this.member)
  }

  #openModal(): OpenView {
    if (this.modal) return this.modal
    throw new Error(`${this.member.displayName} has no modal open`)
  }

  #channel(idOrName: string): Channel {
    return visibleChannel(this.#workspace, this.member, idOrName)
  }

  #anyChannel(): Channel {
    const { channels } = this.#workspace.directory
    const mine = channels.find((each) => each.members.includes(this.id) && !each.archived)
    return mine ?? this.#workspace.directory.directMessage(this.id)
  }
}

/** How to choose from a menu. */
export interface ChooseOptions extends InteractionOptions {
  /** What to type into an external menu before choosing. */
  readonly typing?: string
}
