/** Which app and workspace the tokens are for. */

import type { Logger } from 'pino'
import { type SlackAccess, webClient } from './client.ts'
import { readFailure } from './errors.ts'
import { slackLogger } from './logger.ts'

export interface SlackIdentity {
  readonly appId: string
  readonly teamId: string
}

/** @throws where Slack does not take the tokens, in words for whoever has set them */
export async function identify(access: SlackAccess, log: Logger): Promise<SlackIdentity> {
  const appId = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(access.appToken.reveal())?.[1]
  if (appId === undefined) throw new Error('SLACK_APP_TOKEN does not name its app: copy it whole')
  const teamId = await teamOf(access, log)
  if (teamId === undefined)
    throw new Error('Slack does not say which workspace the bot token is for')
  return { appId, teamId }
}

async function teamOf(access: SlackAccess, log: Logger): Promise<string | undefined> {
  try {
    return (await webClient(access, 10_000, slackLogger(log)).auth.test()).team_id
  } catch (error) {
    const failure = readFailure(error)
    const why = failure.kind === 'slow-down' ? 'ratelimited' : failure.error
    throw new Error(`Slack does not accept SLACK_BOT_TOKEN, or can't be reached (${why})`, {
      cause: error,
    })
  }
}
