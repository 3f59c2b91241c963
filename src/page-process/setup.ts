/** What the page is told of the settings: no more than it needs. */

import type { Settings } from '../settings.ts'
import { pageKeys } from '../web/recovery-page/keys.ts'
import type { Serve, Served } from './messages.ts'

/** Undefined where the page is off. */
export function setupOf(settings: Settings): Serve | undefined {
  const { host, recoveryPage: page, secretKey, proxy } = settings.config
  if (page === undefined) return undefined
  const { forms, limits } = pageKeys(secretKey)
  return {
    kind: 'serve',
    host,
    port: page.port,
    page: { url: page.url, proxies: [...page.proxies] },
    keys: { forms: forms.toString('base64'), limits: limits.toString('base64') },
    served: servedBy(settings),
    ...(proxy && {
      proxy: {
        none: proxy.none,
        ...(proxy.https && { https: proxy.https.reveal() }),
        ...(proxy.http && { http: proxy.http.reveal() }),
      },
    }),
  }
}

/** The pools whose owners recover by themselves, as the page has to know them. */
export function servedBy({ policy, clientSecrets }: Settings): Served {
  const pools = policy.pools.flatMap(({ client, ...pool }) =>
    client === undefined ? [] : [{ ...pool, client: { id: client.id } }],
  )
  const names = new Set(pools.map(({ name }) => name))
  const secrets = [...clientSecrets].filter(([pool]) => names.has(pool))
  const revealed = secrets.map(([pool, secret]) => [pool, secret.reveal()] as const)
  return { pools, clientSecrets: Object.fromEntries(revealed) }
}
