/** Radio buttons and checkboxes. */

import { type ComponentChildren, h } from 'preact'
import { useState } from 'preact/hooks'
import { type Fields, fieldsOf, isFields, rowsOf, stringOf } from '../slack/json.ts'
import { type ElementProps, named, useValue } from './element-state.ts'
import { Words } from './text.ts'

/** Ticked at once, and taken back if the value was not entered. */
export function Ticks(props: ElementProps): ComponentChildren {
  const { block, element, surface, field } = props
  const { value, enter } = useValue(props)
  const isRadio = element['type'] === 'radio_buttons'
  const [ticked, setTicked] = useState(() => tickedValues(value))
  const name = `${JSON.stringify(surface.container)} ${stringOf(block['block_id'])} ${stringOf(element['action_id'])}`

  const tick = async (option: Fields, on: boolean) => {
    const wanted = isRadio
      ? [stringOf(option['value'])]
      : [
          ...ticked.filter((each) => each !== option['value']),
          ...(on ? [stringOf(option['value'])] : []),
        ]
    setTicked(wanted)
    const chosen = rowsOf(element['options']).filter((each) =>
      wanted.includes(stringOf(each['value'])),
    )
    const isEntered = await enter(isRadio ? (chosen[0] ?? null) : chosen)
    if (!isEntered) setTicked(ticked)
  }

  const group = isRadio ? 'radiogroup' : 'group'
  // In an input block the fieldset names the group already.
  const role = field ? {} : { role: group, ...named(props) }
  return h(
    'div',
    { class: 'ticks', ...role },
    rowsOf(element['options']).map((option, index) =>
      h('label', { key: stringOf(option['value']), class: 'tick' }, [
        h('input', {
          id: index === 0 ? field?.id : undefined,
          type: isRadio ? 'radio' : 'checkbox',
          name,
          checked: ticked.includes(stringOf(option['value'])),
          'aria-invalid': field?.isInvalid || undefined,
          'aria-describedby': field?.describedBy || undefined,
          onChange: ({ currentTarget }) => void tick(option, currentTarget.checked),
        }),
        h('span', {}, [
          h(Words, { of: option['text'] }),
          isFields(option['description']) &&
            h('span', { class: 'description' }, h(Words, { of: option['description'] })),
        ]),
      ]),
    ),
  )
}

function tickedValues({ selected_option, selected_options }: Fields): string[] {
  return [fieldsOf(selected_option), ...rowsOf(selected_options)].map((each) =>
    stringOf(each['value']),
  )
}
