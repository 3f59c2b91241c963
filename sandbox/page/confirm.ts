/** The dialog that asks “are you sure?” before a control does what it does. */

import { type ComponentChildren, h } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Fields, stringOf } from '../slack/json.ts'
import { plainWords, Words } from './text.ts'

interface Question {
  readonly asked: Fields
  readonly answer: (yes: boolean) => void
}

/** `confirm` resolves to the answer; `dialog` has to be somewhere on the page. */
export function useConfirm(): {
  dialog: ComponentChildren
  confirm: (asked: Fields) => Promise<boolean>
} {
  const [question, setQuestion] = useState<Question | undefined>(undefined)
  const confirm = (asked: Fields) =>
    new Promise<boolean>((resolve) => {
      setQuestion({
        asked,
        answer: (yes) => {
          setQuestion(undefined)
          resolve(yes)
        },
      })
    })
  return { dialog: question && h(ConfirmDialog, question), confirm }
}

function ConfirmDialog({ asked, answer }: Question): ComponentChildren {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  const onCancel = (event: Event) => {
    event.preventDefault()
    answer(false)
  }
  const style = stringOf(asked['style']) || 'primary'
  return h(
    'dialog',
    { ref: dialog, class: 'confirm', 'aria-labelledby': 'confirm-title', onCancel },
    [
      h('h2', { id: 'confirm-title' }, plainWords(asked['title'])),
      h('div', { class: 'confirm-words' }, h(Words, { of: asked['text'] })),
      h('footer', {}, [
        h(
          'button',
          { type: 'button', class: 'button', onClick: () => answer(false) },
          plainWords(asked['deny']),
        ),
        h(
          'button',
          { type: 'button', class: `button ${style}`, onClick: () => answer(true) },
          plainWords(asked['confirm']),
        ),
      ]),
    ],
  )
}
