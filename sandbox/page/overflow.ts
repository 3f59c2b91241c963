/** The “…” menu beside a section: choosing an entry is a click, nothing stays chosen. */

import { type ComponentChildren, h } from 'preact'
import { fieldsOf, rowsOf, stringOf } from '../slack/json.ts'
import { usePage } from './context.ts'
import type { ElementProps } from './element-state.ts'
import { PopUp } from './pop-up.ts'
import { plainWords } from './text.ts'

/** The page asks before a choice where the app wants it, as for a button. */
export function Overflow({ block, element, surface }: ElementProps): ComponentChildren {
  const { send, confirm, say } = usePage()
  const pick = async (value: string) => {
    const asked = element['confirm']
    if (asked !== undefined && !(await confirm(fieldsOf(asked)))) return
    const controlRef = {
      container: surface.container,
      blockId: stringOf(block['block_id']),
      actionId: stringOf(element['action_id']),
    }
    const reply = await send({ kind: 'pick', controlRef, value })
    if (reply.kind === 'failed') say(reply.says)
  }
  const entries = rowsOf(element['options']).map((option) => ({
    text: plainWords(option['text']),
    choose: () => void pick(stringOf(option['value'])),
  }))
  return h(PopUp, { label: 'More options', entries })
}
