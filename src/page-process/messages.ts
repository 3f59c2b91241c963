/** What the two processes say to each other. Nothing else passes between them. */

import { z } from 'zod'

/** The pools whose owners may recover by themselves, and the secrets of their app clients by pool. */
const served = z.object({
  pools: z.array(
    z.object({
      name: z.string(),
      userPoolId: z.string(),
      region: z.string(),
      defaultCountry: z.string().exactOptional(),
      client: z.object({ id: z.string() }).exactOptional(),
    }),
  ),
  clientSecrets: z.record(z.string(), z.string()),
})

const rules = z.object({
  minimumLength: z.int(),
  uppercase: z.boolean(),
  lowercase: z.boolean(),
  numbers: z.boolean(),
  symbols: z.boolean(),
})

const proxy = z.object({
  https: z.string().exactOptional(),
  http: z.string().exactOptional(),
  none: z.string(),
})

/** How long what is logged with a line may be, as JSON: whatever the page may have become, it does not fill the disk. */
export const mostLogged = 4_000

const key = z.base64().length(44)

/** From Rekey to the page. */
export const toPage = z.discriminatedUnion('kind', [
  /** The first: all that the page is given to know. */
  z.object({
    kind: z.literal('serve'),
    host: z.string(),
    port: z.int(),
    page: z.object({ url: z.string(), proxies: z.array(z.string()) }),
    keys: z.object({ forms: key, limits: key }),
    served,
    proxy: proxy.exactOptional(),
  }),
  z.object({ kind: z.literal('policy'), served }),
  /** Whether it was counted; absent where that could not be done. */
  z.object({ kind: z.literal('counted'), id: z.int(), isTaken: z.boolean().exactOptional() }),
  z.object({ kind: z.literal('rules'), id: z.int(), rules: rules.exactOptional() }),
  z.object({ kind: z.literal('ping') }),
  z.object({ kind: z.literal('stop') }),
])

export type ToPage = z.infer<typeof toPage>
export type Serve = Extract<ToPage, { kind: 'serve' }>
export type Served = Serve['served']

/** From the page to Rekey, which takes nothing else, however much the page may be somebody else's by then. */
export const fromPage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening'), port: z.int() }),
  z.object({ kind: z.literal('not-listening'), why: z.string().max(500) }),
  /** The key has a form that no other limit's has: nobody else's can be used up. */
  z.object({
    kind: z.literal('count'),
    id: z.int(),
    key: z.string().regex(/^[\w-]{43}$/),
    most: z.int().min(1).max(1_000),
    windowMs: z
      .int()
      .min(1)
      .max(24 * 60 * 60 * 1000),
  }),
  z.object({ kind: z.literal('rules'), id: z.int(), pool: z.string().max(100) }),
  z.object({
    kind: z.literal('log'),
    level: z.enum(['error', 'warn', 'info']),
    message: z.string().max(500),
    fields: z
      .record(z.string(), z.json())
      .refine((fields) => JSON.stringify(fields).length <= mostLogged),
  }),
  z.object({ kind: z.literal('pong') }),
])

export type FromPage = z.infer<typeof fromPage>
