/**
 * Under which key each of Rekey's posts is kept. Keys are stored: a post whose key is spelled in
 * another way is not found again, and is posted once more.
 */

import { type PersonId, personId, type RequestId, requestId } from '../../ids.ts'

/** What a post stands for, or the first post of a thread. */
export type MessageKey =
  | { readonly kind: 'card'; readonly request: RequestId }
  /** Below the card, but found under no card's key: where the card was deleted, it is no card. */
  | { readonly kind: 'reminder-thread'; readonly request: RequestId }
  /** Round 0 stands for the escalation. */
  | { readonly kind: 'reminder'; readonly request: RequestId; readonly round: number }
  | {
      readonly kind: 'requester'
      readonly request: RequestId
      readonly stage: 'sent' | 'outcome'
    }
  | { readonly kind: 'owner'; readonly request: RequestId; readonly stage: 'notice' | 'outcome' }
  /** To one requester: that a pause has begun or is over. */
  | {
      readonly kind: 'pause'
      readonly requester: PersonId
      readonly change: 'paused' | 'resumed'
      /** When it began, in milliseconds since 1970. */
      readonly since: number
    }
  | { readonly kind: 'audit-thread'; readonly request: RequestId }
  | Witnessing
  | { readonly kind: 'alert'; readonly seq: number }

/** A post in the audit channel that bears witness to the ledger. */
export type Witnessing =
  | { readonly kind: 'entry'; readonly seq: number }
  | { readonly kind: 'checkpoint'; readonly size: number }

export function messageKey(of: MessageKey): string {
  switch (of.kind) {
    case 'card':
      return `card ${of.request}`
    case 'reminder-thread':
      return `reminders ${of.request}`
    case 'reminder':
      return `reminder ${of.request} ${of.round}`
    case 'requester':
      return `requester ${of.request} ${of.stage}`
    case 'owner':
      return `owner ${of.request} ${of.stage}`
    case 'pause':
      return `halt ${of.requester} ${of.change} ${of.since}`
    case 'audit-thread':
      return `audit ${of.request}`
    case 'entry':
      return `audit entry ${of.seq}`
    case 'checkpoint':
      return `checkpoint ${of.size}`
    case 'alert':
      return `alert ${of.seq}`
    default:
      return of satisfies never
  }
}

/** What a stored key stands for; undefined where it is none that `messageKey` makes. */
export function readMessageKey(key: string): MessageKey | undefined {
  const of = parsed(key)
  // Whatever else could be read out of it, it has one spelling.
  return of !== undefined && messageKey(of) === key ? of : undefined
}

/** What a post bears witness to, by its key; undefined where it is no witness. */
export function witnessOf(key: string): Witnessing | undefined {
  const of = readMessageKey(key)
  return of?.kind === 'entry' || of?.kind === 'checkpoint' ? of : undefined
}

function parsed(key: string): MessageKey | undefined {
  const [what, whom = '', which = '', since = ''] = key.split(' ')
  if (what === 'checkpoint') return counted(whom, (size) => ({ kind: 'checkpoint', size }))
  if (what === 'alert') return counted(whom, (seq) => ({ kind: 'alert', seq }))
  if (what === 'audit' && whom === 'entry') return counted(which, (seq) => ({ kind: 'entry', seq }))
  if (what === 'halt') return pauseKey(whom, which, since)
  const request = requestId(whom)
  return request && aboutRequest(what, request, which)
}

function pauseKey(whom: string, change: string, began: string): MessageKey | undefined {
  if (whom === '' || (change !== 'paused' && change !== 'resumed')) return undefined
  const requester = personId(whom)
  return counted(began, (since) => ({ kind: 'pause', requester, change, since }))
}

function aboutRequest(
  what: string | undefined,
  request: RequestId,
  which: string,
): MessageKey | undefined {
  switch (what) {
    case 'card':
      return { kind: 'card', request }
    case 'reminders':
      return { kind: 'reminder-thread', request }
    case 'reminder':
      return counted(which, (round) => ({ kind: 'reminder', request, round }))
    case 'audit':
      return { kind: 'audit-thread', request }
    case 'requester':
      return which === 'sent' || which === 'outcome'
        ? { kind: 'requester', request, stage: which }
        : undefined
    case 'owner':
      return which === 'notice' || which === 'outcome'
        ? { kind: 'owner', request, stage: which }
        : undefined
    default:
      return undefined
  }
}

function counted(text: string, as: (count: number) => MessageKey): MessageKey | undefined {
  return /^\d{1,15}$/.test(text) ? as(Number(text)) : undefined
}
