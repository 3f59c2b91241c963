/** What every part of the page can reach: the picture it draws, and the hands of the person it is drawn for. */

import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Fields } from '../slack/json.ts'
import type { Values } from '../slack/model.ts'
import type { ContainerRef, PageCommand, Reply } from '../web/commands.ts'
import type { Snapshot } from '../web/snapshot.ts'

export interface PageContext {
  readonly snapshot: Snapshot
  readonly send: (command: PageCommand) => Promise<Reply>
  readonly sendTyped: (command: Extract<PageCommand, { kind: 'enter' }>) => void
  /** What was last said in passing; drawn by whatever is on top. */
  readonly notice: ComponentChildren
  /** Tells the person something in passing. */
  readonly say: (words: string) => void
  /** Asks “are you sure?”, in the app's words. */
  readonly confirm: (dialog: Fields) => Promise<boolean>
}

export const Context = createContext<PageContext | undefined>(undefined)

export function usePage(): PageContext {
  const page = useContext(Context)
  if (!page) throw new Error('Nothing is drawn outside the page')
  return page
}

/** Where blocks stand, and what this person has entered there. */
export interface Surface {
  readonly container: ContainerRef
  readonly values: Values
  readonly errors: Readonly<Record<string, string>>
}
