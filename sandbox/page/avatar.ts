/** A person's initial on a colour of their own. */

import { type ComponentChildren, h } from 'preact'

const colours = 8

/** The colour is a function of the name, so that it is the same in every window. */
export function Avatar({
  name,
  isApp = false,
}: {
  name: string
  isApp?: boolean
}): ComponentChildren {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0)
  const look = isApp ? 'app' : `colour-${sum % colours}`
  return h('span', { class: `avatar ${look}`, 'aria-hidden': true }, [...name][0] ?? '?')
}
