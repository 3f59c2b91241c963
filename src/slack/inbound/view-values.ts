/** Reading what a form sends back. It comes over the wire, so every field may be missing or strange. */

import { z } from 'zod'
import { type RequestId, requestId } from '../../ids.ts'
import { unescaped } from './slack-text.ts'

/** As much of a submitted view as is read. */
export interface SubmittedView {
  readonly private_metadata: string
  readonly state: {
    readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }
}

const typedValue = z.object({ value: z.string() })
const chosenValue = z.object({ selected_option: z.object({ value: z.string() }) })
const version = z.number().int().positive()
const reference = z.object({ id: z.string(), version })

/** What somebody typed into a block's only input, trimmed. Its action has the block's own name. */
export function typed(view: SubmittedView, block: string): string {
  const { data } = typedValue.safeParse(view.state.values[block]?.[block])
  return unescaped(data?.value ?? '').trim()
}

/** The value of the option that was chosen in a block. */
export function chosen(view: SubmittedView, block: string): string | undefined {
  return chosenValue.safeParse(view.state.values[block]?.[block]).data?.selected_option.value
}

/** What the view carried in its private metadata, as JSON; undefined where that is none. */
export function metadataOf(view: Pick<SubmittedView, 'private_metadata'>): unknown {
  try {
    return JSON.parse(view.private_metadata)
  } catch {
    return undefined
  }
}

/** Which request a form was about, and in which version its reader saw it. */
export function requestSeen(
  view: SubmittedView,
): { readonly id: RequestId; readonly version: number } | undefined {
  const { data } = reference.safeParse(metadataOf(view))
  const id = data && requestId(data.id)
  return data && id && { id, version: data.version }
}
