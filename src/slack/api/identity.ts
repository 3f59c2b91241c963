/** Which app and workspace the tokens are for. */

import type { webApi } from '@slack/bolt'
import type { SlackAccess } from './client.ts'
import { RefusedCall } from './patient-client.ts'

export interface SlackIdentity {
  readonly appId: string
  readonly teamId: string
  /** Who Rekey is in the workspace, as a bot and as a user. */
  readonly botId: string
  readonly botUserId: string
}

/** @throws where Slack does not take the tokens or cannot be asked, in words for whoever has set them */
export async function identify(
  access: SlackAccess,
  client: webApi.WebClient,
): Promise<SlackIdentity> {
  const appId = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(access.appToken.reveal())?.[1]
  if (appId === undefined) throw new Error('SLACK_APP_TOKEN does not name its app: copy it whole')
  const { team_id, bot_id, user_id } = await whoAmI(client)
  if (team_id === undefined)
    throw new Error('Slack does not say which workspace the bot token is for')
  if (bot_id === undefined || user_id === undefined)
    throw new Error(
      'SLACK_BOT_TOKEN is no bot’s: copy the Bot User OAuth Token from OAuth & Permissions',
    )
  return { appId, teamId: team_id, botId: bot_id, botUserId: user_id }
}

async function whoAmI(client: webApi.WebClient): Promise<webApi.AuthTestResponse> {
  try {
    return await client.auth.test()
  } catch (error) {
    if (!(error instanceof RefusedCall)) throw error
    throw new Error(
      `Slack refuses auth.test (${error.data.error}): install the app in the workspace itself from manifest.yml, and set SLACK_BOT_TOKEN to its Bot User OAuth Token. If it stays, ask a workspace admin what stands in the way`,
      { cause: error },
    )
  }
}
