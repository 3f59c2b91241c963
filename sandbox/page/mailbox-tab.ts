/** The owners' mailboxes, or their phones: everything the simulated Cognito has sent, the newest first. */

import { type ComponentChildren, h, type TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'
import { usePage } from './context.ts'
import { timeOf } from './dates.ts'

/** E-mails or text messages, of everybody or of one address. */
export function MailboxTab({ kind }: { kind: 'email' | 'sms' }): ComponentChildren {
  const { mailbox, me } = usePage().snapshot
  const [to, setTo] = useState('')
  const all = mailbox.filter((each) => each.kind === kind)
  const owners = [...new Set(all.map((each) => each.to))].toSorted()
  const shown = all.filter((each) => to === '' || each.to === to).toReversed()
  const what = kind === 'email' ? 'Mailbox' : 'Phone'
  return h('section', { class: 'mailbox-tab', 'aria-label': what }, [
    h('label', {}, [
      `${what} of `,
      h(
        'select',
        {
          value: to,
          onChange: ({ currentTarget }: TargetedEvent<HTMLSelectElement>) =>
            setTo(currentTarget.value),
        },
        [
          h('option', { value: '' }, 'everybody'),
          owners.map((each) => h('option', { key: each }, each)),
        ],
      ),
    ]),
    shown.length === 0 && h('p', { class: 'quiet empty' }, nothing[kind]),
    shown.map(({ subject, body, sentAt, to: owner }, index) =>
      h(
        'article',
        { key: shown.length - index, class: 'mail', 'aria-label': `${subject}, to ${owner}` },
        [
          h('p', { class: 'quiet' }, `To ${owner} · ${timeOf(new Date(sentAt), me)}`),
          kind === 'email' && h('h3', {}, subject),
          h('p', { class: 'words' }, body),
        ],
      ),
    ),
  ])
}

const nothing = {
  email: 'No mail yet. What Cognito sends to owners arrives here.',
  sms: 'No text message yet. What Cognito sends to phones arrives here.',
}
