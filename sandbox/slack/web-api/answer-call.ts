/** The Web API's table of contents, and the one place where a refusal becomes an answer. */
import type { Fields } from '../json.ts'
import type { Workspace } from '../workspace.ts'
import { chat } from './chat.ts'
import { conversations } from './conversations.ts'
import { type Method, MethodCall } from './method-call.ts'
import { people } from './people.ts'
import { Refusal } from './refusal.ts'
import { views } from './views.ts'

const methods: Readonly<Record<string, Method>> = { ...people, ...chat, ...conversations, ...views }

/**
 * The two tokens, each good for its own methods: the app-level one opens Socket Mode connections and does
 * nothing else, the bot's does all the rest. The other way round the answer is `not_allowed_token_type`.
 */
export interface Credentials {
  readonly botToken: string
  readonly appToken: string
}

/** What the methods work on. */
export interface WebApiOptions extends Credentials {
  readonly workspace: Workspace
  /** Makes the address of a new Socket Mode connection. */
  readonly openConnection: () => string
}

/**
 * Answers one call as Slack would, refusals included; a method that the simulator lacks is an
 * `unknown_method`. Arguments that a method does not read are ignored, as the `team_id` that Bolt adds to
 * every call.
 *
 * @param token as the app sent it, without `Bearer`; empty if it sent none, which is `not_authed`
 * @throws whatever is no refusal: a mistake in the simulator, which the server turns into HTTP 500
 */
export function answerCall(
  options: WebApiOptions,
  token: string,
  method: string,
  args: Fields,
): Fields {
  try {
    return answer(options, token, method, args)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}

function answer(options: WebApiOptions, token: string, method: string, args: Fields): Fields {
  const run = Object.hasOwn(methods, method) ? methods[method] : undefined
  const isConnection = method === 'apps.connections.open'
  if (!run && !isConnection) throw new Refusal('unknown_method', { req_method: method })
  if (token === '') throw new Refusal('not_authed')
  if (token !== options.botToken && token !== options.appToken) throw new Refusal('invalid_auth')
  if ((token === options.appToken) !== isConnection) throw new Refusal('not_allowed_token_type')
  if (!run) return { ok: true, url: options.openConnection() }
  return run(new MethodCall(options.workspace, args, options.workspace.scopes))
}
