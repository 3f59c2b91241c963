/** The environment that a configuration needs, and what is read of it. */

import { readConfig } from '../../src/config.ts'

export const key = Buffer.alloc(32, 7).toString('base64')

export const enough = {
  SLACK_BOT_TOKEN: 'xoxb-1-canary',
  SLACK_APP_TOKEN: 'xapp-1-canary',
  REKEY_SECRET_KEY: key,
}

/** @throws naming the faults, if there are any */
export function configOf(env: Record<string, string>) {
  const read = readConfig({ ...enough, ...env })
  if (read.kind === 'faulty') throw new Error(read.faults.join('\n'))
  return read.config
}

export function faultsOf(env: Record<string, string | undefined>) {
  const read = readConfig({ ...enough, ...env })
  return read.kind === 'faulty' ? read.faults : []
}
