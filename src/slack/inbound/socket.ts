/** A socket that Slack delivers through, opened again for as long as it is wanted. */

import type { SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { delay } from './delay.ts'

/**
 * Bolt would open it again by itself, but where Slack says no in a way that it takes for final
 * (`invalid_auth`) it lets the error go, which ends the process: with it would end what needs no
 * socket, such as passwords that have to be made useless. So Bolt is not asked to, and a no is for now.
 */
export class Socket {
  readonly #client: SocketModeReceiver['client']
  readonly #log: Pick<Logger, 'error'>
  #isWanted = true

  /** @param receiver made with `autoReconnectEnabled: false` */
  constructor({ client }: SocketModeReceiver, log: Pick<Logger, 'error'>) {
    this.#client = client
    this.#log = log
  }

  get isOpen(): boolean {
    return this.#client.websocket?.isActive() === true
  }

  /** Resolves once Slack can deliver. @throws where Slack says no to begin with */
  async start(): Promise<void> {
    while (this.#isWanted && !(await this.#opens())) await delay(firstWaitMs)
    void this.#keepOpen()
  }

  async stop(): Promise<void> {
    this.#isWanted = false
    await this.#client.disconnect()
  }

  async #keepOpen(): Promise<void> {
    while (this.#isWanted) {
      await new Promise<void>((closed) => this.#client.once('disconnected', () => closed()))
      await this.#openAgain()
    }
  }

  async #openAgain(): Promise<void> {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      // Not all of them at once, where Slack has closed all of them at once.
      await delay(waitMs * (0.5 + Math.random()))
      if (!this.#isWanted) return
      try {
        if (await this.#opens()) return await this.#closeIfUnwanted()
      } catch (error) {
        this.#log.error({ err: error }, 'Slack opens no socket; trying again')
      }
    }
  }

  /** Slack's client opens what it has begun to open, also where it was told to disconnect meanwhile. */
  async #closeIfUnwanted(): Promise<void> {
    if (!this.#isWanted) await this.#client.disconnect()
  }

  /** @returns false where it was closed before Slack had said hello. @throws where Slack says no */
  async #opens(): Promise<boolean> {
    try {
      await this.#client.start()
      return true
    } catch (error) {
      if (error === undefined) return false
      throw error
    }
  }
}

const firstWaitMs = 500
const longestWaitMs = 30_000
