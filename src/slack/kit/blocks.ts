/** The few kinds of blocks that Rekey's messages and windows are made of. */

import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  ModalView,
  Option,
  SectionBlock,
} from '@slack/types'
import { markdown, plain, plainLine } from './mrkdwn.ts'

export const divider: DividerBlock = { type: 'divider' }

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainLine(text, 150) }
}

/** Our own words, as markup. */
export function section(markup: string): SectionBlock {
  return { type: 'section', text: markdown(markup) }
}

/** Our own words in small print. */
export function context(...markup: string[]): ContextBlock {
  return { type: 'context', elements: markup.map(markdown) }
}

/** Somebody's words under a title of ours. Plain text: in mrkdwn they could mention people or hide a link. */
export function quoted(title: string, words: string): SectionBlock[] {
  return [section(`*${title}*`), { type: 'section', text: plain(words) }]
}

/** Facts side by side, each with its name above it. At most ten. */
export function facts(title: string, pairs: readonly (readonly [string, string])[]): SectionBlock {
  return {
    type: 'section',
    text: markdown(`*${title}*`),
    fields: pairs.map(([name, value]) => plain(`${name}\n${plainLine(value, 500).text}`, 600)),
  }
}

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `• ${line}`).join('\n')
}

/** Buttons in a row; no block where there are none. */
export function actions(buttons: readonly Button[]): ActionsBlock[] {
  return buttons.length === 0 ? [] : [{ type: 'actions', elements: [...buttons] }]
}

/** An option of radio buttons: one line of text, and one of explanation. */
export function option(value: string, text: string, description?: string): Option {
  return {
    value,
    text: plainLine(text, 75),
    ...(description === undefined ? {} : { description: plainLine(description, 75) }),
  }
}

export interface ModalContent {
  readonly title: string
  readonly blocks: KnownBlock[]
  /** What the button says that closes it. */
  readonly close: string
  /** What the button that submits says, and under which name the submission arrives. */
  readonly submit?: { readonly text: string; readonly callback: string }
  /** Ids only: people don't see it, but it comes back from their computer. */
  readonly metadata?: Readonly<Record<string, string | number>>
}

export function modal({ title, blocks, close, submit, metadata }: ModalContent): ModalView {
  return {
    type: 'modal',
    title: plainLine(title, 24),
    close: plainLine(close, 24),
    blocks,
    ...(submit && { submit: plainLine(submit.text, 24), callback_id: submit.callback }),
    ...(metadata && { private_metadata: JSON.stringify(metadata) }),
  }
}

export interface MessageBody {
  /** What notifications and screen readers get instead of the blocks: all that matters, no secret. */
  readonly text: string
  readonly blocks: KnownBlock[]
}
