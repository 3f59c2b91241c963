/** A secret has a type that will not print, because everything else gets serialised sooner or later. */

import { inspect } from 'node:util'

const shown = '[secret]'

/**
 * Holds one secret string. Logged, joined into a sentence, inspected or turned into JSON, it says
 * `[secret]`; a structured clone of it is an empty object.
 */
export class Secret {
  // A #private field, unlike TypeScript's `private`, is out of reach for spread, Object.entries
  // and inspect's showHidden.
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The secret itself: the only way out. To list every place that sees one, search for `.reveal()`. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}
