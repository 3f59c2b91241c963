/** How much room refusals get. Anybody can be refused as often as they like, and nobody may be drowned out by it. */

import type { EntryDraft, EntryType } from './entry.ts'

const refusals: ReadonlySet<EntryType> = new Set([
  'ingress.refused',
  'open.refused',
  'decision.refused',
])

/** Whether an entry of this type says that somebody was refused something. */
export function isRefusal(type: EntryType): boolean {
  return refusals.has(type)
}

/** What one person's refusals of one kind get within an hour: so many posts, and so many entries. */
export const refusalRoom = { posts: 5, entries: 60, windowMs: 60 * 60_000 }

/** What refusals have in common that are counted together: the person, what they tried, and the hour. */
export function refusalKind({ type, actor, data }: EntryDraft, at: Date): string {
  const by = actor.kind === 'person' ? actor.id : 'rekey'
  const attempt = typeof data['attempt'] === 'string' ? data['attempt'] : ''
  const hour = Math.floor(at.getTime() / refusalRoom.windowMs)
  return `refused ${by} ${type} ${attempt} ${hour}`
}

/** How somebody's refusal is written down that is the nth of its kind: posted, quietly, or with a word about what follows. */
export function nthRefusal(draft: EntryDraft, nth: number): EntryDraft {
  const { posts, entries } = refusalRoom
  if (nth < posts) return draft
  return { ...draft, data: { ...draft.data, nth, ...place() } }

  function place(): EntryDraft['data'] {
    switch (nth) {
      case posts:
        return { further: 'not-posted' }
      case entries:
        return { further: 'not-kept' }
      default:
        return { posted: false }
    }
  }
}
