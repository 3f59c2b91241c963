/** Modals as stacks, one per person, at most three deep; and everybody's home tab. */
import { type Fields, rowsOf, stringOf } from './json.ts'
import type { OpenView, Values } from './model.ts'
import { valuesOf, withIds } from './values.ts'

/** docs.slack.dev/surfaces/modals: a modal and two more on top of it. A fourth is a `push_limit_reached`. */
export const deepestStack = 3

/**
 * What each person has open. The hash changes when the app changes a view, and not when somebody types:
 * `views.update` with an older one is refused. Nothing is checked here: what Slack refuses,
 * `web-api/views.ts` and `submission.ts` have refused before.
 */
export class Views {
  readonly #newId: (prefix: string) => string
  readonly #changed: () => void
  readonly #stacks = new Map<string, readonly OpenView[]>()
  readonly #homes = new Map<string, OpenView>()

  constructor(newId: (prefix: string) => string, changed: () => void) {
    this.#newId = newId
    this.#changed = changed
  }

  /** Everything anybody has open, and all home tabs. */
  get all(): OpenView[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()]
  }

  /** From the first modal to the one on top. */
  stack(userId: string): readonly OpenView[] {
    return this.#stacks.get(userId) ?? []
  }

  top(userId: string): OpenView | undefined {
    return this.stack(userId).at(-1)
  }

  home(userId: string): OpenView | undefined {
    return this.#homes.get(userId)
  }

  find(id: string): OpenView | undefined {
    return this.all.find((view) => view.id === id)
  }

  /**
   * The view that the app named so. Names are for the whole workspace, not for a person:
   * docs.slack.dev/reference/views.
   */
  findExternal(externalId: string): OpenView | undefined {
    return this.all.find((view) => stringOf(view.definition['external_id']) === externalId)
  }

  /**
   * Whether this external_id already belongs to a view other than `except`, an id; an empty one never does.
   */
  isTaken(externalId: string, except?: string): boolean {
    const holder = externalId === '' ? undefined : this.findExternal(externalId)
    return holder !== undefined && holder.id !== except
  }

  /** Shows a modal; one this person had open before is gone. */
  open(userId: string, definition: Fields): OpenView {
    const view = this.#fresh(userId, definition, [])
    return this.#setStack(userId, [view])
  }

  /** Lays a modal over the one on top; whether the stack has room, the caller has asked. */
  push(userId: string, definition: Fields): OpenView {
    const stack = this.stack(userId)
    return this.#setStack(userId, [...stack, this.#fresh(userId, definition, stack)])
  }

  /** Shows this on the person's home tab, in the place of what was there. */
  publish(userId: string, definition: Fields): OpenView {
    const before = this.#homes.get(userId)
    const view = before ? this.#updated(before, definition) : this.#fresh(userId, definition, [])
    this.#homes.set(userId, view)
    this.#changed()
    return view
  }

  /**
   * Shows something else in the same view, and keeps what was entered where it still fits: see `valuesOf`. An
   * app that wants an input emptied has to give it a new block_id or action_id.
   */
  update(view: OpenView, definition: Fields): OpenView {
    return this.#replace(this.#updated(view, definition))
  }

  /** Records what somebody entered; the hash stays, for the app has changed nothing. */
  setValues(view: OpenView, values: Values): OpenView {
    return this.#replace({ ...view, values })
  }

  /** Shows errors at inputs, by block_id. */
  setErrors(view: OpenView, errors: Readonly<Record<string, string>>): OpenView {
    return this.#replace({ ...view, errors })
  }

  /**
   * Closes one view; whatever was under it shows again. The app is not told: that is for `Person.closeModal`.
   */
  close(view: OpenView): void {
    const left = this.stack(view.userId).filter((each) => each.id !== view.id)
    this.#stacks.set(view.userId, left)
    this.#changed()
  }

  /** Closes all of a person's modals. */
  clear(userId: string): void {
    this.#stacks.delete(userId)
    this.#changed()
  }

  #fresh(userId: string, definition: Fields, under: readonly OpenView[]): OpenView {
    const id = this.#newId('V')
    const named = this.#named(definition)
    return {
      id,
      userId,
      hash: this.#newId('hash.'),
      rootViewId: under[0]?.id ?? id,
      previousViewId: under.at(-1)?.id ?? null,
      definition: named,
      values: valuesOf(rowsOf(named['blocks'])),
      errors: {},
    }
  }

  #updated(view: OpenView, definition: Fields): OpenView {
    const named = this.#named(definition)
    const values = valuesOf(rowsOf(named['blocks']), view.values)
    return { ...view, hash: this.#newId('hash.'), definition: named, values, errors: {} }
  }

  #named(definition: Fields): Fields {
    return { ...definition, blocks: withIds(rowsOf(definition['blocks']), () => this.#newId('B')) }
  }

  #setStack(userId: string, stack: readonly OpenView[]): OpenView {
    const top = stack.at(-1)
    if (!top) throw new Error('A stack is set to show something')
    this.#stacks.set(userId, stack)
    this.#changed()
    return top
  }

  #replace(view: OpenView): OpenView {
    const swap = (each: OpenView) => (each.id === view.id ? view : each)
    if (this.#homes.get(view.userId)?.id === view.id) this.#homes.set(view.userId, view)
    else this.#stacks.set(view.userId, this.stack(view.userId).map(swap))
    this.#changed()
    return view
  }
}
