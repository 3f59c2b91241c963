/** Clients for Slack's Web API, with the SDK's defaults turned around: a limit on time, and no blind retries. */

import { type Logger, webApi } from '@slack/bolt'
import type { ProxySettings } from '../../proxy.ts'
import type { Secret } from '../../secret.ts'
import { fetchVia } from './proxy.ts'

export interface SlackAccess {
  readonly botToken: Secret
  readonly appToken: Secret
  readonly apiUrl?: string
  readonly proxy?: ProxySettings
}

/**
 * Options for a client that asks once. By itself the SDK waits for ever, and repeats a post whose
 * answer was lost: one call was seen to make three messages.
 */
export function askOnce(
  access: SlackAccess,
  timeoutMs: number,
  logger: Logger,
): webApi.WebClientOptions {
  return {
    ...where(access),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger,
  }
}

export function webClient(
  access: SlackAccess,
  timeoutMs: number,
  logger: Logger,
): webApi.WebClient {
  return new webApi.WebClient(access.botToken.reveal(), askOnce(access, timeoutMs, logger))
}

export function where(access: SlackAccess): Pick<webApi.WebClientOptions, 'slackApiUrl' | 'fetch'> {
  const fetch = fetchVia(access)
  return {
    ...(access.apiUrl !== undefined && { slackApiUrl: access.apiUrl }),
    ...(fetch !== undefined && { fetch }),
  }
}
