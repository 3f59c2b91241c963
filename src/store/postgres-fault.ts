/** Why PostgreSQL can't be used, from what the system, the driver or the server says. */

import { codeOf } from './error-code.ts'
import { text } from './text/text.ts'

/** @returns a sentence without anything secret of the URL */
export function postgresFault(error: unknown, url: string): string {
  const code = String(codeOf(error) ?? 'no code')
  const message = error instanceof Error ? error.message : ''
  const address = new URL(url)
  const server = serverOf(address)
  return (
    fileFault(error, address) ??
    networkFault(code, message, server) ??
    tlsFault(code, message, address) ??
    loginFault(code, message, { ...server, hasPassword: address.password !== '' }) ??
    byCode(code, server) ??
    text.postgres.other(code)
  )
}

type Server = ReturnType<typeof serverOf>

function serverOf({ hostname, port, pathname, username, searchParams }: URL) {
  const user = searchParams.get('user') ?? decodeURIComponent(username)
  return {
    host: searchParams.get('host') ?? (hostname || 'localhost'),
    port: searchParams.get('port') ?? (port || '5432'),
    user: user || 'this user',
    database: decodeURIComponent(pathname.slice(1)) || user || 'of this user',
  }
}

const fileOptions = ['sslrootcert', 'sslcert', 'sslkey']

function fileFault(error: unknown, { searchParams }: URL): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined
  if (error.syscall === 'connect' && codeOf(error) === 'ENOENT' && 'address' in error)
    return text.postgres.noSocket(String(error.address))
  if (!('path' in error)) return undefined
  const path = String(error.path)
  const option = fileOptions.find((name) => searchParams.get(name) === path)
  if (option === undefined) return undefined
  return text.postgres.unreadableFile(option, path, String(codeOf(error)))
}

function networkFault(code: string, message: string, server: Server): string | undefined {
  const { refused, unknownHost, noAnswer, closes } = text.postgres
  if (code === 'ECONNREFUSED') return refused(server, code)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return unknownHost(server, code)
  if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return noAnswer(server, code)
  if (/timeout/i.test(message) && code === 'no code') return noAnswer(server, 'timeout')
  if (code === 'ECONNRESET' || /terminated unexpectedly/.test(message)) return closes(server, code)
  return undefined
}

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

function tlsFault(code: string, message: string, address: URL): string | undefined {
  const { noTls, untrusted: notTrusted, otherName, expiredCertificate, noPem } = text.postgres
  // The driver's own, in words alone.
  if (message.includes('does not support SSL'))
    return noTls(address.searchParams.get('sslmode') ?? 'require')
  if (message.includes('requires specifying a CA')) return text.postgres.caNeeded
  if (untrusted.has(code)) return notTrusted(code)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return otherName(serverOf(address))
  if (code === 'CERT_HAS_EXPIRED') return expiredCertificate
  return code.startsWith('ERR_OSSL') ? noPem(code) : undefined
}

/** One code stands for several causes, which only the message tells apart. */
function loginFault(
  code: string,
  message: string,
  server: Server & { readonly hasPassword: boolean },
): string | undefined {
  const { wrongPassword, noPassword, noRole, wantsTls, notAdmitted, noDatabase } = text.postgres
  if (message.includes('client password must be')) return noPassword(server)
  if (code === '28P01' && !server.hasPassword) return noPassword(server)
  if (code === '28P01') return wrongPassword(server, code)
  if (code === '28000') {
    if (/no encryption|SSL off/.test(message)) return wantsTls(server)
    return /does not exist|not permitted to log in/.test(message)
      ? noRole(server)
      : notAdmitted(server)
  }
  if (code !== '08P01') return undefined
  // PgBouncer says all of it under the code of a violated protocol.
  if (/no such database|database .* does not exist/.test(message)) return noDatabase(server)
  if (/password|SASL|no such user/.test(message)) return wrongPassword(server, code)
  return text.postgres.pooler(code)
}

function byCode(code: string, server: Server): string | undefined {
  const { noDatabase, noRight, starting, tooMany, diskFull, readOnly } = text.postgres
  switch (code) {
    case '3D000':
      return noDatabase(server)
    case '42501':
    case '3F000':
      return noRight(server)
    case '57P01':
    case '57P03':
      return starting(code)
    case '53300':
      return tooMany(code)
    case '53100':
      return diskFull(code)
    case '25006':
      return readOnly
    default:
      return undefined
  }
}
