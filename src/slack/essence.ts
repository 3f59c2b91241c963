/**
 * What a message says, whatever Slack makes of it on the way: it adds ids and flags to blocks, and may
 * turn emoji into their names. Two messages with one digest say the same to their reader.
 */

import { createHash } from 'node:crypto'

/** @param message with `text` and `blocks`, as posted or as read back */
export function digestOf(message: { readonly text?: unknown; readonly blocks?: unknown }): string {
  const said = [message.text, ...textsIn(message.blocks)].map((text) => essence(String(text ?? '')))
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

function textsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (name === 'text' ? [inner] : []) : textsIn(inner),
  )
}

function essence(text: string): string {
  return text
    .replaceAll(/:[a-z0-9_+'-]+:|\p{Extended_Pictographic}|[\ufe0e\ufe0f\u200d]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
