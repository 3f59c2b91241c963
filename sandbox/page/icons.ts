/** Small icons of our own: not every machine has a font with pictures in it. */

import { type ComponentChildren, h } from 'preact'

const shapes = {
  lock: 'M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z',
  eye: 'M8 3c4 0 6.5 3.5 7 5-.5 1.5-3 5-7 5S1.5 9.5 1 8c.5-1.5 3-5 7-5zm0 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  shared: 'M2 2h8v3h4v9H6v-3H2zm2 2v5h2V5h2V4zm4 3v5h4V7z',
  reply: 'M2 3h12v8H8l-4 3v-3H2z',
  picture: 'M2 3h12v10H2zm2 8h8l-2.5-4-2 2.5-1-1z',
} as const

/** Without `label` it is decoration. */
export function Icon({
  shape,
  label,
}: {
  shape: keyof typeof shapes
  label?: string
}): ComponentChildren {
  const meaning = label === undefined ? { 'aria-hidden': true } : { 'aria-label': label }
  return h(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', role: 'img', ...meaning },
    h('path', { d: shapes[shape], 'fill-rule': 'evenodd' }),
  )
}
