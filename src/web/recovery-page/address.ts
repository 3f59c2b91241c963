/** Whose request it is, as far as an IP address can tell. */

import type { IncomingMessage } from 'node:http'
import { isIP, isIPv6 } from 'node:net'

/**
 * The address to count against: the socket's, or the one that the outermost of our own proxies heard
 * from. Anything further left in X-Forwarded-For was written by the client itself.
 * @param proxies how many proxies there are, each of which appends to X-Forwarded-For
 */
export function addressOf(request: IncomingMessage, proxies: number): string {
  const socket = request.socket.remoteAddress ?? ''
  if (proxies === 0) return network(socket)
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  return network(withoutPort(forwarded.at(-proxies)?.trim() ?? '') ?? socket)
}

/** An IPv4 address as it is, an IPv6 one as its /64: whoever has one of those has all of it. */
export function network(address: string): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (v4 !== undefined) return v4
  const [plain = ''] = address.split('%')
  if (!isIPv6(plain)) return address
  // URL knows the shortest spelling of each address, so one address is never counted as two.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => part.split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail ?? '')]
  return `${all.slice(0, 4).join(':')}::/64`
}

// Some proxies add the port: 192.0.2.1:4711 or [2001:db8::1]:4711.
function withoutPort(entry: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([\d.]+):\d+$/, '$1')
  return isIP(bare) === 0 ? undefined : bare
}
