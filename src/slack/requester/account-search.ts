/** Finding the account: the search, the wait for Cognito, and the choice where several match. */

import type { KnownBlock, ModalView } from '@slack/types'
import { oneLine } from '../../recovery/model/visible-text.ts'
import type { Candidate, LookUp } from '../../recovery/services/requests.ts'
import { chooseAccount, formIds } from '../buttons.ts'
import { type SubmittedView, typed } from '../inbound/view-values.ts'
import { context, modal, section } from '../kit/blocks.ts'
import { fitted } from '../kit/lists.ts'
import { clip, escapedWords, plain } from '../kit/mrkdwn.ts'
import { contactWords, ownerName, subTail } from '../text/en/accounts.ts'
import { statusWords } from '../text/en/sentences.ts'

const queryBlock = 'query'
const title = 'Recover an account'

// Cognito's filters take 256 characters, after escaping.
const longestQuery = 200

// As many as people read through before they search again.
const mostCandidates = 10

/** The search. @param note plain text: why we are here again, such as nothing found */
export function findView(note?: string): ModalView {
  return modal({
    title,
    close: 'Cancel',
    submit: { text: 'Find', callback: formIds.find },
    blocks: [
      ...(note === undefined ? [] : [{ type: 'section' as const, text: plain(note) }]),
      {
        type: 'input',
        block_id: queryBlock,
        label: plain('Whose account is it?'),
        hint: plain(
          'An e-mail address, a phone number such as +14155550123, a username or a name.',
        ),
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
  const who = oneLine(query) === '' ? 'the account' : `“${escapedWords(query, 300)}”`
  return modal({ title, blocks: [section(`Looking up ${who} in Amazon Cognito…`)] })
}

/** What a search leaves open, for plain text; empty where it was whole. */
export function unsearchedPoolsSentence(pools: readonly string[]): string {
  if (pools.length === 0) return ''
  const names = fitted(pools, 500)
  return pools.length === 1
    ? `The user pool ${names} could not be searched: the account may be there.`
    : `The user pools ${names} could not be searched: the account may be in one of them.`
}

type Found = Omit<Extract<LookUp, { readonly kind: 'found' }>, 'kind'>

/** Several accounts match, or may: they are told apart by what tells people apart. */
export function chooserView(
  { candidates, more, unsearchedPools }: Found,
  source?: string,
): ModalView {
  const shown = candidates.slice(0, mostCandidates)
  const tooMany = more || candidates.length > shown.length
  return modal({
    title,
    close: 'Cancel',
    ...(source === undefined ? {} : { metadata: { source } }),
    blocks: [
      section(
        candidates.length === 1 && unsearchedPools.length > 0
          ? '*One account matches, where Rekey could look.* Ask the caller for something that tells it apart, then choose.'
          : '*Several accounts match.* Ask the caller for something that tells them apart, then choose.',
      ),
      ...(unsearchedPools.length === 0
        ? []
        : [{ type: 'section' as const, text: plain(unsearchedPoolsSentence(unsearchedPools)) }]),
      ...shown.map(candidateBlock),
      ...(tooMany
        ? [context('There are more than these. Search again with a whole address.')]
        : []),
    ],
  })
}

function candidateBlock({ account }: Candidate): KnownBlock {
  const { ref, name, status, enabled, contacts } = account
  const state = `${statusWords[status]}${enabled ? '' : ', disabled'}`
  const lines = [
    ownerName(name),
    state,
    fitted(contacts.map(contactWords), 300) || 'No contacts',
    `${clip(oneLine(ref.pool), 60)}, account id ends in ${subTail(ref.sub)}`,
  ]
  return {
    type: 'section',
    text: plain(lines.join('\n')),
    accessory: chooseAccount(ref, name),
  }
}
