/** Where one is on the page. It stands in the address, so that a window can be somebody else's, and can be reloaded. */

import { useEffect, useState } from 'preact/hooks'

/** Everything that makes one window different from another. */
export interface PageLocation {
  /** Whose eyes one looks through. */
  readonly as: string
  /** The open conversation; empty for the first that fits. */
  readonly in: string
  /** The open thread's first message; empty for none. */
  readonly thread: string
  /** The open tab of the side panel, by its id. */
  readonly tab: string
  /** On a narrow screen, which part of the page is in view. */
  readonly pane: 'people' | 'conversation' | 'side-panel'
}

/** Handed to every part from which one can go elsewhere. */
export interface Navigation {
  readonly location: PageLocation
  /** Changes what is given and keeps the rest; the browser's Back undoes it. */
  readonly go: (to: Partial<PageLocation>) => void
}

const start: PageLocation = {
  as: 'U0SAM',
  in: '',
  thread: '',
  tab: 'mailbox',
  pane: 'conversation',
}

/** The location now, and a function that goes elsewhere. */
export function useLocation(): readonly [PageLocation, (to: Partial<PageLocation>) => void] {
  const [location, setLocation] = useState(read)
  useEffect(() => {
    const onBack = () => setLocation(read())
    addEventListener('popstate', onBack)
    return () => removeEventListener('popstate', onBack)
  }, [])
  const go = (to: Partial<PageLocation>) => {
    const next = { ...location, ...to }
    history.pushState(null, '', addressOf(next))
    setLocation(next)
  }
  return [location, go]
}

/** As a query, so that it can be a link. */
export function addressOf(location: PageLocation): string {
  const told = Object.entries(location).filter(([, value]) => value !== '')
  return `?${new URLSearchParams(told)}`
}

function read(): PageLocation {
  const told = new URLSearchParams(window.location.search)
  const pane = told.get('pane')
  return {
    as: told.get('as') ?? start.as,
    in: told.get('in') ?? start.in,
    thread: told.get('thread') ?? start.thread,
    tab: told.get('tab') ?? start.tab,
    pane: pane === 'people' || pane === 'side-panel' ? pane : start.pane,
  }
}
