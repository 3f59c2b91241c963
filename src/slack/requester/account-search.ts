/** Finding the account: the search, the wait for Cognito, and the choice where several match. */

import type { KnownBlock, ModalView } from '@slack/types'
import type { SearchTerm } from '../../lookup/terms.ts'
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

/** What somebody asked, and where. */
export interface Asked {
  readonly query: string
  readonly terms: readonly SearchTerm[]
  /** The message that named it, or undefined for a search. */
  readonly message?: { readonly link: string | undefined }
}

/** Several accounts match, or may: they are told apart by what tells people apart. */
export function chooserView(
  { candidates, more, unsearchedPools, unmatched }: Found,
  { message }: Pick<Asked, 'message'>,
): ModalView {
  const shown = candidates.slice(0, mostCandidates)
  const isCut = more || candidates.length > shown.length
  const { search } = text.requester
  const source = message?.link
  const isOnly = candidates.length === 1
  const notes = [
    ...(unmatched.length === 0 ? [] : [search.unmatched(unmatched)]),
    ...(unsearchedPools.length === 0 ? [] : [unsearchedPoolsSentence(unsearchedPools)]),
  ]
  return modal({
    title: search.title,
    close: text.shared.replies.cancel,
    ...(source === undefined ? {} : { metadata: { source } }),
    blocks: [
      section(isOnly ? oneMatches(unsearchedPools) : search.severalMatch),
      ...notes.map((note) => ({ type: 'section' as const, text: plain(note) })),
      ...shown.map((candidate) => candidateBlock(candidate, message !== undefined)),
      ...(isCut ? [context(search.tooMany)] : []),
    ],
  })
}

function oneMatches(unsearchedPools: readonly string[]): string {
  const { oneMatches: whereSearched, oneMatchesAll } = text.requester.search
  return unsearchedPools.length > 0 ? whereSearched : oneMatchesAll
}

function candidateBlock({ account, match }: Candidate, isFromMessage: boolean): KnownBlock {
  return {
    type: 'section',
    text: plain(text.requester.search.candidate(account, match, isFromMessage).join('\n')),
    accessory: chooseAccount(account.ref, account.name),
  }
}
