/** The application's own sign-in page, where the owner of an account stands before a closed door. */

import { type ComponentChildren, h } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { ApplicationView, PageCommand } from '../web/commands.ts'
import { usePage } from './context.ts'

type Step = Extract<PageCommand, { kind: 'application' }>['step']

interface Entered {
  readonly username: string
  readonly password: string
  readonly code: string
}

const nothing: Entered = { username: '', password: '', code: '' }

/** One sign-in, in a tab of its own: two windows do not disturb each other. */
export function ApplicationPage(): ComponentChildren {
  const { send, snapshot } = usePage()
  const tab = useMemo(() => crypto.randomUUID(), [])
  const [view, setView] = useState<ApplicationView>({ kind: 'sign-in' })
  const [entered, setEntered] = useState(nothing)
  const [isBusy, setBusy] = useState(false)

  const take = async (step: Step) => {
    if (isBusy) return
    setBusy(true)
    const reply = await send({ kind: 'application', tab, step, ...entered })
    setBusy(false)
    setEntered({ ...nothing, username: entered.username })
    if (reply.kind === 'application') setView(reply.view)
    if (reply.kind === 'failed') setView({ kind: 'sign-in', says: reply.says })
  }
  const field = (name: keyof Entered, label: string, type = 'text') =>
    h('label', {}, [
      label,
      h('input', {
        class: 'field',
        type,
        name,
        value: entered[name],
        list: name === 'username' ? 'accounts' : undefined,
        autocomplete: 'off',
        onInput: ({ currentTarget }) => setEntered({ ...entered, [name]: currentTarget.value }),
      }),
    ])
  return h(
    'section',
    { class: 'application', 'aria-label': 'The application', 'aria-busy': isBusy },
    [
      h('h2', {}, 'The application'),
      h(Says, { view }),
      h(Step, { view, field, take: (step) => void take(step), go: setView }),
      h(
        'datalist',
        { id: 'accounts' },
        snapshot.accounts.map(({ name, signInName, status }) =>
          h('option', { key: signInName, value: signInName }, `${name} · ${status}`),
        ),
      ),
      h(
        'p',
        { class: 'hint' },
        'Everybody’s first password here is their first name and “-sandbox-1”, as in Jane-sandbox-1.',
      ),
    ],
  )
}

function Says({ view }: { view: ApplicationView }): ComponentChildren {
  if (!('says' in view) || view.says === undefined) return null
  const isGood = view.kind === 'sign-in' && view.good === true
  return h('p', { class: isGood ? 'good' : 'error', role: 'alert' }, view.says)
}

interface StepProps {
  readonly view: ApplicationView
  readonly field: (name: keyof Entered, label: string, type?: string) => ComponentChildren
  readonly take: (step: Step) => void
  readonly go: (view: ApplicationView) => void
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one form for each step, side by side, read in one go
function Step({ view, field, take, go }: StepProps): ComponentChildren {
  const form = (step: Step, submit: string, ...inside: ComponentChildren[]) => {
    const onSubmit = (event: Event) => {
      event.preventDefault()
      take(step)
    }
    return h('form', { key: view.kind, onSubmit, noValidate: true }, [
      ...inside,
      h('button', { type: 'submit', class: 'button primary' }, submit),
    ])
  }
  const link = (words: string, to: () => void) =>
    h('button', { type: 'button', class: 'link', onClick: to }, words)
  const back = link('Back to signing in', () => take('leave'))

  switch (view.kind) {
    case 'sign-in':
      return [
        form(
          'sign-in',
          'Sign in',
          field('username', 'E-mail'),
          field('password', 'Password', 'password'),
        ),
        link('Forgot your password?', () => go({ kind: 'forgot', says: '' })),
        link('I have a code', () => go({ kind: 'enter-code' })),
      ]
    case 'reset-required':
      return [
        h(
          'p',
          { role: 'alert' },
          'Your password has to be reset. Enter the code you were sent, and a new password.',
        ),
        codeForm(),
        link('Send me a fresh code', () => take('forgot')),
        back,
      ]
    case 'enter-code':
      return [
        view.sentTo !== undefined && h('p', {}, `A code is on its way to ${view.sentTo}.`),
        codeForm(),
        back,
      ]
    case 'forgot':
      return [form('forgot', 'Send me a code', field('username', 'E-mail')), back]
    case 'new-password':
      return [
        h('p', {}, 'This password was temporary. Choose one of your own.'),
        form('new-password', 'Set the password', field('password', 'New password', 'password')),
        back,
      ]
    case 'mfa':
      return [
        h('p', {}, `Enter the code from ${view.how}.`),
        form('mfa', 'Go on', field('code', 'Code')),
        back,
      ]
    case 'signed-in':
      return [
        h('p', { class: 'good', role: 'status' }, `Signed in as ${view.username}.`),
        h('button', { type: 'button', class: 'button', onClick: () => take('leave') }, 'Sign out'),
      ]
    default:
      return view satisfies never
  }

  function codeForm(): ComponentChildren {
    return form(
      'confirm',
      'Set the new password',
      field('username', 'E-mail'),
      field('code', 'Code'),
      field('password', 'New password', 'password'),
    )
  }
}
