/**
 * Whether a channel is still ours alone. In one that is shared with another organization outsiders
 * read every message and press every button; one of Rekey's own that has become public is read by the
 * whole workspace. Nothing is said there, and nothing is taken from it.
 */

import type { webApi } from '@slack/bolt'
import type { ChannelState } from '../../policy/references.ts'
import { readFailure } from '../api/errors.ts'

// Sharing takes an invitation and somebody who accepts it; a minute is soon enough to notice.
const freshMs = 60_000

/** Who else reads a channel: people of another organization, or the whole workspace. */
export type Exposure = 'shared' | 'public'

export interface ChannelWatchDeps {
  readonly client: webApi.WebClient
  readonly now: () => Date
  /** Where Rekey posts under the policy of now. Of others it only has to know whether to take anything from there. */
  readonly ours: () => readonly string[]
  /** Called when one of them is found to be open to others. */
  readonly onShared: (channel: string, exposure: Exposure) => Promise<void>
}

export class ChannelWatch {
  readonly #deps: ChannelWatchDeps
  readonly #seen = new Map<
    string,
    { readonly at: number; readonly exposure: Exposure | undefined }
  >()

  constructor(deps: ChannelWatchDeps) {
    this.#deps = deps
  }

  /**
   * Whether people from outside could read this channel, or, where it is one of Rekey's, the whole
   * workspace. Direct messages are nobody else's.
   * @throws what Slack answers when it cannot be asked: then nothing is said there either
   */
  async isShared(channel: string): Promise<boolean> {
    if (!/^[CG]/.test(channel)) return false
    const now = this.#deps.now().getTime()
    const known = this.#seen.get(channel)
    if (known !== undefined && Math.abs(now - known.at) < freshMs)
      return this.#isOpen(channel, known.exposure)
    const exposure = await exposureOf(this.#deps.client, channel)
    this.#seen.set(channel, { at: now, exposure })
    if (exposure !== undefined && this.#isOurs(channel))
      await this.#deps.onShared(channel, exposure)
    return this.#isOpen(channel, exposure)
  }

  /** Those of Rekey's channels that were open to others when they were last looked at. */
  sharedOnes(): readonly string[] {
    const open = [...this.#seen].filter(([, { exposure }]) => exposure !== undefined)
    return open.map(([channel]) => channel).filter((channel) => this.#isOurs(channel))
  }

  #isOpen(channel: string, exposure: Exposure | undefined): boolean {
    // People ask for recoveries in public channels: only what Rekey posts in is nobody else's.
    return exposure === 'shared' || (exposure === 'public' && this.#isOurs(channel))
  }

  #isOurs(channel: string): boolean {
    return this.#deps.ours().includes(channel)
  }
}

/** One that Rekey has no scope to look at is as good as shared. */
async function exposureOf(
  client: webApi.WebClient,
  channel: string,
): Promise<Exposure | undefined> {
  try {
    const state = await channelState(client, channel)
    return state === 'shared' || state === 'public' ? state : undefined
  } catch (error) {
    const failure = readFailure(error)
    if (failure.kind === 'refused' && failure.error === 'missing_scope') return 'shared'
    throw error
  }
}

/**
 * Whether Rekey can post in a channel, and nobody from outside can read there.
 * @throws what Slack answers when it cannot be asked
 */
export async function channelState(
  client: webApi.WebClient,
  channel: string,
): Promise<ChannelState> {
  try {
    const { channel: found } = await client.conversations.info({ channel })
    if (found?.is_archived) return 'archived'
    // Sharing inside one's own organization is no way out of it.
    if (found?.is_ext_shared || found?.is_pending_ext_shared) return 'shared'
    if (!found?.is_member) return 'not-in-channel'
    return found.is_private ? 'fine' : 'public'
  } catch (error) {
    const failure = readFailure(error)
    if (failure.kind === 'refused' && failure.error === 'channel_not_found') return 'unknown'
    throw error
  }
}
