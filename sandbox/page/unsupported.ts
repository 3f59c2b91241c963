/** What this page can't show is said in red, so that nobody takes a hole for what Slack would show. */

import { type ComponentChildren, h } from 'preact'

/** `what` is the type, as Block Kit spells it. */
export function Unsupported({ what }: { what: string }): ComponentChildren {
  return h('div', { class: 'unsupported', role: 'note' }, `This page cannot show “${what}”.`)
}
