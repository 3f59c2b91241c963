/**
 * The proof that a form was filled in on our own page (CSRF): a signed double submit. A cookie that
 * other websites can neither send along nor read names the visit, and each form carries an HMAC of
 * it under a key that only we have, so that a planted cookie has no form that fits. Both end after an hour.
 */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Visit {
  readonly id: string
  /** To be sent as Set-Cookie: it lives as long as the newest form. */
  readonly cookie: string
}

// As long as a code of Cognito's.
const lifeSeconds = 60 * 60

export class FormTokens {
  readonly #key: Buffer
  readonly #secure: boolean
  readonly #cookieName: string
  readonly #now: () => Date

  /** @param secure whether the page is reached by https */
  constructor(key: Buffer, secure: boolean, now: () => Date) {
    this.#key = key
    this.#secure = secure
    this.#now = now
    // With this prefix a browser takes the cookie from this very host only, and by https only.
    this.#cookieName = secure ? '__Host-rekey-visit' : 'rekey-visit'
  }

  /** The visit that a request belongs to, or a new one. */
  visit(cookies: string | undefined): Visit {
    const id = this.#known(cookies) ?? randomBytes(16).toString('base64url')
    const secure = this.#secure ? '; Secure' : ''
    const life = `Max-Age=${lifeSeconds}`
    return {
      id,
      cookie: `${this.#cookieName}=${id}; Path=/; ${life}; HttpOnly; SameSite=Strict${secure}`,
    }
  }

  /** What a form of this visit carries: when it was drawn, and the proof. */
  token({ id }: Visit): string {
    const drawnAt = this.#seconds().toString(36)
    return `${drawnAt}.${this.#sign(id, drawnAt).toString('base64url')}`
  }

  /** Whether a form with this token was drawn for the visit that the cookies name, within the last hour. */
  fits(token: string, cookies: string | undefined): boolean {
    const known = this.#known(cookies)
    const [drawnAt = '', proof = ''] = token.split('.')
    if (known === undefined || !/^[0-9a-z]{1,9}$/.test(drawnAt)) return false
    const [given, right] = [Buffer.from(proof, 'base64url'), this.#sign(known, drawnAt)]
    if (given.length !== right.length || !timingSafeEqual(given, right)) return false
    return Math.abs(this.#seconds() - Number.parseInt(drawnAt, 36)) < lifeSeconds
  }

  #seconds(): number {
    return Math.floor(this.#now().getTime() / 1000)
  }

  #known(cookies = ''): string | undefined {
    const pairs = cookies.split(';').map((pair) => pair.trim().split('='))
    const value = pairs.find(([name]) => name === this.#cookieName)?.[1]
    return value !== undefined && /^[\w-]{22}$/.test(value) ? value : undefined
  }

  #sign(id: string, drawnAt: string): Buffer {
    return createHmac('sha256', this.#key).update(`${id} ${drawnAt}`).digest()
  }
}
