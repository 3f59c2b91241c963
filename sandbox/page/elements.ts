/** The elements people use, by type, wherever a block has them. */

import { type ComponentChildren, h } from 'preact'
import { stringOf } from '../slack/json.ts'
import { ActionButton } from './button.ts'
import type { ElementProps } from './element-state.ts'
import { DateField, TextField } from './fields.ts'
import { Menu } from './menu.ts'
import { Overflow } from './overflow.ts'
import { Picture } from './picture.ts'
import { Ticks } from './ticks.ts'
import { Unsupported } from './unsupported.ts'

/** By its type; one that the page does not know is shown as a hole. */
export function Element(props: ElementProps): ComponentChildren {
  const type = stringOf(props.element['type'])
  if (type === 'button') return h(ActionButton, props)
  if (type === 'overflow') return h(Overflow, props)
  if (type === 'radio_buttons' || type === 'checkboxes') return h(Ticks, props)
  if (/_select$/.test(type)) return h(Menu, props)
  if (/_input$/.test(type)) return h(TextField, props)
  if (/picker$/.test(type)) return h(DateField, props)
  if (type === 'image') return h(Picture, { image: props.element })
  return h(Unsupported, { what: type })
}
