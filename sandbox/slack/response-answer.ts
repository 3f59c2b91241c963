/** What an app may do with a response URL: answer quietly, answer aloud, replace or remove what was clicked. */
import { checkBlocks } from './block-kit/blocks.ts'
import { slackLine } from './block-kit/problem.ts'
import { type Fields, rowsOf, stringOf } from './json.ts'
import type { Message } from './model.ts'
import type { Conversation } from './response-urls.ts'
import type { Workspace } from './workspace.ts'

/** An HTTP response; the body is sent as JSON. Bolt's `respond` throws on any status that is not 2xx. */
export interface HttpAnswer {
  readonly status: number
  readonly body: Fields
}

const fine: HttpAnswer = { status: 200, body: { ok: true } }

/**
 * Takes one post to a response URL: docs.slack.dev/interactivity/handling-user-interaction. Ephemeral unless
 * `response_type` is `in_channel`, which does nothing where the clicked message was itself ephemeral: Slack
 * does not let an ephemeral become public. With `replace_original` a message that is gone by now is posted
 * anew; with `delete_original` it stays gone, and both are fine.
 *
 * The flags count only as JSON `true`, which is what Bolt's `respond` sends. Unlike the Web API, refusals
 * have HTTP statuses of their own: 404 for the address, 400 for the content. It is the only way to change or
 * remove an ephemeral message.
 */
export function answerResponse(workspace: Workspace, token: string, args: Fields): HttpAnswer {
  const conversation = workspace.responseUrls.use(token)
  if (typeof conversation === 'string')
    return { status: 404, body: { ok: false, error: conversation } }
  const original = originalOf(workspace, conversation)
  if (args['delete_original'] === true) {
    if (original) workspace.messages.remove(original)
    return fine
  }
  const { text, blocks } = args
  const problems = blocks === undefined ? [] : checkBlocks('message', blocks)
  if (problems.length > 0) {
    const messages = problems.map(slackLine)
    const body = { ok: false, error: 'invalid_blocks', response_metadata: { messages } }
    return { status: 400, body }
  }
  if (stringOf(text) === '' && rowsOf(blocks).length === 0)
    return { status: 400, body: { ok: false, error: 'no_text' } }
  const content = { text: stringOf(text), blocks: rowsOf(blocks) }
  if (args['replace_original'] === true && original) workspace.replace({ ...original, ...content })
  else post(workspace, conversation, args, content)
  return fine
}

function originalOf(workspace: Workspace, { original }: Conversation): Message | undefined {
  return original && workspace.messages.find(original.channel, original.ts)
}

function post(
  workspace: Workspace,
  conversation: Conversation,
  args: Fields,
  content: Pick<Message, 'text' | 'blocks'>,
): void {
  const { directory, app } = workspace
  const { userId, channel, original } = conversation
  const wasPrivate = original?.onlyFor !== undefined
  const isAloud = args['response_type'] === 'in_channel' && !wasPrivate
  const threadTs = stringOf(args['thread_ts'])
  workspace.post({
    channel,
    user: directory.bot.id,
    botId: app.botId,
    appId: app.id,
    ...content,
    ...(threadTs !== '' && { threadTs }),
    ...(!isAloud && { onlyFor: userId }),
  })
}
