/** The Troubles tab: buttons for faults, and below them what crossed the wires since. */

import { type ComponentChildren, h } from 'preact'
import { usePage } from './context.ts'

/** A button that is on stays pressed in every window. */
export function FaultsTab(): ComponentChildren {
  const { send, say, snapshot } = usePage()
  const { faultButtons, traffic } = snapshot
  const press = async (id: string) => {
    const reply = await send({ kind: 'fault', id })
    if (reply.kind === 'notice' || reply.kind === 'failed') say(reply.says)
  }
  return h('div', { class: 'faults-tab' }, [
    h(
      'ul',
      {},
      faultButtons.map(({ id, name, means, isOn }) =>
        h('li', { key: id }, [
          h(
            'button',
            {
              type: 'button',
              class: 'button',
              'aria-pressed': isOn,
              onClick: () => void press(id),
            },
            name,
          ),
          h('p', { class: 'hint' }, means),
        ]),
      ),
    ),
    h('section', { 'aria-label': 'On the wires' }, [
      h('h3', {}, 'On the wires'),
      h(
        'ol',
        { class: 'traffic' },
        traffic.map(({ at, who, what, outcome, isBad }, index) =>
          h('li', { key: traffic.length - index, class: isBad ? 'bad' : '' }, [
            h('time', { dateTime: at, class: 'quiet' }, at.slice(11, 19)),
            ` ${who}: ${what} → `,
            h('span', { class: 'outcome' }, outcome),
          ]),
        ),
      ),
    ]),
  ])
}
