/** The window that an app has opened for this person: the top one of a stack, with a way back to those below. */

import { type ComponentChildren, h } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { rowsOf } from '../slack/json.ts'
import type { OpenView } from '../slack/model.ts'
import { Blocks } from './blocks.ts'
import { type Surface, usePage } from './context.ts'
import { plainWords } from './text.ts'

/** Nothing while no view is open. */
export function Modal(): ComponentChildren {
  const { stack } = usePage().snapshot
  const top = stack.at(-1)
  return top && h(ModalWindow, { key: top.rootViewId, view: top, depth: stack.length })
}

interface ModalProps {
  readonly view: OpenView
  readonly depth: number
}

function ModalWindow({ view, depth }: ModalProps): ComponentChildren {
  const { send, notice } = usePage()
  const dialog = useRef<HTMLDialogElement>(null)
  const [state, setState] = useState<'ready' | 'sending'>('ready')
  const [failure, setFailure] = useState('')
  useShown(dialog)
  useFocus(dialog, view)
  useEffect(() => setFailure(''), [view.id, view.hash])

  const close = (all: boolean) => void send({ kind: 'close', viewId: view.id, all })
  const submit = async () => {
    if (state === 'sending') return
    setState('sending')
    setFailure('')
    const reply = await send({ kind: 'submit', viewId: view.id })
    setState('ready')
    if (reply.kind === 'failed') setFailure(reply.says)
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    if (view.definition['submit'] !== undefined) void submit()
  }
  const onCancel = (event: Event) => {
    event.preventDefault()
    close(false)
  }

  const { definition, values, errors, id } = view
  const surface: Surface = { container: { kind: 'modal', viewId: id }, values, errors }
  return h(
    'dialog',
    { ref: dialog, class: 'modal', 'aria-labelledby': 'modal-title', onCancel },
    notice,
    h('form', { noValidate: true, onSubmit, 'aria-busy': state === 'sending' }, [
      h('header', {}, [
        depth > 1 &&
          h('button', { type: 'button', 'aria-label': 'Back', onClick: () => close(false) }, '←'),
        h(
          'h2',
          { id: 'modal-title', class: 'window-title', tabIndex: -1 },
          plainWords(definition['title']),
        ),
        h(
          'button',
          { type: 'button', 'aria-label': 'Close window', onClick: () => close(true) },
          '×',
        ),
      ]),
      h('div', { key: id, class: 'modal-body', tabIndex: -1 }, [
        failure !== '' && h('p', { class: 'failure', role: 'alert' }, failure),
        h(Blocks, { blocks: rowsOf(definition['blocks']), surface }),
      ]),
      h(Foot, { view, isSending: state === 'sending', close: () => close(false) }),
    ]),
  )
}

interface FootProps {
  readonly view: OpenView
  readonly isSending: boolean
  readonly close: () => void
}

function Foot({ view: { definition }, isSending, close }: FootProps): ComponentChildren {
  const { submit } = definition
  const closeWords = plainWords(definition['close']) || (submit === undefined ? 'Close' : 'Cancel')
  return h('footer', {}, [
    h('button', { type: 'button', class: 'button', onClick: close }, closeWords),
    submit !== undefined &&
      h(
        'button',
        { type: 'submit', class: 'button primary', 'aria-disabled': isSending },
        plainWords(submit),
      ),
  ])
}

/** Over everything else while it is there; afterwards the focus goes back to where it was. */
function useShown(dialog: { readonly current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const shown = dialog.current
    const before = document.activeElement
    shown?.showModal()
    return () => {
      shown?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
}

/** Keeps the focus in the window: on the first field of a new view, on the first wrong one after an error. */
function useFocus(dialog: { readonly current: HTMLDialogElement | null }, view: OpenView): void {
  useEffect(() => {
    const body = dialog.current?.querySelector('.modal-body')
    const first =
      body?.querySelector<HTMLElement>('[autofocus]') ??
      body?.querySelector<HTMLElement>('input, textarea, select, button')
    const title = dialog.current?.querySelector<HTMLElement>('h2')
    const target = first ?? title
    target?.focus()
  }, [view.id])
  useEffect(() => {
    // An update may have taken the focused field away.
    if (dialog.current?.contains(document.activeElement)) return
    dialog.current?.querySelector<HTMLElement>('h2')?.focus()
  }, [view.hash])
  const wrong = Object.keys(view.errors).join()
  useEffect(() => {
    if (wrong === '') return
    dialog.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [wrong])
}
