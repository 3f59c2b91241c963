/** Where one is on the page. It stands in the address, so that a window can be somebody else's, and can be reloaded. */

import { useEffect, useState } from 'preact/hooks'

export interface Place {
  /** Whose eyes one looks through. */
  readonly as: string
  /** The open conversation; empty for the first that fits. */
  readonly in: string
  /** The open thread's first message; empty for none. */
  readonly thread: string
  readonly beside: string
  /** On a narrow screen, which part of the page is in view. */
  readonly pane: 'people' | 'conversation' | 'beside'
}

/** Handed to every part from which one can go elsewhere. */
export interface Going {
  readonly place: Place
  /** Changes what is given and keeps the rest; the browser's Back undoes it. */
  readonly go: (to: Partial<Place>) => void
}

const start: Place = { as: 'U0SAM', in: '', thread: '', beside: 'mailbox', pane: 'conversation' }

export function usePlace(): readonly [Place, (to: Partial<Place>) => void] {
  const [place, setPlace] = useState(read)
  useEffect(() => {
    const onBack = () => setPlace(read())
    addEventListener('popstate', onBack)
    return () => removeEventListener('popstate', onBack)
  }, [])
  const go = (to: Partial<Place>) => {
    const next = { ...place, ...to }
    history.pushState(null, '', addressOf(next))
    setPlace(next)
  }
  return [place, go]
}

export function addressOf(place: Place): string {
  const told = Object.entries(place).filter(([, value]) => value !== '')
  return `?${new URLSearchParams(told)}`
}

function read(): Place {
  const told = new URLSearchParams(location.search)
  const pane = told.get('pane')
  return {
    as: told.get('as') ?? start.as,
    in: told.get('in') ?? start.in,
    thread: told.get('thread') ?? start.thread,
    beside: told.get('beside') ?? start.beside,
    pane: pane === 'people' || pane === 'beside' ? pane : start.pane,
  }
}
