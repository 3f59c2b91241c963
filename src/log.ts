/** The log: JSON lines on standard output, with nothing in them that opens a door. */

import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'
import type { LogLevel } from './config.ts'

// What a token looks like, wherever in a line it turns up: the last line of defence, after the
// Secret class and after errors have been reduced to what is known to be harmless.
const tokens = /\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]+|\bA(?:KI|SI)A[A-Z0-9]{16}\b/g

/** @param out where finished lines go; standard output unless told otherwise */
export function createLog(level: LogLevel, out: NodeJS.WritableStream = process.stdout): Logger {
  const filtered = new Writable({
    write(line: Buffer, _encoding, written) {
      out.write(line.toString('utf8').replace(tokens, '[token]'))
      written()
    },
  })
  return pino(
    {
      level,
      base: { app: 'rekey' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
    },
    filtered,
  )
}

/**
 * What a log may know of an error. Errors of the SDKs carry whole answers, headers and request
 * bodies with them, so only fields that are known to be harmless are copied.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack, cause } = error
  return {
    type: name,
    message,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...slackError(error),
    stack,
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  }
}

/** Slack's own name for what went wrong, such as `channel_not_found`. */
function slackError(error: Error): Record<string, unknown> {
  if (!('data' in error) || typeof error.data !== 'object' || error.data === null) return {}
  return 'error' in error.data && typeof error.data.error === 'string'
    ? { slack: error.data.error }
    : {}
}
