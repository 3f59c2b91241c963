/** What several audiences read, or all of them. */

import {
  accountFacts,
  contactWords,
  escapedName,
  ownerName,
  remarkWords,
  statusWords,
  subTail,
} from './accounts.ts'
import { buttons } from './buttons.ts'
import { failureSentence, failureWords } from './failures.ts'
import { methodWords, unavailableReasons } from './methods.ts'
import { pauseAnswer, pauseSentence } from './pause.ts'
import { refusalSentence, refusalWords } from './refusals.ts'
import { replies } from './replies.ts'
import { soFar, stateSentence, stateTitle } from './states.ts'

export const shared = {
  buttons,
  replies,
  refusals: { words: refusalWords, sentence: refusalSentence },
  failures: { words: failureWords, sentence: failureSentence },
  methods: { words: methodWords, unavailable: unavailableReasons },
  states: { title: stateTitle, sentence: stateSentence, soFar },
  pause: { sentence: pauseSentence, answer: pauseAnswer },
  accounts: {
    name: ownerName,
    escapedName,
    idTail: subTail,
    contact: contactWords,
    facts: accountFacts,
    statuses: statusWords,
    remarks: remarkWords,
  },
}
