/** A ledger entry as a line of text, for whoever takes the ledger elsewhere. */

import canonicalize from 'canonicalize'
import type { ChainedEntry } from '../audit/entry.ts'

/** The entry and its hash as canonical JSON: what a verifier of one's own would start from. */
export function jsonLine({ entry, hash }: ChainedEntry): string {
  return canonicalize({ entry, hash }) ?? ''
}

const columns = [
  'seq',
  'time',
  'type',
  'actor',
  'request',
  'version',
  'userPoolId',
  'sub',
  'policy',
  'data',
  'hash',
]

export const csvHeader = columns.join(',')

export function csvLine({ entry, hash }: ChainedEntry): string {
  const { seq, time, type, actor, request, version, target, policy, data } = entry
  const who = actor.kind === 'person' ? actor.id : 'rekey'
  const cells = [
    seq,
    time,
    type,
    who,
    request,
    version,
    target?.userPoolId,
    target?.sub,
    policy,
    canonicalize(data),
    hash,
  ]
  return cells.map((cell) => csvCell(String(cell ?? ''))).join(',')
}

/** RFC 4180; and no cell that a spreadsheet would run as a formula, since people's words are in here. */
function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
