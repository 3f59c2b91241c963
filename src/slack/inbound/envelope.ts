/** The fields of Slack's payloads that Rekey relies on, read with care: nothing here is trusted yet. */

import { createHash } from 'node:crypto'
import { z } from 'zod'

const who = z.object({ id: z.string().min(1), team_id: z.string().optional() })

const envelope = z.object({
  type: z.string().optional(),
  command: z.string().optional(),
  api_app_id: z.string().optional(),
  team_id: z.string().optional(),
  user_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  user: z.union([who, z.string()]).optional(),
  trigger_id: z.string().optional(),
  channel: z.union([z.object({ id: z.string() }), z.string()]).optional(),
  event_id: z.string().optional(),
  event: z.object({ user: z.string().optional() }).optional(),
  is_enterprise_install: z.union([z.boolean(), z.string()]).optional(),
  view: z.object({ app_installed_team_id: z.string().optional() }).optional(),
})

export interface Envelope {
  /** `slash_command`, or Slack's own name of the kind. */
  readonly kind: string
  readonly appId: string | undefined
  readonly teamIds: readonly string[]
  readonly userId: string | undefined
  /** Where it happened, if it was in a conversation. */
  readonly channelId: string | undefined
  readonly enterpriseInstall: boolean
  /** Names what the person did: the same for every delivery of it. */
  readonly idempotencyKey: string
}

/** What a payload of any kind says of where it comes from; undefined if it is no payload of Slack. */
export function readEnvelope(body: unknown): Envelope | undefined {
  const { data } = envelope.safeParse(body)
  if (data === undefined) return undefined
  const user = typeof data.user === 'string' ? { id: data.user } : data.user
  const teamIds = [
    data.team?.id,
    data.team_id,
    typeof data.user === 'object' ? data.user.team_id : undefined,
    data.view?.app_installed_team_id,
  ]
  return {
    kind: data.command === undefined ? named(data.type ?? 'unknown') : 'slash_command',
    appId: data.api_app_id,
    teamIds: teamIds.filter((id) => id !== undefined),
    channelId: typeof data.channel === 'string' ? data.channel : data.channel?.id,
    userId: user?.id ?? data.user_id ?? data.event?.user,
    enterpriseInstall: String(data.is_enterprise_install ?? false) === 'true',
    idempotencyKey: idempotencyKeyOf(data.trigger_id ?? data.event_id ?? JSON.stringify(body)),
  }
}

/** A name that may have been made up, as it can stand in the ledger. */
function named(text: string): string {
  // Cut first: a cut may go through a character.
  return text.slice(0, 40).toWellFormed()
}

/** A trigger id is made anew for everything a person does, and stays with it when it is sent again. */
export function idempotencyKeyOf(triggerId: string): string {
  // It opens windows while it is fresh, so it is not kept as it is.
  return createHash('sha256').update(triggerId).digest('hex')
}
