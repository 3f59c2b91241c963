/** A button of the app, with its confirm dialog, and the warning mark when the app did not answer. */

import { type ComponentChildren, h } from 'preact'
import { useState } from 'preact/hooks'
import { fieldsOf, stringOf } from '../slack/json.ts'
import { usePage } from './context.ts'
import type { ElementProps } from './element-state.ts'
import { plainWords } from './text.ts'

/** Waits for the app's acknowledgement: pressed again in the meantime, it does nothing. */
export function ActionButton({ block, element, surface }: ElementProps): ComponentChildren {
  const { send, confirm } = usePage()
  const [state, setState] = useState<'ready' | 'waiting' | 'failed'>('ready')
  const label = plainWords(element['text'])
  const url = stringOf(element['url'])
  const controlRef = {
    container: surface.container,
    blockId: stringOf(block['block_id']),
    actionId: stringOf(element['action_id']),
  }

  const press = async () => {
    if (state === 'waiting') return
    const asked = element['confirm']
    if (asked !== undefined && !(await confirm(fieldsOf(asked)))) return
    setState('waiting')
    const reply = await send({ kind: 'press', controlRef })
    setState(reply.kind === 'failed' ? 'failed' : 'ready')
  }

  const shared = {
    class: `button ${stringOf(element['style'])}`,
    // Screen readers get the app's longer words too; the name stays what everybody reads.
    'aria-description': stringOf(element['accessibility_label']) || undefined,
    'aria-busy': state === 'waiting',
    onClick: () => void press(),
  }
  return h('span', { class: 'pressable' }, [
    url === ''
      ? h('button', { type: 'button', ...shared }, label)
      : h('a', { ...shared, href: url, target: '_blank', rel: 'noreferrer noopener' }, label),
    state === 'failed' &&
      h('span', { class: 'warning-mark', role: 'alert' }, [
        h('span', { 'aria-hidden': true }, '⚠'),
        h('span', {}, ' The app did not answer in time.'),
      ]),
  ])
}
