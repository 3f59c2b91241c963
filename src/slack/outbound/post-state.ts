/** Whether what was posted still stands in its place, as it was written. */

import type { Post } from '../../recovery/ports/posts.ts'
import { isDigestOf } from './message-digest.ts'

export type PostState = 'as-posted' | 'gone' | 'altered'

/** What stands in the place of a post, as Slack gives it. */
export interface FoundMessage {
  readonly subtype?: string | undefined
  readonly text?: string | undefined
  readonly blocks?: unknown
  /** Slack's mark. It stays where somebody has written the old words back. */
  readonly edited?: unknown
}

/** Rekey never edits what it compares: the marks it puts on a second copy go on a message that is no kept post. */
export function postStateOf(
  { digest }: Pick<Post, 'digest'>,
  found: FoundMessage | undefined,
): PostState {
  // Slack leaves a tombstone where a thread goes on below it.
  if (found === undefined || found.subtype === 'tombstone') return 'gone'
  if (found.edited !== undefined) return 'altered'
  return digest === undefined || isDigestOf(digest, found) ? 'as-posted' : 'altered'
}
