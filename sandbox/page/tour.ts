/** The guided tour along the top: what to do next, and a way there. It can be put away at any time. */

import { type ComponentChildren, h } from 'preact'
import { useState } from 'preact/hooks'
import { usePage } from './context.ts'
import type { Navigation } from './location.ts'

/** Nothing where the sandbox has no tour, and once somebody has hidden it. */
export function Tour({ location, go }: Navigation): ComponentChildren {
  const { tour, people } = usePage().snapshot
  const [isHidden, setHidden] = useState(false)
  if (!tour || isHidden) return null
  const { steps, at } = tour
  const step = steps[at]
  const take = () => {
    if (!step) return
    const isAround = step.look === 'application'
    if (isAround) return go({ pane: 'side-panel', tab: step.look })
    go({ as: step.as, in: step.look, thread: '', pane: 'conversation' })
  }
  const isThere =
    step?.look === 'application'
      ? location.tab === step.look
      : step?.as === location.as && step.look === location.in
  const who = people.find(({ id }) => id === step?.as)?.name ?? ''
  return h('section', { class: 'tour', 'aria-label': 'Guided tour' }, [
    h('span', { class: 'tour-count' }, step ? `${at + 1} of ${steps.length}` : 'Done'),
    h('p', { 'aria-live': 'polite' }, step ? step.says : theEnd),
    step &&
      !isThere &&
      h(
        'button',
        { type: 'button', class: 'button primary', onClick: take },
        takeWords(step.look, who),
      ),
    h(
      'button',
      { type: 'button', class: 'button', onClick: () => setHidden(true) },
      'Hide the tour',
    ),
  ])
}

const theEnd =
  'That was the whole way. Now make trouble: kill Rekey in the middle of it, or take Slack down.'

function takeWords(look: string, who: string): string {
  return look === 'application' ? 'Go to the sign-in page' : `Be ${who}`
}
