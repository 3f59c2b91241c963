/** Where a `DATABASE_URL` of PostgreSQL leads, as the driver reads it: what is looked at is what is connected to. */

import { BlockList, isIP, isIPv6 } from 'node:net'
import { parse } from 'pg-connection-string'

export interface Destination {
  /** A name, an address, or the folder of a socket. */
  readonly host: string
  /** `sslmode` as it was written; undefined where it was not. */
  readonly sslMode: string | undefined
  /** Whether the driver asks for TLS and checks whose certificate it is. */
  readonly checksCertificate: boolean
}

// The driver reads those files at once, and in libpq's ways of reading `sslmode` misses one. None of it has a say in
// where it connects to, or in what `verify-full` means.
const beside = ['sslcert', 'sslkey', 'sslrootcert', 'uselibpqcompat']

/** @param url one that `URL` takes, with every % in it encoding something */
export function destinationOf(url: string): Destination {
  const address = new URL(url)
  for (const name of beside) address.searchParams.delete(name)
  const { host, ssl, sslmode } = parse(address.href)
  return {
    host: host || usualHost,
    sslMode: typeof sslmode === 'string' ? sslmode : undefined,
    checksCertificate:
      ssl === true || (typeof ssl === 'object' && ssl.rejectUnauthorized !== false),
  }
}

/** The same with a host in it. What the environment names besides has been checked by nobody: PGHOST may lead to another machine. */
export function withHost(url: string): string {
  const address = new URL(url)
  if (address.hostname || address.searchParams.getAll('host').at(-1)) return url
  address.searchParams.delete('host')
  address.hostname = usualHost
  return address.href
}

const usualHost = 'localhost'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** A loopback address, or the folder of a socket. */
export function isThisMachine(host: string): boolean {
  if (host.startsWith('/') || host.toLowerCase() === usualHost) return true
  return isIP(host) !== 0 && loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}
