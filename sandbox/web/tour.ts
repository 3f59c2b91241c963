/** The guided tour: what to do next, told by what has already happened, so that one can leave it and come back. */

import type { CognitoSandbox } from '../cognito/server.ts'
import type { LedgerView } from './ledger-view.ts'
import type { ReadMarks } from './read-marks.ts'

/** The tour as the page shows it. */
export interface TourView {
  readonly steps: readonly StepView[]
  /** The place of the step to take, from 0; as many as there are steps when all are done. */
  readonly at: number
}

/** One step, in words for whoever takes it. */
export interface StepView {
  /** Whose place to take for it. */
  readonly as: string
  readonly says: string
  /** Which part of the page it happens in. */
  readonly look: 'C0SUPPORT' | 'C0APPROVE' | 'C0AUDIT' | 'application'
}

/** By what the tour sees how far somebody has come. */
export interface TourProgress {
  readonly cognito: CognitoSandbox
  readonly ledgerView: LedgerView
  readonly marks: ReadMarks
}

type Step = StepView & { readonly isDone: (progress: TourProgress) => boolean }

const steps: readonly Step[] = [
  {
    as: 'U0SAM',
    look: 'C0SUPPORT',
    says: 'Jane can’t sign in and has called support. As Sam, write /reset-password jane@example.com in #support.',
    isDone: ({ ledgerView }) => happened(ledgerView, 'account.looked-up'),
  },
  {
    as: 'U0SAM',
    look: 'C0SUPPORT',
    says: 'Rekey shows what Cognito knows of Jane, and what can help her. Fill in the form and send the request.',
    isDone: ({ ledgerView }) => happened(ledgerView, 'request.opened'),
  },
  {
    as: 'U0MIA',
    look: 'C0APPROVE',
    says: 'Sam may not decide on his own request. Switch to Mia, press Approve… on the card, read it and approve.',
    isDone: ({ ledgerView }) => happened(ledgerView, 'request.approved'),
  },
  {
    as: 'U0SAM',
    look: 'application',
    says: 'Cognito has sent Jane a code: see the mailbox. Be Jane: sign in with Jane-sandbox-1, and use the code for a new password.',
    isDone: ({ cognito }) => janeIsBack(cognito),
  },
  {
    as: 'U0ANA',
    look: 'C0AUDIT',
    says: 'Everything was written down. Switch to Ana, who audits, and read #account-audit; the ledger itself is beside it.',
    isDone: ({ marks }) => marks.of('U0ANA', 'C0AUDIT') !== '',
  },
]

/** The first step that is not done is the one to take, whatever came after it. */
export function tourView(progress: TourProgress): TourView {
  const next = steps.findIndex((step) => !step.isDone(progress))
  return {
    steps: steps.map(({ as, says, look }) => ({ as, says, look })),
    at: next === -1 ? steps.length : next,
  }
}

function happened({ ledger }: LedgerView, type: string): boolean {
  return ledger.some(({ title }) => title === type)
}

function janeIsBack({ pools }: CognitoSandbox): boolean {
  const everybody = pools.all().flatMap((pool) => pool.users())
  const jane = everybody.find(({ attributes }) => attributes['email'] === 'jane@example.com')
  return jane?.lastSignInAt !== undefined
}
