/** Slack's SDKs write to our log through this, and never more than `info`. */

import { LogLevel, type Logger as SlackLogger } from '@slack/bolt'
import type { Logger } from 'pino'

/**
 * Their debug level prints whole payloads, what people typed into modals included, so it is
 * dropped whatever our own level is. What they call an error is often an answer of Slack that we
 * expect and deal with, so it arrives as a warning.
 */
export function slackLogger(log: Logger): SlackLogger {
  const inner = log.child({ from: 'slack-sdk' })
  return {
    debug: () => {},
    info: (...messages) => inner.debug(fields(messages), text(messages)),
    warn: (...messages) => inner.warn(fields(messages), text(messages)),
    error: (...messages) => inner.warn(fields(messages), text(messages)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  }
}

function fields(messages: readonly unknown[]): object {
  const error = messages.find((message) => message instanceof Error)
  return error === undefined ? {} : { err: error }
}

function text(messages: readonly unknown[]): string {
  return messages.filter((message) => typeof message === 'string').join(' ')
}
