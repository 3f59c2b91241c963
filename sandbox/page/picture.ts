/** An image block or element. */

import { type ComponentChildren, h } from 'preact'
import { type Fields, fieldsOf, stringOf } from '../slack/json.ts'
import { Icon } from './icons.ts'
import { plainWords } from './text.ts'

/** Only its description: the page loads nothing from elsewhere. */
export function Picture({ image }: { image: Fields }): ComponentChildren {
  const alt = stringOf(image['alt_text'])
  const title = plainWords(fieldsOf(image)['title'])
  return h('span', { class: 'picture', role: 'img', 'aria-label': alt }, [
    h(Icon, { shape: 'picture' }),
    ` ${title || alt}`,
  ])
}
