/** What buttons say, at most 75 characters, what screen readers say instead, and what is asked before some are pressed. */

import { ownerName } from './accounts.ts'

export const buttons = {
  approve: {
    label: 'Approve…',
    spoken: (name: string) => `Approve the recovery for ${ownerName(name)}`,
  },
  deny: {
    label: 'Deny…',
    spoken: (name: string) => `Deny the recovery for ${ownerName(name)}`,
  },
  withdraw: {
    label: 'Withdraw',
    spoken: (name: string) => `Withdraw the request for ${ownerName(name)}`,
    confirm: {
      title: 'Withdraw this request?',
      text: 'Nobody can approve it afterwards. You can open a new one.',
      yes: 'Withdraw',
      no: 'Keep it',
    },
  },
  worked: {
    label: 'It worked',
    confirm: {
      title: 'Did it work?',
      text: 'Only if the owner has what they need, or is back in. It is recorded under your name.',
      yes: 'It worked',
      no: 'Not sure',
    },
  },
  notWorked: {
    label: 'Nothing came of it',
    confirm: {
      title: 'Close this request?',
      text: 'It is closed as failed, under your name, and a new request can be opened.',
      yes: 'Close it',
      no: 'Not sure',
    },
  },
  sendAgain: {
    label: 'Send again',
    confirm: {
      title: 'Send it again?',
      text: 'Only if the owner has looked and nothing has come. The first message may still arrive; only the newest code counts.',
      yes: 'Send again',
      no: 'Not yet',
    },
  },
  askAgain: { label: 'Ask again…' },
  reveal: {
    label: 'Show the password once',
    spoken: (name: string) => `Show the password for ${ownerName(name)} once`,
  },
  report: {
    label: 'This wasn’t me',
    confirm: {
      title: 'You did not ask for this?',
      text: 'The account is frozen for a day, what can be taken back is, and the security team is called.',
      yes: 'It wasn’t me',
      no: 'Go back',
    },
  },
  unfreeze: { label: 'Let this account be recovered again' },
  resume: { label: 'Let recoveries go on' },
  choose: { label: 'Choose', spoken: (name: string) => `Choose ${ownerName(name)}` },
}
