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

/** @returns undefined where everything is reached directly */
export function proxySettings(
  https: Secret | undefined,
  http: Secret | undefined,
  none: string,
): ProxySettings | undefined {
  return (https ?? http) && Object.freeze({ ...(https && { https }), ...(http && { http }), none })
}

/** The proxy for URLs like this one; undefined where it is asked directly, whatever its host. */
export function proxyFor(url: string, proxy: ProxySettings | undefined): Secret | undefined {
  return url.startsWith('https:') ? proxy?.https : proxy?.http
}

/**
 * What NO_PROXY says, in the form that Node and undici read alike: with commas, and a name for itself and all
 * below it, as curl has it.
 */
export function hostsWithout(noProxy: string): string {
  return noProxy
    .split(/[\s,]+/)
    .filter((host) => host !== '')
    .map((host) => (/[^\w.*-]|^[\d.]+$|^\*$/.test(host) ? host : host.replace(/^\*?\.?/, '.')))
    .join(',')
}

/** Where the proxy is, for a sentence: without user and password. */
export function placeOf(proxy: Secret): string {
  return new URL(proxy.reveal()).host
}
