/** A select menu with type-ahead: of the app's options, of people and channels, or of what the app offers as one types. */

import { type ComponentChildren, h, type TargetedEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import {
  type Fields,
  fieldsOf,
  isFields,
  type Json,
  listOf,
  rowsOf,
  stringOf,
} from '../slack/json.ts'
import { valueField } from '../slack/values.ts'
import type { ChoiceView } from '../web/commands.ts'
import { usePage } from './context.ts'
import { type ElementProps, named, useValue } from './element-state.ts'
import { plainWords } from './text.ts'

interface Choice extends ChoiceView {
  readonly group?: string
}

/**
 * A combobox as the ARIA Authoring Practices describe it: arrows move, Enter takes, Escape closes. (The
 * function is long for its attributes.)
 */
export function Menu(props: ElementProps): ComponentChildren {
  const { element, field } = props
  const { value, enter } = useValue(props)
  const { chosen, choose } = useChosen(element, value, enter)
  const [query, setQuery] = useState<string | undefined>(undefined)
  const [at, setAt] = useState(0)
  const { offered, note, ask } = useOffers(props)
  const isMulti = stringOf(element['type']).startsWith('multi_')
  const words = useWords()
  const list = `${field?.id ?? stringOf(element['action_id'])}-list`
  const shown = offered
    .filter((each) => matches(each, query ?? ''))
    .filter((each) => !isMulti || !chosen.some((one) => same(one, each.value)))
  const isOpen = query !== undefined

  const open = (typed: string) => {
    setQuery(typed)
    setAt(0)
    ask(typed)
  }
  const take = (choice: Choice | undefined) => {
    if (choice === undefined) return
    setQuery(undefined)
    choose(isMulti ? [...chosen, choice.value] : [choice.value])
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && !isOpen) open('')
    else if (step !== undefined) setAt(Math.max(0, Math.min(shown.length - 1, at + step)))
    else if (event.key === 'Enter' && isOpen) take(shown[at])
    else if (event.key === 'Escape' && isOpen) setQuery(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return h('span', { class: 'menu' }, [
    isMulti &&
      h(Chips, {
        chosen: chosen.map(words),
        remove: (index) => choose(chosen.toSpliced(index, 1)),
      }),
    h('input', {
      ...named(props),
      class: 'field',
      role: 'combobox',
      type: 'text',
      autocomplete: 'off',
      'aria-expanded': isOpen,
      'aria-controls': list,
      'aria-autocomplete': 'list',
      'aria-activedescendant': isOpen && shown[at] ? `${list}-${at}` : undefined,
      placeholder: plainWords(element['placeholder']) || 'Select an option',
      value: query ?? (isMulti ? '' : chosen.map(words).join('')),
      onInput: ({ currentTarget }: TargetedEvent<HTMLInputElement>) => open(currentTarget.value),
      onClick: () => isOpen || open(''),
      onBlur: () => setQuery(undefined),
      onKeyDown,
    }),
    isOpen && h(Offers, { list, shown, at, note, take }),
  ])
}

interface OffersProps {
  readonly list: string
  readonly shown: readonly Choice[]
  readonly at: number
  readonly note: string
  readonly take: (choice: Choice) => void
}

function Offers({ list, shown, at, note, take }: OffersProps): ComponentChildren {
  return h('ul', { id: list, role: 'listbox', class: 'offers', 'aria-label': 'Options' }, [
    shown.map((choice, index) => [
      choice.group !== shown[index - 1]?.group &&
        h(
          'li',
          { key: `of ${choice.group}`, class: 'offer-group', role: 'presentation' },
          choice.group,
        ),
      h(
        'li',
        {
          key: JSON.stringify(choice.value),
          id: `${list}-${index}`,
          role: 'option',
          'aria-selected': index === at,
          // Before the field loses the focus, which would close the list.
          onMouseDown: (event: Event) => {
            event.preventDefault()
            take(choice)
          },
        },
        [
          choice.text,
          choice.description && h('span', { class: 'description' }, choice.description),
        ],
      ),
    ]),
    shown.length === 0 && h('li', { class: 'quiet', role: 'presentation' }, note || 'No results'),
  ])
}

function Chips({
  chosen,
  remove,
}: {
  chosen: readonly string[]
  remove: (index: number) => void
}): ComponentChildren {
  return h(
    'span',
    { class: 'chips' },
    chosen.map((text, index) =>
      h('span', { key: text, class: 'chip' }, [
        text,
        h(
          'button',
          { type: 'button', 'aria-label': `Remove ${text}`, onClick: () => remove(index) },
          '×',
        ),
      ]),
    ),
  )
}

/** What is chosen, at once on the screen and then in the app's view; taken back if it was not entered. */
function useChosen(
  element: Fields,
  value: Fields,
  enter: ReturnType<typeof useValue>['enter'],
): { chosen: readonly Json[]; choose: (next: readonly Json[]) => void } {
  const field = valueField(stringOf(element['type'])) ?? 'value'
  const isMulti = field.endsWith('s')
  const [chosen, setChosen] = useState<readonly Json[]>(() => {
    const entered = value[field]
    if (isMulti) return listOf(entered)
    return entered === undefined || entered === null ? [] : [entered]
  })
  const choose = (next: readonly Json[]) => {
    setChosen(next)
    void enter(isMulti ? [...next] : (next[0] ?? null)).then((isEntered) => {
      if (!isEntered) setChosen(chosen)
    })
  }
  return { chosen, choose }
}

// An app's answer takes a round trip; a key is no reason for one.
const askMs = 150

/** What can be chosen; for menus that ask, `note` says why there is nothing yet. */
function useOffers({ block, element, surface }: ElementProps): {
  offered: readonly Choice[]
  note: string
  ask: (typed: string) => void
} {
  const { send } = usePage()
  const type = stringOf(element['type'])
  const isExternal = type.includes('external')
  const [found, setFound] = useState<readonly Choice[]>([])
  const [note, setNote] = useState('')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef('')
  if (type.includes('static')) return { offered: ownChoices(element), note: '', ask: () => {} }

  const look = async (typed: string) => {
    const controlRef = {
      container: surface.container,
      blockId: stringOf(block['block_id']),
      actionId: stringOf(element['action_id']),
    }
    const reply = await send({ kind: 'suggest', controlRef, typed })
    // An answer to what was typed before is no answer to what is typed now.
    if (typed !== latest.current) return
    setFound(reply.kind === 'choices' ? reply.choices : [])
    setNote(reply.kind === 'failed' ? reply.says : '')
  }
  const ask = (typed: string) => {
    latest.current = typed
    clearTimeout(timer.current)
    const least = Number(element['min_query_length'] ?? 3)
    if (isExternal && typed.length < least) {
      setFound([])
      setNote(`Type at least ${least} characters`)
      return
    }
    setNote('Looking…')
    timer.current = setTimeout(() => void look(typed), isExternal ? askMs : 0)
  }
  return { offered: found, note, ask }
}

function ownChoices(element: Fields): Choice[] {
  const grouped = rowsOf(element['option_groups']).flatMap((group) =>
    rowsOf(group['options']).map((each) => choiceOf(each, plainWords(group['label']))),
  )
  return [...rowsOf(element['options']).map((each) => choiceOf(each)), ...grouped]
}

function choiceOf(option: Fields, group?: string): Choice {
  const description = plainWords(option['description'])
  return {
    text: plainWords(option['text']),
    value: option,
    ...(description !== '' && { description }),
    ...(group !== undefined && { group }),
  }
}

function useWords(): (value: Json) => string {
  const { people, channels } = usePage().snapshot.names
  return (value) => {
    if (isFields(value)) return plainWords(value['text'])
    const id = stringOf(value)
    return people[id] ?? (channels[id] === undefined ? id : `#${channels[id]}`)
  }
}

function matches({ text }: Choice, query: string): boolean {
  return text.toLowerCase().includes(query.toLowerCase())
}

function same(one: Json, other: Json): boolean {
  if (!isFields(one) || !isFields(other)) return one === other
  return fieldsOf(one)['value'] === fieldsOf(other)['value']
}
