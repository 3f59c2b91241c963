/** What every part of the page can reach: the snapshot it shows, and the way to the server. */

import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Fields } from '../slack/json.ts'
import type { Values } from '../slack/model.ts'
import type { ContainerRef, PageCommand, Reply } from '../web/commands.ts'
import type { Snapshot } from '../web/snapshot.ts'

/** Handed down to every part, so that none is passed along by those in between. */
export interface PageContext {
  readonly snapshot: Snapshot
  /** Does it; resolves to what the person would see besides the changed screen. Never rejects. */
  readonly send: (command: PageCommand) => Promise<Reply>
  /** Enters what is typed, a little later and only the last of it. */
  readonly sendTyped: (command: Extract<PageCommand, { kind: 'enter' }>) => void
  /** What was last said in passing; shown by whatever is on top. */
  readonly notice: ComponentChildren
  /** Tells the person something in passing. */
  readonly say: (words: string) => void
  /** Asks “are you sure?”, in the app's words. */
  readonly confirm: (dialog: Fields) => Promise<boolean>
}

/** Undefined outside the page. */
export const Context = createContext<PageContext | undefined>(undefined)

/** Throws outside the page. */
export function usePage(): PageContext {
  const page = useContext(Context)
  if (!page) throw new Error('Nothing is rendered outside the page')
  return page
}

/** Where blocks stand, and what this person has entered there. */
export interface Surface {
  readonly container: ContainerRef
  readonly values: Values
  readonly errors: Readonly<Record<string, string>>
}
