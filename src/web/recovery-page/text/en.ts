/** The recovery page in English. */

import type { PageText } from './page-text.ts'

export const en: PageText = {
  language: 'English',
  title: 'Account recovery',
  problemTitle: 'Problem',
  pools: 'Which account is it about?',
  ask: 'Forgot your password?',
  askHint:
    'Enter what you sign in with. You get a code at the e-mail address or phone number that we have on file for you, and choose a new password with it.',
  username: 'E-mail address, phone number or username',
  send: 'Send me a code',
  have: 'I already have a code',
  change: 'Choose a new password',
  sent: 'If this account can be recovered here, a code is on its way to its owner. It may take a few minutes.',
  account: 'Account',
  code: 'Code',
  codeHint: 'From the newest message. It is valid for one hour.',
  password: 'New password',
  show: 'Show the password',
  rules: 'What the password needs',
  rulesUnknown: 'We can’t show the rules for passwords at the moment. A long one is a good choice.',
  rule: {
    length: '{n} characters or more',
    lowercase: 'a small letter, a to z',
    uppercase: 'a capital letter, A to Z',
    number: 'a digit, 0 to 9',
    symbol: 'a symbol, such as ! # % + - = ?',
    edges: 'no space at the beginning or the end',
  },
  met: '(done)',
  notMet: '(missing)',
  allMet: 'The password has everything it needs.',
  missing: 'Still missing: {n}',
  set: 'Set the new password',
  nothingCame:
    'No message? Look into the spam folder and check how the name is spelt. If still nothing comes, ask support: they can help in other ways.',
  sendAgain: 'Send a new code',
  otherAccount: 'Start again with another name',
  done: 'Your password has been changed',
  doneHint: 'You can sign in with it now, and close this page.',
  problems: {
    'no-name': 'Enter what you sign in with.',
    'unfit-name': 'The name is too long or has a space in it. Check how it is spelt.',
    'no-code': 'Enter the code from the message.',
    'wrong-code':
      'The code is wrong or no longer valid, or there have been too many tries. Take it from the newest message: it works once, and for one hour. If it still doesn’t work, wait an hour and have a new code sent.',
    'too-many-tries':
      'There have been too many tries. Wait an hour, then have a new code sent and try again.',
    'password-policy':
      'This password doesn’t follow the rules. Choose one that has everything it needs.',
    'password-history':
      'This password has been used for the account before. Choose one that is new.',
    'stale-form':
      'The page was open for too long, or your browser does not accept its cookie. Nothing has been changed. Please try again.',
    busy: 'Too many people are using this page at the moment. Nothing has been changed. Please try again in a minute.',
    unavailable:
      'It doesn’t work at the moment. Nothing has been changed. Please try again in a few minutes.',
    unclear:
      'We got no clear answer. Your password may have been changed, or not: try to sign in with the new one. If you can’t, have a new code sent and try again.',
  },
  notices: {
    'not-found': 'There is no such page.',
    'wrong-method': 'This page can’t be used like that.',
    'not-a-form': 'This page only takes its own form.',
    'too-large': 'That was more than this page takes.',
    'too-slow': 'Your entry did not arrive in time. Please try again.',
    foreign: 'This was sent from another website, so nothing has been done.',
    broken: 'Something is broken on our side. Please try again later.',
  },
  back: 'To the beginning',
}
