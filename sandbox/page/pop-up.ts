/** A small menu that opens under a “…” button. */

import { type ComponentChildren, h } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** An entry of the menu, and what choosing it does. */
export interface Entry {
  readonly text: string
  readonly choose: () => void
}

interface PopUpProps {
  readonly label: string
  readonly entries: readonly Entry[]
}

/** Takes the focus when it opens, and gives it back when it closes. */
export function PopUp({ label, entries }: PopUpProps): ComponentChildren {
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const items = () => [...(menu.current?.querySelectorAll('button') ?? [])]

  useEffect(() => {
    if (isOpen) items()[0]?.focus()
  }, [isOpen])

  const close = () => {
    setOpen(false)
    opener.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Tab') return setOpen(false)
    if (event.key === 'Escape') close()
    else if (step !== undefined) move(items(), step)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return h('span', { class: 'pop-up' }, [
    h(
      'button',
      {
        ref: opener,
        type: 'button',
        class: 'button',
        'aria-label': label,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        onClick: () => setOpen(!isOpen),
      },
      '⋯',
    ),
    isOpen &&
      h(
        'div',
        { ref: menu, role: 'menu', 'aria-label': label, onKeyDown },
        entries.map(({ text, choose }) =>
          h(
            'button',
            {
              key: text,
              type: 'button',
              role: 'menuitem',
              onClick: () => {
                close()
                choose()
              },
            },
            text,
          ),
        ),
      ),
  ])
}

function move(items: readonly HTMLElement[], step: number): void {
  const at = items.findIndex((each) => each.matches(':focus'))
  items.at((at + step) % items.length)?.focus()
}
