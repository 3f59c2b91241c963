/** One call of the Web API as a method sees it: its arguments, and what the app may do. */
import { type Fields, type Json, parseJson, stringOf } from '../json.ts'
import type { Channel } from '../model.ts'
import type { Workspace } from '../workspace.ts'
import { refuse, refuseProblems } from './refusal.ts'

/**
 * Arguments are read by name and kind. Whatever is missing or not allowed throws the refusal that Slack
 * would answer with.
 */
export class MethodCall {
  readonly workspace: Workspace
  readonly args: Fields
  readonly scopes: readonly string[]

  constructor(workspace: Workspace, args: Fields, scopes: readonly string[]) {
    this.workspace = workspace
    this.args = args
    this.scopes = scopes
  }

  /** A string argument; empty if it was not given. A number in a JSON body reads as its digits. */
  text(name: string): string {
    const value = this.args[name]
    return typeof value === 'number' ? String(value) : stringOf(value)
  }

  /** As `text`; refuses the call with `invalid_arguments` if it was not given. */
  required(name: string): string {
    const value = this.text(name)
    if (value === '')
      refuseProblems('invalid_arguments', [{ at: '', says: `missing required field: ${name}` }])
    return value
  }

  /** A yes-or-no argument, which forms carry as a word. */
  flag(name: string): boolean {
    const value = this.args[name]
    return value === true || value === 'true' || value === '1'
  }

  /** A number; `otherwise` if there is none, or something that is not a number. */
  number(name: string, otherwise: number): number {
    const value = Number(this.text(name))
    return this.text(name) === '' || Number.isNaN(value) ? otherwise : value
  }

  /** An argument that is JSON: spelled out in a form, as it is in a JSON body. Refuses with `error` if it can't be read. */
  json(name: string, error: string): Json | undefined {
    const value = this.args[name]
    if (typeof value !== 'string') return value
    if (value === '') return undefined
    return parseJson(value) ?? refuse(error)
  }

  /** Refuses with `missing_scope`, and which one is missing. */
  requireScope(scope: string): void {
    if (this.scopes.includes(scope)) return
    refuse('missing_scope', { needed: scope, provided: this.scopes.join(',') })
  }

  /**
   * The conversation named by `channel`, if the bot can know of it; `verb` is the scope's: `read` or
   * `history`. The scope's noun follows the kind of conversation: `channels`, `groups` or `im`. A private
   * channel without the bot is a `channel_not_found`, as if it were not there. Ids only: a name such as
   * `#general` is not looked up.
   */
  channel(verb: 'read' | 'history'): Channel {
    const channel = this.workspace.directory.channel(this.required('channel'))
    if (!channel) refuse('channel_not_found')
    const noun = { public: 'channels', private: 'groups', im: 'im' }[channel.kind]
    this.requireScope(`${noun}:${verb}`)
    if (channel.kind !== 'public' && !this.isMember(channel)) refuse('channel_not_found')
    return channel
  }

  /** Whether the bot is in this channel. */
  isMember(channel: Channel): boolean {
    return channel.members.includes(this.workspace.directory.bot.id)
  }

  /**
   * One page of a list, and the cursor to the next: empty on the last page. `limit` counts items, from 1 to
   * 1000; more is cut, not refused. A cursor that was not issued here is an `invalid_cursor`. It counts from
   * the start of the list, so items that come or go between two calls shift the next page.
   */
  page<Item>(items: readonly Item[], usual = 100): { items: Item[]; cursor: string } {
    const start = this.#start()
    const limit = Math.min(Math.max(this.number('limit', usual), 1), 1000)
    const end = start + limit
    const cursor = end < items.length ? Buffer.from(`next:${end}`).toString('base64') : ''
    return { items: items.slice(start, end), cursor }
  }

  #start(): number {
    const cursor = this.text('cursor')
    if (cursor === '') return 0
    const [, start] = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? []
    return start === undefined ? refuse('invalid_cursor') : Number(start)
  }
}

/** Does what is asked and returns the answer, `ok: true` included, or throws a Refusal. */
export type Method = (call: MethodCall) => Fields
