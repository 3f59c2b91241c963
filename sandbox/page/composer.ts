/** The field to write in. A slash brings up the app's commands, with what may follow them. */

import { type ComponentChildren, h, type TargetedEvent, type TargetedKeyboardEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { SlashCommand } from '../slack/model.ts'
import { usePage } from './context.ts'

interface ComposerProps {
  readonly channel: string
  readonly label: string
  readonly thread?: string
}

/**
 * What the server refuses stands in the field again, with the reason in passing. (The function is long
 * for its attributes: a combobox needs a dozen.)
 */
export function Composer({ channel, label, thread }: ComposerProps): ComponentChildren {
  const { send, say, snapshot } = usePage()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [isShut, setShut] = useState(false)
  const offered = isShut ? [] : completions(snapshot.slashCommands, text)
  const usage = usageOf(snapshot.slashCommands, text)
  const list = `commands-${channel}-${thread ?? ''}`

  const write = (next: string) => {
    setText(next)
    setAt(0)
    setShut(false)
  }
  const submit = async () => {
    if (text.trim() === '') return
    const written = text
    write('')
    const reply = await send(commandFor(written, channel, thread))
    if (reply.kind !== 'failed') return
    say(reply.says)
    write(written)
  }
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.isComposing) return
    const chosen = offered[at]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const isNew = chosen !== undefined && text !== chosen.command
    if (chosen && step !== undefined) setAt((at + step + offered.length) % offered.length)
    else if (isNew && (event.key === 'Tab' || event.key === 'Enter')) write(`${chosen.command} `)
    else if (chosen && event.key === 'Escape') setShut(true)
    else if (event.key === 'Enter' && !event.shiftKey) void submit()
    else return
    event.preventDefault()
  }

  return h(
    'form',
    {
      class: 'composer',
      onSubmit: (event: Event) => {
        event.preventDefault()
        void submit()
      },
    },
    [
      offered.length > 0 &&
        h(Completions, { list, offered, at, take: (command) => write(`${command} `) }),
      h('textarea', {
        'aria-label': label,
        placeholder: label,
        rows: 1,
        value: text,
        role: 'combobox',
        'aria-expanded': offered.length > 0,
        'aria-controls': list,
        'aria-autocomplete': 'list',
        'aria-activedescendant': offered.length > 0 ? `${list}-${at}` : undefined,
        onInput: ({ currentTarget }: TargetedEvent<HTMLTextAreaElement>) =>
          write(currentTarget.value),
        onKeyDown,
      }),
      h(
        'button',
        { type: 'submit', class: 'button primary', disabled: text.trim() === '' },
        'Send',
      ),
      usage !== '' && h('p', { class: 'usage quiet', role: 'note' }, usage),
    ],
  )
}

interface CompletionsProps {
  readonly list: string
  readonly offered: readonly SlashCommand[]
  readonly at: number
  readonly take: (command: string) => void
}

function Completions({ list, offered, at, take }: CompletionsProps): ComponentChildren {
  return h(
    'ul',
    { id: list, role: 'listbox', class: 'offers above', 'aria-label': 'Commands' },
    offered.map(({ command, usageHint, description }, index) =>
      h(
        'li',
        {
          key: command,
          id: `${list}-${index}`,
          role: 'option',
          'aria-selected': index === at,
          onMouseDown: (event: Event) => {
            event.preventDefault()
            take(command)
          },
        },
        [
          h('strong', {}, command),
          ' ',
          h('span', { class: 'quiet' }, usageHint),
          h('span', { class: 'description' }, description),
        ],
      ),
    ),
  )
}

function completions(commands: readonly SlashCommand[], text: string): readonly SlashCommand[] {
  return /^\/\S*$/.test(text) ? commands.filter(({ command }) => command.startsWith(text)) : []
}

function usageOf(commands: readonly SlashCommand[], text: string): string {
  const known = commands.find(({ command }) => text === command || text.startsWith(`${command} `))
  return known ? `${known.command} ${known.usageHint}` : ''
}

function commandFor(written: string, channel: string, thread: string | undefined) {
  const [, command, text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(written) ?? []
  if (command !== undefined && thread === undefined)
    return { kind: 'slash-command', channel, command, text: text.trim() } as const
  return { kind: 'say', channel, text: written, ...(thread !== undefined && { thread }) } as const
}
