/** The simulated workspace: its state as plain data, what administrators do to it, and the way out to the app. */
import { randomUUID } from 'node:crypto'
import type { Changes } from './changes.ts'
import { Directory } from './directory.ts'
import type { Fields } from './json.ts'
import { type Draft, Messages } from './messages.ts'
import type {
  Channel,
  Message,
  MessageShortcut,
  SlashCommand,
  Values,
  WorkspaceSeed,
} from './model.ts'
import type { Names } from './mrkdwn.ts'
import { eventCallback } from './payloads.ts'
import { ResponseUrls } from './response-urls.ts'
import type { Delivery, SocketMode } from './socket-mode.ts'
import { asText, type Readable } from './text.ts'
import type { Envelope, Transcript } from './transcript.ts'
import { Triggers } from './triggers.ts'
import { valuesOf, withIds } from './values.ts'
import { Views } from './views.ts'
import { wireMessage } from './wire.ts'

/** What a test or a person at the page may put in an envelope; the rest is as Slack would have it. */
export type Outgoing = Pick<Envelope, 'type' | 'payload'> & Partial<Envelope>

/**
 * Where the workspace gets its time, its rights and its way out from. `botEvents` are names of subscriptions,
 * such as `message.channels`, not the types of events.
 */
export interface WorkspaceOptions {
  readonly seed: WorkspaceSeed
  readonly now: () => Date
  readonly scopes: readonly string[]
  readonly botEvents: readonly string[]
  readonly changes: Changes
  readonly socketMode: SocketMode
  readonly transcript: Transcript
}

/**
 * The state of the workspace, for tests to look into and to change as an administrator would. Acting as
 * a person is `Person`; what the app asks for comes in through `web-api/`.
 */
export class Workspace {
  readonly #options: WorkspaceOptions
  readonly #messageValues = new Map<string, Values>()
  #ids = 0
  readonly app: WorkspaceSeed['app']
  readonly commands: readonly SlashCommand[]
  readonly shortcuts: readonly MessageShortcut[]
  readonly directory: Directory
  readonly messages: Messages
  readonly views: Views
  readonly triggers: Triggers
  readonly responseUrls: ResponseUrls
  /** The bot scopes the app has. Replacing them is what reinstalling it with others does; the token stays. */
  scopes: readonly string[]

  constructor(options: WorkspaceOptions) {
    const { seed, now } = options
    const changed = () => options.changes.notify()
    this.#options = options
    this.app = seed.app
    this.scopes = options.scopes
    this.commands = seed.commands
    this.shortcuts = seed.shortcuts ?? []
    this.directory = new Directory(seed, changed)
    this.messages = new Messages(now, changed)
    this.views = new Views((prefix) => this.newId(prefix), changed)
    this.triggers = new Triggers(now)
    this.responseUrls = new ResponseUrls(now)
  }

  now(): Date {
    return this.#options.now()
  }

  /** Whether the app was given this scope. */
  grants(scope: string): boolean {
    return this.scopes.includes(scope)
  }

  /** Whether the app hears of events of this name. */
  subscribesTo(event: string): boolean {
    return this.#options.botEvents.includes(event)
  }

  /** A fresh id, the same in the same order each time. */
  newId(prefix: string): string {
    this.#ids += 1
    return `${prefix}${this.#ids.toString(36).toUpperCase().padStart(6, '0')}`
  }

  /** Calls `listener` after every change of anything, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    return this.#options.changes.subscribe(listener)
  }

  /**
   * Resolves to what `look` returns as soon as it is truthy, and looks after each change; a `look` that
   * throws is asked again. Rejects after `timeoutMs`, on real time, with the last calls, envelopes and
   * messages.
   */
  until<Found>(
    look: (workspace: Workspace) => Found | undefined | null | false,
    timeoutMs = 60_000,
  ): Promise<Found> {
    const found = () => look(this)
    found.toString = () => look.toString()
    return this.#options.changes.until(found, timeoutMs, () => this.#describe())
  }

  /**
   * Posts to a channel and tells subscribers of message events, but for ephemerals. Nothing is checked,
   * neither blocks nor membership: what the app asks for, `web-api/` has checked before.
   */
  post(draft: Draft): Message {
    const blocks = withIds(draft.blocks, () => this.newId('B'))
    const message = this.messages.post({ ...draft, blocks })
    if (message.onlyFor === undefined) this.#sendMessageEvent(message, {})
    return message
  }

  /** Shows a message anew. Nobody is told: Slack's `message_changed` is not sent. */
  replace(message: Message): Message {
    const blocks = withIds(message.blocks, () => this.newId('B'))
    const shown = { ...message, blocks }
    this.messages.replace(shown)
    return shown
  }

  /**
   * An administrator, or a retention rule, deletes any message at all: no channel is tamper-proof. The app
   * hears of it as `message_deleted`, if it subscribes to messages and is in the channel.
   *
   * @throws if there is no such message
   */
  deleteMessage(channel: string, ts: string): void {
    const { id } = this.directory.channelCalled(channel)
    const message = this.messages.find(id, ts)
    if (!message) throw new Error(`No message ${ts} in ${channel}`)
    this.messages.remove(message)
    const previous = wireMessage(message, this.directory, true)
    this.#sendMessageEvent(message, {
      subtype: 'message_deleted',
      hidden: true,
      deleted_ts: ts,
      previous_message: previous,
    })
  }

  /** What this person has entered in a message's inputs and menus. */
  messageValues(message: Message, userId: string): Values {
    return valuesOf(message.blocks, this.#messageValues.get(valuesKey(message, userId)))
  }

  /** Enters something, as a person using a message's menu does. */
  setMessageValues(message: Message, userId: string, values: Values): void {
    this.#messageValues.set(valuesKey(message, userId), values)
    this.#options.changes.notify()
  }

  /**
   * Sends any payload to the app as if Slack had made it: repeated, tampered with, from anybody. Give an
   * `envelope_id` to repeat an envelope; otherwise each has a fresh one. Resolves when it is acknowledged or
   * cannot be any more.
   */
  deliver(outgoing: Outgoing): Promise<Delivery> {
    return this.#options.socketMode.deliver({
      envelope_id: randomUUID(),
      accepts_response_payload: outgoing.type !== 'events_api',
      ...outgoing,
    })
  }

  /**
   * Sends an event if the app subscribes to it; one that is not acknowledged is sent again, up to three
   * times, with the same `event_id`: an app has to expect an event more than once. Without a connection it is
   * not tried again.
   *
   * @param subscription its name in the manifest, such as `message.groups`; the event's own `type` may differ
   * @returns what became of the last attempt; undefined if the app does not subscribe
   */
  async sendEvent(subscription: string, event: Fields): Promise<Delivery | undefined> {
    if (!this.subscribesTo(subscription)) return undefined
    const payload = eventCallback(this, event)
    let delivery = await this.#deliverEvent(payload, 0)
    // Slack spreads the later attempts over minutes; here they follow at once, so that no test waits.
    for (let attempt = 1; attempt <= 3 && delivery.kind === 'timeout'; attempt += 1)
      delivery = await this.#deliverEvent(payload, attempt)
    return delivery
  }

  #deliverEvent(payload: Fields, attempt: number): Promise<Delivery> {
    const reason = attempt === 0 ? '' : 'timeout'
    const retry = { retry_attempt: attempt, retry_reason: reason }
    return this.deliver({ type: 'events_api', payload, ...retry })
  }

  /** The envelopes delivered so far, the latest last. */
  get lastEnvelopes(): Envelope[] {
    return this.#options.transcript.deliveries.map((each) => each.envelope)
  }

  readonly names: Names = {
    person: (id) => this.directory.member(id)?.displayName,
    channel: (id) => this.directory.channel(id)?.name,
    group: (id) => this.directory.group(id)?.handle,
  }

  /** Blocks, a message or a view as a person reads them. */
  asText(thing: Readable): string {
    return asText(thing, this.names)
  }

  #sendMessageEvent(message: Message, more: Fields): void {
    const channel = this.directory.channelCalled(message.channel)
    if (!channel.members.includes(this.directory.bot.id)) return
    const wire = wireMessage(message, this.directory, true)
    const deleted = more['subtype'] === 'message_deleted'
    const shown = deleted ? { type: 'message', ts: this.messages.stamp() } : wire
    const event = { ...shown, ...more, channel: channel.id, channel_type: channelType(channel) }
    void this.sendEvent(messageEvent(channel), event)
  }

  #describe(): string {
    const calls = this.#options.transcript.calls
      .slice(-8)
      .map((call) => `${call.method} → ${call.outcome}`)
    const deliveries = this.#options.transcript.deliveries
      .slice(-4)
      .map(({ envelope, outcome }) => `${envelope.type} → ${outcome}`)
    const posts = this.messages.all
      .slice(-4)
      .map((each) => `${each.channel}: ${this.asText(each).slice(0, 200)}`)
    const listed = (title: string, lines: string[]) => `${title}:\n  ${lines.join('\n  ') || '–'}`
    return [
      listed('Last calls of the app', calls),
      listed('Last envelopes', deliveries),
      listed('Last messages', posts),
    ].join('\n')
  }
}

function valuesKey(message: Message, userId: string): string {
  return `${message.channel} ${message.ts} ${userId}`
}

function channelType(channel: Channel): string {
  return { public: 'channel', private: 'group', im: 'im' }[channel.kind]
}

function messageEvent(channel: Channel): string {
  return { public: 'message.channels', private: 'message.groups', im: 'message.im' }[channel.kind]
}
