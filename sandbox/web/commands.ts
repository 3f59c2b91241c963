/** What the page may ask for in a person's name, as it stands on the wire. */

import { z } from 'zod'
import type { Json } from '../slack/json.ts'

// Bounds against mistakes, in UTF-16 units; Slack's own limits are the simulated workspace's to enforce.
const text = z.string().max(20_000)
const id = z.string().max(300)
// It comes out of a JSON text, so it can be nothing else.
const json = z.custom<Json>((value) => value !== undefined)

const container = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('modal'), viewId: id }),
  z.object({ kind: z.literal('home') }),
  z.object({ kind: z.literal('message'), channel: id, ts: id }),
])

/** One control of a message or a view. */
const controlRef = z.object({ container, blockId: id, actionId: id })

const command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('press'), controlRef }),
  z.object({ kind: z.literal('enter'), controlRef, value: json }),
  z.object({ kind: z.literal('pick'), controlRef, value: text }),
  z.object({ kind: z.literal('suggest'), controlRef, typed: text }),
  z.object({ kind: z.literal('submit'), viewId: id }),
  z.object({ kind: z.literal('close'), viewId: id, all: z.boolean() }),
  z.object({ kind: z.literal('slash-command'), channel: id, command: id, text }),
  z.object({ kind: z.literal('say'), channel: id, text, thread: id.optional() }),
  z.object({ kind: z.literal('shortcut'), name: id, channel: id, ts: id }),
  z.object({ kind: z.literal('home') }),
  z.object({ kind: z.literal('read'), channel: id, ts: id }),
  z.object({ kind: z.literal('fault'), id }),
  z.object({
    kind: z.literal('application'),
    tab: id,
    step: z.enum(['sign-in', 'new-password', 'mfa', 'forgot', 'confirm', 'leave']),
    username: text.default(''),
    password: text.default(''),
    code: text.default(''),
  }),
])

/** The body of `POST /command`: who acts, and what they do. Unknown members are dropped. */
export const commandRequest = z.object({ as: id, command })

/** Where a control is, by ids: the server looks it up as that person sees it. */
export type ContainerRef = z.infer<typeof container>
/** One control, by where it is and its ids in Block Kit. */
export type ControlRef = z.infer<typeof controlRef>
/** One thing that somebody does on the page. */
export type PageCommand = z.infer<typeof command>

/** What comes back: what the person would see besides the changed screen. */
export type Reply =
  | { readonly kind: 'done' }
  /** Done, and this is worth knowing. */
  | { readonly kind: 'notice'; readonly says: string }
  /** Not done, or not answered by the app. */
  | { readonly kind: 'failed'; readonly says: string }
  /** The answer to `suggest`: nothing is chosen yet. */
  | { readonly kind: 'choices'; readonly choices: readonly ChoiceView[] }
  | { readonly kind: 'application'; readonly view: ApplicationView }

/** One entry of a menu that asked for its options; `value` is what choosing it enters. */
export interface ChoiceView {
  readonly text: string
  readonly description?: string
  readonly value: Json
}

/**
 * What the page shows next. `says` is what went wrong, in Cognito's words with the name of the exception,
 * unless `good` says that it is good news. `how` and `sentTo` are where a code went, masked.
 */
export type ApplicationView =
  | { readonly kind: 'sign-in'; readonly says?: string; readonly good?: boolean }
  | { readonly kind: 'reset-required' }
  | { readonly kind: 'new-password'; readonly says?: string }
  | { readonly kind: 'mfa'; readonly says?: string; readonly how: string }
  | { readonly kind: 'enter-code'; readonly says?: string; readonly sentTo?: string }
  | { readonly kind: 'forgot'; readonly says: string }
  | { readonly kind: 'signed-in'; readonly username: string }
