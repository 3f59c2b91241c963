/** A real Bolt app that talks to the sandbox, and a bare client for calls no SDK would make. */
import { App, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { type Fields, fieldsOf } from '../../../sandbox/slack/json.ts'
import { type SlackOptions, type SlackSandbox, startSlack } from '../../../sandbox/slack/start.ts'
import { acmeWorkspace } from '../../../sandbox/world/workspace-seed.ts'

export const allScopes = [
  'commands',
  'chat:write',
  'im:write',
  'users:read',
  'users:read.email',
  'usergroups:read',
  'channels:read',
  'channels:history',
  'groups:read',
  'groups:history',
  'im:history',
]

export function start(options: Partial<SlackOptions> = {}): Promise<SlackSandbox> {
  return startSlack({ seed: acmeWorkspace(), scopes: allScopes, ...options })
}

/** Says nothing: the tests provoke errors all the time. */
export const quiet: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.INFO,
}

/** Connects a Bolt app; `register` says what it listens to. `stop` ends it. */
export async function connect(
  slack: SlackSandbox,
  register: (app: App) => void,
  clientPingTimeout = 5000,
): Promise<{ app: App; stop: () => Promise<void> }> {
  const { apiUrl: slackApiUrl, botToken: token, appToken } = slack
  const receiver = new SocketModeReceiver({
    appToken,
    logger: quiet,
    clientPingTimeout,
    installerOptions: {
      clientOptions: {
        slackApiUrl,
        retryConfig: { forever: true, maxTimeout: 100, minTimeout: 20 },
      },
    },
  })
  const app = new App({
    token,
    receiver,
    convoStore: false,
    deferInitialization: true,
    logger: quiet,
    clientOptions: { slackApiUrl, retryConfig: { retries: 0 } },
  })
  register(app)
  await app.init()
  await app.start()
  return {
    app,
    stop: async () => {
      await app.stop()
    },
  }
}

/** Calls a method with no SDK between. */
export async function call(
  slack: SlackSandbox,
  method: string,
  args: Record<string, unknown> = {},
  token = slack.botToken,
): Promise<Fields> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  })
  return fieldsOf(await response.json())
}

export function plain(text: string) {
  return { type: 'plain_text' as const, text }
}

/** A modal with these blocks, as small as Slack takes one. */
export function modal(blocks: Fields[], more: Fields = {}): Fields {
  return { type: 'modal', title: plain('A modal'), submit: plain('Send'), blocks, ...more }
}

/** An input for text. */
export function input(
  label: string,
  block_id: string,
  element: Fields = {},
  more: Fields = {},
): Fields {
  const typed = { type: 'plain_text_input', action_id: 'text', ...element }
  return { type: 'input', block_id, label: plain(label), element: typed, ...more }
}
