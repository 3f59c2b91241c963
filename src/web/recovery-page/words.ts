/** Every word of the page, in each of its languages. */

import type { Language } from './language.ts'
import type { RuleName } from './rules.ts'
import type { Notice, Problem } from './screen.ts'

export interface Words {
  /** The language's own name for itself. */
  readonly language: string
  readonly title: string
  readonly problemTitle: string
  readonly pools: string
  readonly ask: string
  readonly askHint: string
  readonly username: string
  readonly send: string
  readonly have: string
  readonly change: string
  readonly sent: string
  readonly account: string
  readonly code: string
  readonly codeHint: string
  readonly password: string
  readonly show: string
  readonly rules: string
  readonly rulesUnknown: string
  readonly rule: Readonly<Record<RuleName, string>>
  readonly met: string
  readonly notMet: string
  readonly allMet: string
  readonly missing: string
  readonly set: string
  readonly nothingCame: string
  readonly sendAgain: string
  readonly otherAccount: string
  readonly done: string
  readonly doneHint: string
  readonly problems: Readonly<Record<Problem, string>>
  readonly notices: Readonly<Record<Notice, string>>
  readonly back: string
}

// One sentence for both: of an account without a code Cognito says "expired", of one that doesn't
// exist it says "wrong", and two sentences would pass that on to anybody who asks.
const codeEn =
  'The code is wrong, or it is no longer valid. Take it from the newest message: it works once, and for one hour. If in doubt, have a new code sent.'
const codeJa =
  'コードが正しくないか、有効期限が切れています。最新のメッセージにあるコードを入力してください。コードは送信から1時間以内に1回だけ使えます。分からないときは、コードを送り直してください。'

const en: Words = {
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
    'wrong-code': codeEn,
    'expired-code': codeEn,
    'too-many-tries':
      'There have been too many tries. Wait an hour, then have a new code sent and try again.',
    'password-policy':
      'This password doesn’t follow the rules. Choose one that has everything it needs.',
    'password-history':
      'This password has been used for the account before. Choose one that is new.',
    'not-confirmed':
      'The sign-up for this account was never completed, so it can’t be recovered here. Please ask support.',
    'stale-form':
      'The page was open for too long, or your browser does not accept its cookie. Please try again.',
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

const ja: Words = {
  language: '日本語',
  title: 'アカウントの復旧',
  problemTitle: 'エラー',
  pools: 'どのアカウントを復旧しますか？',
  ask: 'パスワードをお忘れですか？',
  askHint:
    'サインインに使う名前を入力してください。登録されているメールアドレスまたは電話番号にコードが届きます。そのコードを使って、新しいパスワードを設定します。',
  username: 'メールアドレス、電話番号、またはユーザー名',
  send: 'コードを送る',
  have: 'コードをすでに持っている',
  change: '新しいパスワードの設定',
  sent: 'このアカウントがここで復旧できる場合は、ご本人にコードが送られます。届くまでに数分かかることがあります。',
  account: 'アカウント',
  code: 'コード',
  codeHint: '最新のメッセージに書かれています。有効期限は1時間です。',
  password: '新しいパスワード',
  show: 'パスワードを表示する',
  rules: 'パスワードの条件',
  rulesUnknown: '現在、パスワードの条件を表示できません。長いパスワードをお勧めします。',
  rule: {
    length: '{n}文字以上',
    lowercase: '英小文字（aからz）を含む',
    uppercase: '英大文字（AからZ）を含む',
    number: '数字（0から9）を含む',
    symbol: '記号（! # % + - = ? など）を含む',
    edges: '先頭と末尾に空白がない',
  },
  met: '（済み）',
  notMet: '（未達）',
  allMet: 'すべての条件を満たしています。',
  missing: '満たしていない条件：あと{n}つ',
  set: '新しいパスワードを設定する',
  nothingCame:
    '届かないときは、迷惑メールのフォルダーと、入力した名前に間違いがないかをご確認ください。それでも届かない場合は、サポートにお問い合わせください。ほかの方法で復旧できることがあります。',
  sendAgain: 'コードを送り直す',
  otherAccount: '別の名前でやり直す',
  done: 'パスワードを変更しました',
  doneHint: '新しいパスワードでサインインできます。このページは閉じてかまいません。',
  problems: {
    'no-name': 'サインインに使う名前を入力してください。',
    'unfit-name': '名前が長すぎるか、空白が含まれています。入力した内容をご確認ください。',
    'no-code': 'メッセージに書かれたコードを入力してください。',
    'wrong-code': codeJa,
    'expired-code': codeJa,
    'too-many-tries':
      '試行回数が多すぎます。1時間ほど待ってからコードを送り直し、もう一度お試しください。',
    'password-policy':
      'このパスワードは条件を満たしていません。すべての条件を満たすパスワードを入力してください。',
    'password-history':
      'このパスワードは以前に使われています。使ったことのないパスワードを入力してください。',
    'not-confirmed':
      'このアカウントは登録手続きが完了していないため、ここでは復旧できません。サポートにお問い合わせください。',
    'stale-form':
      'ページを開いてから時間が経ちすぎたか、ブラウザーでCookieが無効になっています。もう一度お試しください。',
    unavailable:
      '現在ご利用いただけません。何も変更されていません。数分後にもう一度お試しください。',
    unclear:
      '結果を確認できませんでした。パスワードは変更された可能性があります。新しいパスワードでサインインしてみてください。できない場合は、コードを送り直して、もう一度お試しください。',
  },
  notices: {
    'not-found': 'ページが見つかりません。',
    'wrong-method': 'この方法では、このページを利用できません。',
    'not-a-form': 'このページでは、専用のフォームのみ利用できます。',
    'too-large': '送信された内容が大きすぎます。',
    'too-slow': '時間内に送信が完了しませんでした。もう一度お試しください。',
    foreign: '別のウェブサイトから送信されたため、何も行いませんでした。',
    broken: 'システムで問題が発生しました。しばらくしてからもう一度お試しください。',
  },
  back: '最初に戻る',
}

export const words = { en, ja } satisfies Record<Language, Words>
