/** The panel of troubles, and below it what crossed the wires since. */

import { type ComponentChildren, h } from 'preact'
import { usePage } from './context.ts'

export function TroublesTab(): ComponentChildren {
  const { act, say, snapshot } = usePage()
  const { troubles, happenings } = snapshot
  const make = async (id: string) => {
    const reply = await act({ kind: 'trouble', id })
    if (reply.kind === 'trouble') say(reply.says)
  }
  return h('div', { class: 'troubles' }, [
    h(
      'ul',
      {},
      troubles.map(({ id, name, means, isOn }) =>
        h('li', { key: id }, [
          h(
            'button',
            { type: 'button', class: 'button', 'aria-pressed': isOn, onClick: () => void make(id) },
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
        { class: 'happenings' },
        happenings.map(({ at, who, what, outcome, isBad }, index) =>
          h('li', { key: happenings.length - index, class: isBad ? 'bad' : '' }, [
            h('time', { dateTime: at, class: 'quiet' }, at.slice(11, 19)),
            ` ${who}: ${what} → `,
            h('span', { class: 'outcome' }, outcome),
          ]),
        ),
      ),
    ]),
  ])
}
