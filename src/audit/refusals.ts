/** How much room refusals get. Anybody can be refused as often as they like, and nobody may be drowned out by it. */

import type { EntryDraft } from './entry.ts'
import type { EntryType } from './entry-data.ts'

const refusals = ['ingress.refused', 'open.refused', 'decision.refused'] as const

export type RefusalType = (typeof refusals)[number]

/** Whether an entry says that somebody was refused something. */
export function isRefusal<Some extends { readonly type: EntryType }>(
  entry: Some,
): entry is Some & { readonly type: RefusalType } {
  return refusals.some((type) => type === entry.type)
}

/** What one person's refusals of one kind get within an hour: so many posts, and so many entries. */
export const refusalRoom = { posts: 5, entries: 60, windowMs: 60 * 60_000 }

/** What refusals have in common that are counted together: the person, what they tried, and the hour. */
export function refusalKind({ type, actor, data }: EntryDraft<RefusalType>, at: Date): string {
  const by = actor.kind === 'person' ? actor.id : 'rekey'
  const attempt = 'attempt' in data ? data.attempt : ''
  const hour = Math.floor(at.getTime() / refusalRoom.windowMs)
  return `refused ${by} ${type} ${attempt} ${hour}`
}

/** How somebody's refusal is written down that is the nth of its kind: posted, quietly, or with a word about what follows. */
export function nthRefusal(draft: EntryDraft<RefusalType>, nth: number): EntryDraft<RefusalType> {
  const { posts, entries } = refusalRoom
  if (nth < posts) return draft
  // Every type of refusal has these keys besides its own.
  return { ...draft, data: { ...draft.data, nth, ...place() } } as EntryDraft<RefusalType>

  function place(): Marks {
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

type Marks = Pick<EntryDraft<RefusalType>['data'], 'further' | 'posted'>
