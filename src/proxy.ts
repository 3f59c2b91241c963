/** The proxy on the way out to Slack and AWS, where the network has one. */

import type { Secret } from './secret.ts'

/** As HTTPS_PROXY, HTTP_PROXY and NO_PROXY say it. */
export interface ProxySettings {
  /** For what is asked by https. May carry a user and a password. */
  readonly https?: Secret
  /** For what is asked by http. */
  readonly http?: Secret
  /** The hosts that are asked directly, with a comma between them; empty for none. */
  readonly none: string
}

/** The proxy for URLs like this one; undefined where it is asked directly, whatever its host. */
export function proxyFor(url: string, proxy: ProxySettings | undefined): Secret | undefined {
  return url.startsWith('https:') ? proxy?.https : proxy?.http
}

/** Where the proxy is, for a sentence: without user and password. */
export function placeOf(proxy: Secret): string {
  return new URL(proxy.reveal()).host
}
