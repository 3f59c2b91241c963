/** HTML from templates in which everything that is put in is escaped, unless it is HTML already. */

/** A piece of HTML. Only `html` makes one, and `verbatim` of our own files. */
export class Html {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  static of(parts: readonly string[], values: readonly Content[]): Html {
    return new Html(String.raw({ raw: parts }, ...values.map(textOf)))
  }

  static verbatim(text: string): Html {
    return new Html(text)
  }

  toString(): string {
    return this.#text
  }
}

/** What may stand in a template; `undefined` and `false` stand for nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[]

/** Attribute values have to be in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return Html.of(parts, values)
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.toString()
  if (typeof content === 'object') return content.map(textOf).join('')
  return String(content).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
