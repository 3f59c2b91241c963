/** Using the controls of a message or a view: finding them, entering values, sending the click. */
import { offeredOptions } from './block-kit/elements.ts'
import { type Problem, slackLine } from './block-kit/problem.ts'
import { type Control, controlsOf, findControl, optionsOf } from './controls.ts'
import { type Fields, fieldsOf, isFields, type Json, rowsOf } from './json.ts'
import type { Member, Message, Values } from './model.ts'
import { blockActions, blockSuggestion, type Container } from './payloads.ts'
import { words } from './text.ts'
import { valueField, withValue } from './values.ts'
import { canSee, isShown, visibleChannel } from './visibility.ts'
import type { Workspace } from './workspace.ts'

/**
 * What somebody sees after using a control or a command. `done` says that the app has acknowledged, not that
 * it is finished: what it does afterwards is to be waited for. `failed` is what Slack shows when 3 seconds
 * have gone by, in words close to the real ones; no test should rest on them.
 */
export type Outcome =
  | { readonly kind: 'done'; readonly confirmed?: ConfirmDialog }
  | { readonly kind: 'cancelled'; readonly asked: ConfirmDialog }
  | { readonly kind: 'failed'; readonly says: string }

/** A confirm dialog, as it read: mentions as names, so a test can tell what somebody agreed to. */
export interface ConfirmDialog {
  readonly title: string
  readonly text: string
  readonly confirm: string
  readonly deny: string
}

/** What may be said about how a control is used. */
export interface InteractionOptions {
  /** Where the control is; the open modal if not said. */
  readonly in?: Message | 'modal' | 'home'
  /** Words of the section the control stands in, to tell equal ones apart. */
  readonly section?: string
  /** What to answer to a confirm dialog; yes if not said. */
  readonly confirm?: boolean
  /**
   * Use the message just as it was when it was read, though it may have changed, gone, or never been theirs
   * to see. So come the clicks of a slow client, and forged ones.
   */
  readonly asSeen?: boolean
}

/** A control somebody has found, and where. */
export interface FoundControl {
  readonly container: Container
  readonly control: Control
}

/**
 * One entry of a menu: how it reads and what choosing it enters, an option or the id of a person or channel.
 */
export interface Choice {
  readonly text: string
  readonly value: Json
}

/**
 * What one member does with controls. None can be used that they do not see now (but for `asSeen`),
 * and what Slack's client would not send is not sent.
 */
export class Interactions {
  readonly #workspace: Workspace
  readonly #member: Member

  constructor(workspace: Workspace, member: Member) {
    this.#workspace = workspace
    this.#member = member
  }

  /**
   * Finds the control of these types by its label.
   *
   * @throws if there is none or more than one, with the labels that can be seen; if no such view is open; and
   * if the message is not one that this person sees
   */
  find(label: string, types: RegExp, options: InteractionOptions): FoundControl {
    const container = this.#container(options)
    return {
      container,
      control: findControl(this.#controls(container), label, types, options.section),
    }
  }

  /** Takes hold of exactly one control, as a finger on a screen does. Throws if it is gone. */
  findById(blockId: string, actionId: string, options: InteractionOptions): FoundControl {
    const container = this.#container(options)
    const control = this.#controls(container).find(
      (each) => each.blockId === blockId && each.actionId === actionId,
    )
    if (!control) throw new Error('What was used is no longer there')
    return { container, control }
  }

  /**
   * Puts a value into an input or menu; the app hears of it only where Slack tells it: at once from a section
   * or an actions block, and from an input block with `dispatch_action` only. `entered` is null to empty it.
   */
  async enter(found: FoundControl, entered: Json, options: InteractionOptions): Promise<Outcome> {
    const { container, control } = found
    const asked = this.#dialog(control)
    if (asked && options.confirm === false) return { kind: 'cancelled', asked }
    const field = valueField(control.type) ?? 'value'
    this.#setValue(found, { type: control.type, [field]: entered })
    const { block } = control
    if (block['type'] === 'input' && block['dispatch_action'] !== true) return { kind: 'done' }
    return this.dispatch(
      { container: this.#current(container), control },
      { [field]: entered },
      options,
    )
  }

  /** Sends the click; `part` is what this kind of control adds to the action, such as `selected_option`. */
  async dispatch(
    { container, control }: FoundControl,
    part: Fields,
    options: InteractionOptions,
  ): Promise<Outcome> {
    const asked = this.#dialog(control)
    if (asked && options.confirm === false) return { kind: 'cancelled', asked }
    const { type, blockId, actionId } = control
    const action = { type, action_id: actionId, block_id: blockId, ...part }
    const payload = blockActions(this.#workspace, this.#member, container, action)
    const delivery = await this.#workspace.deliver({ type: 'interactive', payload })
    if (delivery.kind !== 'acked')
      return { kind: 'failed', says: `A warning mark beside "${control.labels[0]}"` }
    return asked ? { kind: 'done', confirmed: asked } : { kind: 'done' }
  }

  /** What was entered so far. */
  value({ container, control }: FoundControl): Json | undefined {
    const value = fieldsOf(
      this.#values(this.#current(container))[control.blockId]?.[control.actionId],
    )
    return value[valueField(control.type) ?? 'value']
  }

  /**
   * What a menu offers; an external one asks the app, and offers nothing (undefined) if it did not answer or
   * answered with options that Slack would refuse: the transcript then has the `problems`. Menus of people
   * leave out who was deactivated, menus of channels what this person cannot see; a menu's `filter` is not
   * looked at.
   *
   * @throws if `typed` is shorter than the `min_query_length` of an external menu, 3 unless it says otherwise
   */
  async choices(found: FoundControl, typed: string): Promise<Choice[] | undefined> {
    const { directory, names } = this.#workspace
    const { type, element } = found.control
    if (type.includes('users'))
      return directory.members
        .filter((each) => !each.deleted)
        .map((each) => ({ text: each.displayName, value: each.id }))
    if (/channels|conversations/.test(type))
      return directory.channels
        .filter((each) => each.kind !== 'im' && canSee(this.#workspace, this.#member, each))
        .map((each) => ({ text: `#${each.name}`, value: each.id }))
    const options = type.includes('external')
      ? await this.#offered(found, typed)
      : optionsOf(element)
    return options?.map((each) => ({ text: words(each['text'], names), value: each }))
  }

  #controls(container: Container): Control[] {
    const blocks =
      container.kind === 'message'
        ? container.message.blocks
        : rowsOf(container.view.definition['blocks'])
    return controlsOf(blocks, this.#workspace.names)
  }

  async #offered(
    { container, control }: FoundControl,
    value: string,
  ): Promise<Fields[] | undefined> {
    const least = Number(control.element['min_query_length'] ?? 3)
    if (value.length < least)
      throw new Error(`Slack asks for options after ${least} characters; "${value}" is shorter`)
    const { blockId, actionId } = control
    const asked = { blockId, actionId, value }
    const payload = blockSuggestion(this.#workspace, this.#member, container, asked)
    const delivery = await this.#workspace.deliver({ type: 'interactive', payload })
    if (delivery.kind !== 'acked') return undefined
    const found: Problem[] = []
    offeredOptions(delivery.payload, '', found)
    if (found.length === 0) return optionsOf(delivery.payload)
    delivery.record.problems = found.map(slackLine)
    return undefined
  }

  #dialog({ element }: Control): ConfirmDialog | undefined {
    if (!isFields(element['confirm'])) return undefined
    const { title, text, confirm, deny } = element['confirm']
    return {
      title: words(title),
      text: words(text, this.#workspace.names),
      confirm: words(confirm),
      deny: words(deny),
    }
  }

  #container({ in: where = 'modal', asSeen = false }: InteractionOptions): Container {
    const { views, messages } = this.#workspace
    const { id, displayName } = this.#member
    if (where === 'modal' || where === 'home') {
      const view = where === 'modal' ? views.top(id) : views.home(id)
      if (!view) throw new Error(`${displayName} has no ${where} open`)
      return { kind: 'view', view }
    }
    if (asSeen) return { kind: 'message', message: where }
    visibleChannel(this.#workspace, this.#member, where.channel)
    const message = messages.find(where.channel, where.ts)
    if (!message || !isShown(message, id))
      throw new Error(`${displayName} does not see the message ${where.ts}`)
    return { kind: 'message', message }
  }

  // Entering a value replaces the view; what is sent must be the new one.
  #current(container: Container): Container {
    if (container.kind === 'message') return container
    return { kind: 'view', view: this.#workspace.views.find(container.view.id) ?? container.view }
  }

  #values(container: Container): Values {
    if (container.kind === 'view') return container.view.values
    return this.#workspace.messageValues(container.message, this.#member.id)
  }

  #setValue({ container, control }: FoundControl, to: Fields): void {
    const now = this.#current(container)
    const values = withValue(this.#values(now), control.blockId, control.actionId, to)
    if (now.kind === 'view') this.#workspace.views.setValues(now.view, values)
    else this.#workspace.setMessageValues(now.message, this.#member.id, values)
  }
}
