/**
 * The proof that a form was filled in on our own page (CSRF): a signed double submit. A cookie that
 * other websites can neither send along nor read names the visit, and each form carries an HMAC of
 * it under a key that only we have, so that a planted cookie has no form that fits.
 */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Visit {
  readonly id: string
  /** To be sent as Set-Cookie when the visit is a new one. */
  readonly cookie?: string
}

export class FormTokens {
  readonly #key: Buffer
  readonly #secure: boolean
  readonly #cookieName: string

  /** @param secure whether the page is reached by https */
  constructor(key: Buffer, secure: boolean) {
    this.#key = key
    this.#secure = secure
    // With this prefix a browser takes the cookie from this very host only, and by https only.
    this.#cookieName = secure ? '__Host-rekey-visit' : 'rekey-visit'
  }

  /** The visit that a request belongs to, or a new one. */
  visit(cookies: string | undefined): Visit {
    const known = this.#known(cookies)
    if (known !== undefined) return { id: known }
    const id = randomBytes(16).toString('base64url')
    const secure = this.#secure ? '; Secure' : ''
    return {
      id,
      cookie: `${this.#cookieName}=${id}; Path=/; HttpOnly; SameSite=Strict${secure}`,
    }
  }

  /** What a form of this visit carries. */
  token({ id }: Visit): string {
    return this.#sign(id).toString('base64url')
  }

  /** Whether a form with this token was drawn for the visit that the cookies name. */
  fits(token: string, cookies: string | undefined): boolean {
    const known = this.#known(cookies)
    if (known === undefined) return false
    const [given, right] = [Buffer.from(token, 'base64url'), this.#sign(known)]
    return given.length === right.length && timingSafeEqual(given, right)
  }

  #known(cookies = ''): string | undefined {
    const pairs = cookies.split(';').map((pair) => pair.trim().split('='))
    const value = pairs.find(([name]) => name === this.#cookieName)?.[1]
    return value !== undefined && /^[\w-]{22}$/.test(value) ? value : undefined
  }

  #sign(id: string): Buffer {
    return createHmac('sha256', this.#key).update(id).digest()
  }
}
