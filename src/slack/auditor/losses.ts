/** What a reading of the channels says of the posts in them: which are lost, and what is still to be looked at. */

import type { KeptPost } from '../../recovery/ports/posts.ts'
import { witnessOf } from '../outbound/message-keys.ts'
import { postStateOf } from '../outbound/post-state.ts'
import type { ChannelScan, Page, SeenMessage } from './channel-scan.ts'

export type Loss = 'post.missing' | 'post.altered'

type Read = Pick<ChannelScan, 'begunAt' | 'posted' | 'seen' | 'found' | 'isHidden'>

const dayMs = 24 * 60 * 60_000

// The history may lag behind by seconds.
const settledMs = 60_000

/** The pages to read before anything is said to be gone; none once all of them were read. */
export function closerLooks(scan: Read & Pick<ChannelScan, 'hasLookedAt'>): Page[] {
  const channels = new Set(oldGoneIn(scan).map(({ channel }) => channel))
  const before = [...channels].map((channel) => ({ channel, isBefore: true as const }))
  const first = before.filter((page) => !scan.hasLookedAt(page))
  if (first.length > 0) return first
  // A reply may stand where nothing is known any more of the message that it was below.
  const aged = new Set(goneByAge(scan))
  const gone = goneIn(scan).filter((post) => !aged.has(post))
  const threads = gone.map(({ channel, ts }) => ({ channel, thread: ts }))
  return threads.filter((page) => !scan.hasLookedAt(page))
}

/** What somebody has deleted or changed. */
export function lossesIn(scan: Read): (readonly [Loss, KeptPost])[] {
  const aged = new Set(goneByAge(scan))
  return witnessesOf(scan).flatMap((post) => {
    const postState = postStateOf(post, scan.found(post))
    if (postState === 'as-posted' || aged.has(post)) return []
    return [[postState === 'gone' ? 'post.missing' : 'post.altered', post] as const]
  })
}

/** What is gone together with all that was older in its channel, as where Slack keeps messages for so many days. */
export function goneByAge(scan: Read): KeptPost[] {
  const oldest = new Map<string, number>()
  for (const message of scan.seen.filter(isSomebodys)) {
    const { channel } = message
    oldest.set(channel, Math.min(msOf(message), oldest.get(channel) ?? Infinity))
  }
  return oldGoneIn(scan).filter((post) => msOf(post) < (oldest.get(post.channel) ?? Infinity))
}

/** A day is the least that Slack can be told to keep messages for. */
function oldGoneIn(scan: Read): KeptPost[] {
  return goneIn(scan).filter((post) => msOf(post) < scan.begunAt - dayMs)
}

function goneIn(scan: Read): KeptPost[] {
  return witnessesOf(scan).filter((post) => postStateOf({}, scan.found(post)) === 'gone')
}

function witnessesOf(scan: Read): KeptPost[] {
  return scan.posted.filter(
    (post) =>
      !scan.isHidden(post.channel) &&
      witnessOf(post.key) !== undefined &&
      msOf(post) <= scan.begunAt - settledMs,
  )
}

/** Rather than Slack's own: who has joined, or that something stood there. */
function isSomebodys({ subtype = '' }: SeenMessage): boolean {
  return !/^(?:tombstone$|channel_|group_)/.test(subtype)
}

function msOf({ ts }: { readonly ts: string }): number {
  return Number(ts) * 1_000
}
