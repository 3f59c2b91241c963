/**
 * The recovery page by HTTP: where an account's owner asks for a code, and sets a new password with
 * it. Everything else on the way to a password is done in Slack, by others; this page is theirs.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OwnerRecovery } from '../../recovery/ports/owner-recovery.ts'
import type { RateLimiter } from '../../recovery/ports/rate-limiter.ts'
import { listen, type WebServer } from '../server.ts'
import { addressOf, Proxies } from './address.ts'
import { contentSecurityPolicy } from './assets.ts'
import { draw } from './draw.ts'
import { readForm } from './form.ts'
import type { PageKeys } from './keys.ts'
import { type Language, languageOf } from './language.ts'
import type { PageLog } from './log.ts'
import { type Notice, type Screen, statusOf } from './screen.ts'
import { Steps } from './steps.ts'
import { FormTokens } from './tokens.ts'

export interface RecoveryPageParts {
  readonly page: {
    /** Where owners find the page; it ends in `/recover`. */
    readonly url: string
    /** The addresses and networks of the reverse proxies on the way. */
    readonly proxies: readonly string[]
  }
  readonly owners: OwnerRecovery
  readonly rateLimiter: RateLimiter
  readonly keys: PageKeys
  readonly log: PageLog
  readonly now: () => Date
  /** How long a step takes at the least, whatever it was about. */
  readonly answerAfterMs?: number
  /** How long a form may take to arrive. */
  readonly bodyWithinMs?: number
}

/** Answers one request. Never throws. */
export type RecoveryPage = (request: IncomingMessage, response: ServerResponse) => void

/** Serves the page, and nothing else, on a port of its own. @throws in words where it cannot */
export function serveRecoveryPage(
  parts: RecoveryPageParts,
  where: { readonly host: string; readonly port: number },
): Promise<WebServer> {
  return listen({ ...where, portName: 'PAGE_PORT', connections, answer: recoveryPage(parts) })
}

// A reverse proxy keeps some open, and whoever knows a name has one or two.
const connections = 400

// Most of Cognito's answers take less than a second, with a message sent on the way.
const usualAnswerAfterMs = 1_000
const usualBodyWithinMs = 10_000

/** @throws when there is no pool that it could be for */
export function recoveryPage(parts: RecoveryPageParts): RecoveryPage {
  const { page, owners, log, bodyWithinMs = usualBodyWithinMs } = parts
  if (owners.pools.length === 0) {
    throw new Error('RECOVERY_PAGE_URL is set, but no pool in the policy has a client')
  }
  const { origin, protocol, pathname: path } = new URL(page.url)
  const proxies = new Proxies(page.proxies)
  const isSecure = protocol === 'https:'
  const tokens = new FormTokens(parts.keys.forms, isSecure, parts.now)
  const steps = new Steps({
    ...parts,
    limitsKey: parts.keys.limits,
    answerAfterMs: parts.answerAfterMs ?? usualAnswerAfterMs,
  })

  return (request, response) => {
    answer(request)
      .catch((error: unknown): Reply => {
        log.error({ err: error }, 'the recovery page is broken')
        return inLanguage(request, { kind: 'notice', notice: 'broken' })
      })
      .then((reply) => reply && send(request, response, reply))
      .catch((error: unknown) => {
        log.error({ err: error }, 'the recovery page could not answer')
        response.destroy()
      })
  }

  /** @returns undefined when nobody waits for an answer any more */
  async function answer(request: IncomingMessage): Promise<Reply | undefined> {
    const [pathname = '', query] = (request.url ?? '').split('?')
    const where = placeOf(pathname, owners.pools)
    const chosen = new URLSearchParams(query).get('lang')
    if (where === 'nowhere') return inLanguage(request, notice('not-found'), chosen)
    if (request.method === 'GET' || request.method === 'HEAD') {
      return inLanguage(request, startAt(where), chosen)
    }
    if (request.method !== 'POST' || where === 'beginning') {
      return inLanguage(request, notice('wrong-method'), chosen)
    }
    if (isForeign(request, origin)) return inLanguage(request, notice('foreign'), chosen)
    return submitted(request, where.pool)
  }

  async function submitted(request: IncomingMessage, pool: string): Promise<Reply | undefined> {
    const submission = await readForm(request, bodyWithinMs)
    if (submission.kind === 'gone') return undefined
    if (submission.kind !== 'form') return inLanguage(request, notice(submission.kind))
    const { form } = submission
    const screen = tokens.fits(form.token, request.headers.cookie)
      ? await steps.take(pool, form, addressOf(request, proxies))
      : await steps.again(pool, form)
    return inLanguage(request, screen, form.language)
  }

  function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    const { screen, language } = reply
    const visit = tokens.visit(request.headers.cookie)
    const setting = { language, path, pools: owners.pools, token: tokens.token(visit) }
    const status = statusOf(screen)
    response.writeHead(status, {
      ...headers,
      'content-language': language,
      'set-cookie': visit.cookie,
      ...(isSecure && { 'strict-transport-security': `max-age=${yearSeconds}` }),
      ...(status === 405 && { allow: 'GET, HEAD, POST' }),
      ...(status === 429 && { 'retry-after': '3600' }),
      ...(status === 503 && { 'retry-after': '60' }),
    })
    response.end(draw(screen, setting))
  }
}

const yearSeconds = 365 * 24 * 60 * 60

interface Reply {
  readonly screen: Screen
  readonly language: Language
}

function inLanguage(request: IncomingMessage, screen: Screen, chosen: string | null = null): Reply {
  return { screen, language: languageOf(chosen, request.headers['accept-language']) }
}

const notice = (about: Notice): Screen => ({ kind: 'notice', notice: about })

type Place = 'nowhere' | 'beginning' | { readonly pool: string }

function placeOf(pathname: string, pools: readonly string[]): Place {
  const [, rest] = /\/recover(?:\/([^/]*))?\/?$/.exec(pathname) ?? [undefined, '/']
  if (rest === undefined || rest === '') {
    const [only] = pools
    return pools.length === 1 && only !== undefined ? { pool: only } : 'beginning'
  }
  const pool = pools.find((name) => name === rest)
  return pool === undefined ? 'nowhere' : { pool }
}

function startAt(where: Exclude<Place, 'nowhere'>): Screen {
  if (where === 'beginning') return { kind: 'pools' }
  return { kind: 'ask', pool: where.pool, username: '' }
}

// The token alone would do; these stop a foreign form without reading it. Because of our own
// Referrer-Policy a browser sends `Origin: null` from our pages too.
function isForeign({ headers: { origin, 'sec-fetch-site': site } }: IncomingMessage, ours: string) {
  if (site !== undefined && site !== 'same-origin') return true
  return origin !== undefined && origin !== 'null' && origin !== ours
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  vary: 'Accept-Language, Cookie',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const
