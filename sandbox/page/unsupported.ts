/** What this page can't draw is said in red, so that nobody takes a hole for what Slack would show. */

import { type ComponentChildren, h } from 'preact'

export function Unsupported({ what }: { what: string }): ComponentChildren {
  return h('div', { class: 'unsupported', role: 'note' }, `This page cannot show “${what}”.`)
}
