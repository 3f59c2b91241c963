/** A row of tabs; arrows move along it. */

import { type ComponentChildren, h } from 'preact'

/** A tab; `id` is what is chosen, `name` what is read. */
export interface Tab {
  readonly id: string
  readonly name: string
}

interface TabListProps {
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly at: string
  readonly choose: (id: string) => void
}

/** Only the open tab is reached with the Tab key: ARIA Authoring Practices, "Tabs". */
export function TabList({ label, tabs, at, choose }: TabListProps): ComponentChildren {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = tabs.at((tabs.findIndex(({ id }) => id === at) + step) % tabs.length)
    if (!next) return
    choose(next.id)
    document.getElementById(`tab-${next.id}`)?.focus()
  }
  return h(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': label, onKeyDown },
    tabs.map(({ id, name }) =>
      h(
        'button',
        {
          key: id,
          id: `tab-${id}`,
          type: 'button',
          role: 'tab',
          'aria-selected': id === at,
          tabIndex: id === at ? 0 : -1,
          onClick: () => choose(id),
        },
        name,
      ),
    ),
  )
}
