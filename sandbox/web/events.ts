/** The open pages, each told what to show as soon as that changes. */

import type { ServerResponse } from 'node:http'

// Many changes come in one breath; a screen need not be faster than the eye.
const breathMs = 25

// What nobody announces (Cognito's calls, Rekey's commits) is looked at this often, while somebody watches.
const lookMs = 300

/** One open page; `shown` is what it was sent last, so that nothing is sent twice. */
export interface Viewer {
  readonly response: ServerResponse
  /** What this page shows, as text. */
  readonly show: () => string
  shown: string
}

/** All open pages. */
export class Viewers {
  readonly #pulse: () => string
  readonly #all = new Set<Viewer>()
  #soon: NodeJS.Timeout | undefined
  #looking: NodeJS.Timeout | undefined
  #lastPulse = ''

  /** `pulse` is anything that differs when something unannounced has changed; it is asked every 300 ms. */
  constructor(pulse: () => string) {
    this.#pulse = pulse
  }

  /**
   * Begins the stream of events to one page, with what there is to show now. Each event is a whole snapshot,
   * never a difference, so a page that was cut off needs nothing of what it missed.
   *
   * @param show what the page shows, as text in one line
   */
  add(response: ServerResponse, show: () => string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const viewer: Viewer = { response, show, shown: '' }
    this.#all.add(viewer)
    response.on('close', () => this.#leave(viewer))
    tell(viewer)
    this.#looking ??= setInterval(() => this.#look(), lookMs)
  }

  /** Something has changed: everybody gets a new snapshot in 25 ms, one for all the changes of that time. */
  changed(): void {
    if (this.#soon !== undefined || this.#all.size === 0) return
    this.#soon = setTimeout(() => {
      this.#soon = undefined
      for (const viewer of this.#all) tell(viewer)
    }, breathMs)
  }

  /** Ends all streams; the browser would open them anew if the server were still there. */
  close(): void {
    clearTimeout(this.#soon)
    clearInterval(this.#looking)
    for (const { response } of this.#all) response.end()
    this.#all.clear()
  }

  #look(): void {
    const pulse = this.#pulse()
    if (pulse === this.#lastPulse) return
    this.#lastPulse = pulse
    this.changed()
  }

  #leave(viewer: Viewer): void {
    this.#all.delete(viewer)
    if (this.#all.size > 0) return
    clearInterval(this.#looking)
    this.#looking = undefined
  }
}

function tell(viewer: Viewer): void {
  const text = viewer.show()
  if (text === viewer.shown) return
  viewer.shown = text
  viewer.response.write(`data: ${text}\n\n`)
}
