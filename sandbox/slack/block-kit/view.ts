/**
 * Modals and home tabs as a whole. Source: docs.slack.dev/reference/views. What depends on the workspace,
 * such as an `external_id` that is taken or a stack that is full, is for `web-api/views.ts`.
 */
import { type Fields, fieldsOf, rowsOf, stringOf } from '../json.ts'
import { checkBlocks } from './blocks.ts'
import { plainText } from './composition.ts'
import type { Problem } from './problem.ts'
import { boolean, byType, object, oneOf, type Rule, string } from './rules.ts'

/**
 * Everything Slack would refuse in this view; empty if it would take it. It never throws. A modal with an
 * `input` block needs a submit button, and a home tab knows neither title nor buttons.
 *
 * @param at JSON pointer to the view, where the pointers of the problems begin
 */
export function checkView(view: unknown, at = '/view'): Problem[] {
  const found: Problem[] = []
  byType({ modal, home })(view, at, found)
  const fields = fieldsOf(view)
  if (fields['blocks'] === undefined) return found
  const surface = fields['type'] === 'home' ? 'home' : 'modal'
  found.push(...checkBlocks(surface, fields['blocks'], `${at}/blocks`))
  if (surface === 'modal') checkSubmit(fields, at, found)
  return found
}

const anything: Rule = () => {}
const words = plainText(24)
// People never see these three, but every payload about the view carries them: ids only, no secrets.
const common = {
  private_metadata: string({ min: 0, max: 3000 }),
  callback_id: string({ min: 0, max: 255 }),
  external_id: string({ min: 0, max: 255 }),
}

const modal = object(
  { type: oneOf('modal'), title: words, blocks: anything },
  { ...common, submit: words, close: words, clear_on_close: boolean, notify_on_close: boolean },
)
const home = object({ type: oneOf('home'), blocks: anything }, common)

function checkSubmit(view: Fields, at: string, found: Problem[]): void {
  if (view['submit'] !== undefined) return
  rowsOf(view['blocks']).forEach((block, index) => {
    if (stringOf(block['type']) !== 'input') return
    found.push({
      at: `${at}/blocks/${index}/input`,
      says: 'must define `submit` to use an `input` block in modals',
    })
  })
}
