/** The app's home tab, as the app has published it for this person. */

import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import { rowsOf } from '../slack/json.ts'
import { Blocks } from './blocks.ts'
import { type Surface, usePage } from './context.ts'

/** What was published last; until the app has heard of the opening there may be nothing. */
export function Home(): ComponentChildren {
  const { send, snapshot } = usePage()
  const { home, app } = snapshot
  // Opening it is what the app hears of.
  useEffect(() => void send({ kind: 'home' }), [])
  if (!home) return h('p', { class: 'quiet empty' }, `${app.name} has drawn nothing here yet.`)
  const { values, errors, definition } = home
  const surface: Surface = { container: { kind: 'home' }, values, errors }
  return h(
    'section',
    { class: 'home', 'aria-label': `${app.name} home` },
    h(Blocks, { blocks: rowsOf(definition['blocks']), surface }),
  )
}
