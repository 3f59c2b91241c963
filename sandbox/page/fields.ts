/** Fields to write in: text, addresses, numbers, dates and times. What is typed survives an update by the app, as in Slack. */

import { type ComponentChildren, h, type TargetedEvent, type TargetedKeyboardEvent } from 'preact'
import { stringOf } from '../slack/json.ts'
import { usePage } from './context.ts'
import { epochAt, wallClock } from './dates.ts'
import { type ElementProps, named, useValue } from './element-state.ts'
import { plainWords } from './text.ts'

const inputTypes: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
}

/** One line or several. Lengths are checked on sending, in Slack's words. */
export function TextField(props: ElementProps): ComponentChildren {
  const { sendTyped: type } = usePage()
  const { block, element, surface } = props
  const { value, enter } = useValue(props)
  const isHeard = block['dispatch_action'] === true
  const controlRef = {
    container: surface.container,
    blockId: stringOf(block['block_id']),
    actionId: stringOf(element['action_id']),
  }
  const shared = {
    ...named(props),
    class: 'field',
    placeholder: plainWords(element['placeholder']),
    // It is the field's from here on: what the app draws later must not overwrite what is being typed.
    defaultValue: stringOf(value['value']),
    autofocus: element['focus_on_load'] === true,
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
      type({ kind: 'enter', controlRef, value: currentTarget.value || null }),
  }
  if (element['multiline'] === true) return h('textarea', { ...shared, rows: 4 })
  return h('input', {
    ...shared,
    type: inputTypes[stringOf(element['type'])] ?? 'text',
    inputMode: element['type'] === 'number_input' ? 'decimal' : undefined,
    autocomplete: 'off',
    onKeyDown: (event: TargetedKeyboardEvent<HTMLInputElement>) => {
      if (event.key !== 'Enter' || !isHeard) return
      event.preventDefault()
      void enter(event.currentTarget.value || null)
    },
  })
}

/** Dates and times are entered as the browser lets one; a moment is in the reader's time zone. */
export function DateField(props: ElementProps): ComponentChildren {
  const { me } = usePage().snapshot
  const { element } = props
  const { value, enter } = useValue(props)
  const isMoment = element['type'] === 'datetimepicker'
  const entered = value['selected_date'] ?? value['selected_time']
  const moment = value['selected_date_time']
  const shown =
    typeof moment === 'number' ? wallClock(new Date(moment * 1000), me.tz).slice(0, 16) : entered
  return h('input', {
    ...named(props),
    class: 'field',
    type: inputTypes[stringOf(element['type'])] ?? 'date',
    defaultValue: stringOf(shown),
    onChange: ({ currentTarget: { value: text } }: TargetedEvent<HTMLInputElement>) =>
      void enter(text === '' ? null : isMoment ? epochAt(text, me) : text),
  })
}
