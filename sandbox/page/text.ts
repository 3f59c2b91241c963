/** Texts on the screen: plain text as it is, mrkdwn with its marks turned into what they mean. */

import { type ComponentChildren, h } from 'preact'
import { fieldsOf, type Json, stringOf } from '../slack/json.ts'
import { usePage } from './context.ts'
import { formatDate, type Reader } from './dates.ts'
import { emoji } from './emoji.ts'
import { type Piece, parseMrkdwn } from './mrkdwn.ts'

/** A text object of either kind. */
export function Words({ of }: { of: Json | undefined }): ComponentChildren {
  const { type, text, verbatim } = fieldsOf(of)
  if (type !== 'mrkdwn') return h('span', { class: 'words' }, stringOf(text))
  return h(Mrkdwn, { text: stringOf(text), verbatim: verbatim === true })
}

/** Slack's markup as it looks in a client; `verbatim` leaves bare addresses alone. */
export function Mrkdwn({
  text,
  verbatim = false,
}: {
  text: string
  verbatim?: boolean
}): ComponentChildren {
  return h('span', { class: 'words' }, parseMrkdwn(text, verbatim).map(Part))
}

/** The bare words of a plain text, for names and labels. */
export function plainWords(of: Json | undefined): string {
  return stringOf(fieldsOf(of)['text'])
}

function Part(piece: Piece, index: number): ComponentChildren {
  if (typeof piece === 'string') return piece
  switch (piece.kind) {
    case 'bold':
      return h('strong', { key: index }, piece.inside.map(Part))
    case 'italic':
      return h('em', { key: index }, piece.inside.map(Part))
    case 'strike':
      return h('s', { key: index }, piece.inside.map(Part))
    case 'quote':
      return h('blockquote', { key: index }, piece.inside.map(Part))
    case 'code':
      return h('code', { key: index }, piece.text)
    case 'block':
      return h('pre', { key: index }, piece.text.replace(/^\n/, ''))
    case 'link':
      return h(Link, { key: index, url: piece.url }, piece.text)
    case 'emoji':
      return emoji(piece.name)
    case 'date':
      return h(Moment, { key: index, ...piece })
    case 'everybody':
      return h('span', { key: index, class: 'mention loud' }, `@${piece.text}`)
    default:
      return h(Mention, { key: index, to: piece.kind, id: piece.id, text: piece.text })
  }
}

/** A link, if it leads to where a link may lead. */
export function Link({
  url,
  children,
}: {
  url: string
  children?: ComponentChildren
}): ComponentChildren {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return h('span', {}, children)
  return h('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, children)
}

interface Mentioned {
  readonly to: 'person' | 'channel' | 'group'
  readonly id: string
  readonly text?: string
}

/** By the name that the id has in the workspace; loud if it is the reader. */
export function Mention({ to, id, text = '' }: Mentioned): ComponentChildren {
  const { me, names } = usePage().snapshot
  const known = { person: names.people, channel: names.channels, group: names.groups }[to][id]
  const mark = to === 'channel' ? '#' : '@'
  const isMe = to === 'person' && id === me.id
  return h('span', { class: isMe ? 'mention loud' : 'mention' }, `${mark}${known ?? (text || id)}`)
}

interface MomentProps {
  readonly unix: number
  readonly pattern: string
  readonly url?: string
  readonly fallback: string
}

/** A date in the reader's words. What is no date shows its fallback. */
export function Moment({ unix, pattern, url = '', fallback }: MomentProps): ComponentChildren {
  const reader: Reader = usePage().snapshot.me
  const date = new Date(unix * 1000)
  if (Number.isNaN(date.getTime())) return h('span', {}, fallback)
  const shown = formatDate(date, pattern, reader, new Date())
  const time = h('time', { dateTime: date.toISOString(), title: fallback }, shown)
  return url === '' ? time : h(Link, { url }, time)
}
