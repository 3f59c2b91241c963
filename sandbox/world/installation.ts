/** What the app's manifest asks Slack for: the simulated workspace grants that, and nothing else. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const manifest = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()) }).optional(),
  }),
})

/** The bot's scopes, and the events it is sent. */
export interface Installation {
  readonly scopes: readonly string[]
  readonly botEvents: readonly string[]
}

/**
 * Reads `manifest.yml`, which Rekey is installed with in a real workspace, too: what it forgets to ask for is
 * missing here as well. Throws when it is not there, or has no scopes where a manifest has them.
 */
export function installation(): Installation {
  const file = join(import.meta.dirname, '../..', 'manifest.yml')
  const { oauth_config, settings } = manifest.parse(parse(readFileSync(file, 'utf8')))
  return {
    scopes: oauth_config.scopes.bot,
    botEvents: settings.event_subscriptions?.bot_events ?? [],
  }
}
