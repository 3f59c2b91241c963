/** The answers to a click, a command or a form that are the same whoever gets them. */

import { escapedWords } from '../../kit/mrkdwn.ts'

export const replies = {
  /** Titles of windows and their buttons: at most 24 characters. */
  close: 'Close',
  cancel: 'Cancel',
  notPossible: 'Not possible',
  somethingWrong: 'Something went wrong',
  oneMoment: 'One moment',
  lookAgain: 'Please look again',
  done: 'Done',

  stillWorking: 'Still working on it…',
  recorded: 'That is recorded. You can close this window.',
  oldButton: 'This button is from an older version of Rekey.',
  /** To a person who is turned away. It tells them nothing about why the door is closed. */
  turnedAway: 'You can’t use Rekey. If you think you should, ask the people who run it.',
  /** After a click or a command for which no window came up. */
  tooLate:
    'Slack gives three seconds for opening a window, and this took longer. Nothing has happened: please do it again.',
  /** For what nobody foresaw; the log has the rest under the same reference. */
  unexpected: (reference: string) =>
    `Something went wrong here that shouldn’t have. Please look at where things stand before you try again. If it happens again, give this reference to whoever looks after Rekey: ${escapedWords(reference, 100)}`,
}
