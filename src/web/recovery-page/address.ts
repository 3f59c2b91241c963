/** Whose request it is, as far as an IP address can tell. */

import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/**
 * The address to count against: the socket's, or, while that is a proxy of ours, the one that the proxy has heard from,
 * which is the last in X-Forwarded-For; and so on for as many proxies as there are. Anything further left was written
 * by the client itself.
 */
export function addressOf(request: IncomingMessage, proxies: Proxies): string {
  const heardFrom = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  let address = plain(request.socket.remoteAddress ?? '')
  while (proxies.has(address)) {
    const before = withoutPort(heardFrom.pop()?.trim() ?? '')
    if (before === undefined) break
    address = plain(before)
  }
  return network(address)
}

/** The reverse proxies that are believed. */
export class Proxies {
  readonly #list = new BlockList()

  /** @param networks each an address, or a network such as `10.1.2.0/24` */
  constructor(networks: readonly string[]) {
    for (const each of networks) {
      const [address = '', prefix] = each.split('/')
      if (prefix === undefined) this.#list.addAddress(address, family(address))
      else this.#list.addSubnet(address, Number(prefix), family(address))
    }
  }

  has(address: string): boolean {
    return isIP(address) !== 0 && this.#list.check(address, family(address))
  }
}

const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** An IPv4 address as it is, an IPv6 one as its /64: whoever has one of those has all of it. */
export function network(address: string): string {
  const [bare = ''] = plain(address).split('%')
  if (!isIPv6(bare)) return bare
  // URL knows the shortest spelling of each address, so one address is never counted as two.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => part.split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail ?? '')]
  return `${all.slice(0, 4).join(':')}::/64`
}

// A socket that listens on :: has IPv4 addresses like this.
function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}

// Some proxies add the port: 192.0.2.1:4711 or [2001:db8::1]:4711.
function withoutPort(entry: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([\d.]+):\d+$/, '$1')
  return isIP(bare) === 0 ? undefined : bare
}
