/** What witnesses say of the ledger: asked now, or in a file that an auditor has from one. */

import { readFileSync } from 'node:fs'
import { type Cosigned, readCosigned } from '../audit/cosignature.ts'
import { type Broken, broken } from '../audit/verify.ts'
import type { ProxySettings } from '../proxy.ts'
import { notesIn } from '../slack/auditor/checkpoint-post.ts'
import type { OpenStore } from '../store/open.ts'
import { compareWith } from '../witness/comparison.ts'
import { OwnCheckpoints } from '../witness/own-checkpoints.ts'
import { text } from './text/text.ts'

/** What one witness says. */
export type Testimony =
  | { readonly kind: 'cosigned'; readonly place: string; readonly cosigned: readonly Cosigned[] }
  | { readonly kind: 'contradicts'; readonly broken: Broken }
  | { readonly kind: 'silent'; readonly because: string }

export interface WitnessOptions {
  /** The public keys of the witnesses that are believed. */
  readonly keys: readonly string[]
  /** The public keys of Rekey's own log: nothing else that a witness has signed counts. */
  readonly verifiers: readonly string[]
  readonly now: () => Date
  readonly proxy?: ProxySettings
}

/** @param place a URL, as in WITNESSES, or a file of signed notes */
export async function hear(
  place: string,
  opened: Pick<OpenStore, 'ledger' | 'checkpoints'>,
  { keys, verifiers, now, proxy }: WitnessOptions,
): Promise<Testimony> {
  if (!/^https?:\/\//.test(place)) return hearFile(place, keys, verifiers)
  const { ledger } = opened
  const kept = {
    ledger,
    checkpoints: new OwnCheckpoints(opened.checkpoints, { ledger, verifiers }),
  }
  for (const key of keys) {
    const url = place.replace(/\/$/, '')
    const comparison = await compareWith({ key, url }, kept, {
      verifiers,
      lastCosigned: 0,
      now,
      ...(proxy && { proxy }),
    })
    if (comparison.kind === 'agrees')
      return { kind: 'cosigned', place, cosigned: [comparison.cosigned] }
    if (comparison.kind !== 'unknown') {
      const { kind, size, witnessed } = comparison
      const seq = kind === 'behind' ? size + 1 : witnessed
      const because = text.witness[kind](place, witnessed)
      return { kind: 'contradicts', broken: broken(seq, because) }
    }
    if (key === keys.at(-1))
      return { kind: 'silent', because: text.witness.silent(place, comparison.because) }
  }
  return { kind: 'silent', because: text.witness.noKey }
}

function hearFile(file: string, keys: readonly string[], verifiers: readonly string[]): Testimony {
  const notes = notesIn([{ text: readFileSync(file, 'utf8') }])
  const cosigned = notes.flatMap((note) =>
    keys.flatMap((key) => readCosigned(note, key, verifiers) ?? []),
  )
  if (keys.length === 0) return { kind: 'silent', because: text.witness.noKey }
  return cosigned.length === 0
    ? { kind: 'silent', because: text.witness.noNote(file) }
    : { kind: 'cosigned', place: file, cosigned }
}
