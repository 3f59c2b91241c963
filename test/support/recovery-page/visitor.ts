/** Somebody with a browser that knows no script: follows forms, keeps cookies, reads what is shown. */

export interface Shown {
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** The text inside the element with this role, without tags. */
  role(role: 'alert' | 'status'): string
  field(name: string): string
}

export class Visitor {
  readonly #url: string
  readonly #headers: Record<string, string>
  cookie = ''
  shown: Shown | undefined

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url
    this.#headers = headers
  }

  open(path = ''): Promise<Shown> {
    return this.#request(path, { method: 'GET' })
  }

  /** Presses a button of the form that is shown. */
  press(action: string, fields: Record<string, string>, path = '/customers'): Promise<Shown> {
    const carried = {
      token: this.shown?.field('token') ?? '',
      lang: this.shown?.field('lang') ?? '',
    }
    return this.post({ ...carried, do: action, ...fields }, {}, path)
  }

  post(
    fields: Record<string, string>,
    headers: Record<string, string> = {},
    path = '/customers',
  ): Promise<Shown> {
    return this.#request(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  async #request(path: string, given: RequestInit & { headers?: Record<string, string> }) {
    const response = await fetch(this.#url + path, {
      redirect: 'manual',
      ...given,
      headers: { ...this.#headers, ...(this.cookie && { cookie: this.cookie }), ...given.headers },
    })
    const set = response.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0] ?? ''
    this.shown = read(response, await response.text())
    return this.shown
  }
}

function read({ status, headers }: Response, html: string): Shown {
  // Above it is the form that changes the language, with fields of its own.
  const main = html.slice(html.indexOf('<main>'))
  return {
    status,
    headers,
    html,
    role: (role) =>
      plain(new RegExp(`<p[^>]*role="${role}"[^>]*>([^]*?)</p>`).exec(main)?.[1] ?? ''),
    field: (name) => plain(new RegExp(`name="${name}" value="([^"]*)"`).exec(main)?.[1] ?? ''),
  }
}

function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}
