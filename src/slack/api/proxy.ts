/** Slack by way of a proxy: its Web API and its sockets. */

import type { webApi } from '@slack/bolt'
import { EnvHttpProxyAgent, fetch } from 'undici'
import { type ProxySettings, placeOf, proxyFor } from '../../proxy.ts'
import { text } from './text/text.ts'

export interface SlackAddress {
  readonly apiUrl?: string
  readonly proxy?: ProxySettings
}

// Its sockets are at wss-primary.slack.com: one proxy for both.
const slack = 'https://slack.com/api/'

const agents = new WeakMap<ProxySettings, EnvHttpProxyAgent>()

/** What finds the way for a socket, and for `fetchVia`; undefined where no proxy is set. */
export function dispatcherVia({ apiUrl = slack, proxy }: SlackAddress) {
  const uri = proxyFor(apiUrl, proxy)?.reveal()
  if (proxy === undefined || uri === undefined) return undefined
  const agent =
    agents.get(proxy) ??
    new EnvHttpProxyAgent({ httpProxy: uri, httpsProxy: uri, noProxy: proxy.none })
  agents.set(proxy, agent)
  return agent
}

/**
 * What asks Slack's Web API through the proxy; undefined where none is set. What it throws says that it is
 * the proxy that stands in the way, where it is, so that no token is blamed.
 */
export function fetchVia(address: SlackAddress): webApi.WebClientOptions['fetch'] {
  const dispatcher = dispatcherVia(address)
  if (dispatcher === undefined) return undefined
  return async (url, init) => {
    try {
      return await fetch(url as string, { ...(init as object), dispatcher })
    } catch (error) {
      throw new Error(unreachable(address, deepest(error)), { cause: error })
    }
  }
}

const withinMs = 10_000

/**
 * Whether Slack can be reached at all, where that takes a proxy.
 * @throws with a sentence for the operator
 */
export async function tryProxy(address: SlackAddress): Promise<void> {
  const signal = AbortSignal.timeout(withinMs)
  await fetchVia(address)?.(`${address.apiUrl ?? slack}api.test`, { method: 'POST', signal })
}

function unreachable({ apiUrl = slack, proxy }: SlackAddress, error: unknown): string {
  const { protocol, hostname } = new URL(apiUrl)
  const place = proxyFor(apiUrl, proxy)
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  return text.proxy(name, place === undefined ? '' : placeOf(place), whyNot(error), hostname)
}

function whyNot(error: unknown): string {
  const { login, forbidden, unreachable: away, certificate, late } = text.reasons
  const message = error instanceof Error ? error.message : ''
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [, status] = /Proxy response \((\d+)\)/.exec(message) ?? []
  if (status === '407') return login
  if (status !== undefined) return forbidden(status)
  if (/CERT|SIGNATURE/.test(code)) return certificate(code)
  return /^[A-Z_]+$/.test(code) ? away(code) : late
}

/** undici wraps what the proxy has said twice. */
function deepest(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? deepest(error.cause) : error
}
