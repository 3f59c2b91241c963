/** Finding the account: the search, the wait for Cognito, and the choice where several match. */

import type { KnownBlock, ModalView } from '@slack/types'
import type { Candidate, LookUp } from '../../recovery/services/requests.ts'
import { chooseAccount, formIds } from '../buttons.ts'
import { type SubmittedView, typed } from '../inbound/view-values.ts'
import { context, modal, section } from '../kit/blocks.ts'
import { plain } from '../kit/mrkdwn.ts'
import { text } from '../text/text.ts'

const queryBlock = 'query'

// Cognito's filters take 256 characters, after escaping.
const longestQuery = 200

// As many as people read through before they search again.
const mostCandidates = 10

/** The search. @param note plain text: why we are here again, such as nothing found */
export function findView(note?: string): ModalView {
  const { title, submit, query, queryHint } = text.requester.search
  return modal({
    title,
    close: text.shared.replies.cancel,
    submit: { text: submit, callback: formIds.find },
    blocks: [
      ...(note === undefined ? [] : [{ type: 'section' as const, text: plain(note) }]),
      {
        type: 'input',
        block_id: queryBlock,
        label: plain(query),
        hint: plain(queryHint),
        element: {
          type: 'plain_text_input',
          action_id: queryBlock,
          max_length: longestQuery,
          focus_on_load: true,
        },
      },
    ],
  })
}

/** What somebody typed into the search, trimmed; empty if nothing. */
export function readQuery(view: SubmittedView): string {
  return typed(view, queryBlock)
}

/** While Cognito is asked. */
export function lookingView(query: string): ModalView {
  const { title, looking } = text.requester.search
  return modal({ title, close: text.shared.replies.close, blocks: [section(looking(query))] })
}

/** What a search leaves open, for plain text; empty where it was whole. */
export function unsearchedPoolsSentence(pools: readonly string[]): string {
  return pools.length === 0 ? '' : text.requester.search.unsearchedPools(pools)
}

type Found = Omit<Extract<LookUp, { readonly kind: 'found' }>, 'kind'>

/** Several accounts match, or may: they are told apart by what tells people apart. */
export function chooserView(
  { candidates, more, unsearchedPools }: Found,
  source?: string,
): ModalView {
  const shown = candidates.slice(0, mostCandidates)
  const isCut = more || candidates.length > shown.length
  const { title, oneMatches, severalMatch, tooMany } = text.requester.search
  return modal({
    title,
    close: text.shared.replies.cancel,
    ...(source === undefined ? {} : { metadata: { source } }),
    blocks: [
      section(candidates.length === 1 && unsearchedPools.length > 0 ? oneMatches : severalMatch),
      ...(unsearchedPools.length === 0
        ? []
        : [{ type: 'section' as const, text: plain(unsearchedPoolsSentence(unsearchedPools)) }]),
      ...shown.map(candidateBlock),
      ...(isCut ? [context(tooMany)] : []),
    ],
  })
}

function candidateBlock({ account }: Candidate): KnownBlock {
  return {
    type: 'section',
    text: plain(text.requester.search.candidate(account).join('\n')),
    accessory: chooseAccount(account.ref, account.name),
  }
}
