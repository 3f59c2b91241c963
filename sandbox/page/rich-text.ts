/** Rich text: sections, lists, quotations and preformatted text, with styled words in them. */

import { type ComponentChildren, h } from 'preact'
import { type Fields, fieldsOf, rowsOf, stringOf } from '../slack/json.ts'
import { emoji } from './emoji.ts'
import { Link, Mention, Moment } from './text.ts'
import { Unsupported } from './unsupported.ts'

/** The parts that Slack documents; any other is shown as a hole. */
export function RichText({ block }: { block: Fields }): ComponentChildren {
  return h('div', { class: 'rich-text' }, rowsOf(block['elements']).map(part))
}

function part(element: Fields, index: number): ComponentChildren {
  const inside = () => rowsOf(element['elements']).map(word)
  switch (element['type']) {
    case 'rich_text_section':
      return h('p', { key: index, class: 'words' }, inside())
    case 'rich_text_quote':
      return h('blockquote', { key: index, class: 'words' }, inside())
    case 'rich_text_preformatted':
      return h('pre', { key: index }, inside())
    case 'rich_text_list':
      return h(
        element['style'] === 'ordered' ? 'ol' : 'ul',
        { key: index },
        rowsOf(element['elements']).map((each, at) => h('li', { key: at }, part(each, at))),
      )
    default:
      return h(Unsupported, { key: index, what: stringOf(element['type']) })
  }
}

function word(element: Fields, index: number): ComponentChildren {
  return h('span', { key: index }, styled(bare(element), fieldsOf(element['style'])))
}

function bare(element: Fields): ComponentChildren {
  const { type, text, url, user_id, channel_id, usergroup_id, name, range, value } = element
  switch (type) {
    case 'text':
      return stringOf(text)
    case 'link':
      return h(Link, { url: stringOf(url) }, stringOf(text) || stringOf(url))
    case 'emoji':
      return emoji(stringOf(name))
    case 'user':
      return h(Mention, { to: 'person', id: stringOf(user_id) })
    case 'channel':
      return h(Mention, { to: 'channel', id: stringOf(channel_id) })
    case 'usergroup':
      return h(Mention, { to: 'group', id: stringOf(usergroup_id) })
    case 'broadcast':
      return h('span', { class: 'mention loud' }, `@${stringOf(range)}`)
    case 'color':
      return stringOf(value)
    case 'date':
      return h(Moment, {
        unix: Number(element['timestamp']),
        pattern: stringOf(element['format']),
        url: stringOf(url),
        fallback: stringOf(element['fallback']),
      })
    default:
      return h(Unsupported, { what: stringOf(type) })
  }
}

function styled(inside: ComponentChildren, style: Fields): ComponentChildren {
  const tags = { bold: 'strong', italic: 'em', strike: 's', code: 'code' } as const
  return Object.entries(tags).reduce<ComponentChildren>(
    (around, [name, tag]) => (style[name] === true ? h(tag, {}, around) : around),
    inside,
  )
}
