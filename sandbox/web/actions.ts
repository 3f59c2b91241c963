/** Does what the page asks in a person's name, as that person could do it in the workspace. */

import { optionsOf } from '../slack/controls.ts'
import { directMessageId } from '../slack/directory.ts'
import {
  type FoundControl,
  type InteractionOptions,
  Interactions,
  type Outcome,
} from '../slack/interactions.ts'
import { Person } from '../slack/person.ts'
import type { Submission } from '../slack/submission.ts'
import type { Workspace } from '../slack/workspace.ts'
import type { ApplicationSessions } from './application-session.ts'
import type { ContainerRef, ControlRef, PageCommand, Reply } from './commands.ts'
import type { FaultButtons } from './faults.ts'
import type { ReadMarks } from './read-marks.ts'

/** What a command of the page may reach; without an application, its sign-in page is refused. */
export interface ActionContext {
  readonly workspace: Workspace
  readonly marks: ReadMarks
  readonly faultButtons: FaultButtons
  readonly application: ApplicationSessions | undefined
}

const done: Reply = { kind: 'done' }

/**
 * Does one command, and resolves when the app has acknowledged it, or Slack's time for that is over: that is
 * a reply, `failed`. Throws, with words for the person, when what was used is gone or was never theirs.
 */
export async function perform(
  context: ActionContext,
  personId: string,
  command: PageCommand,
): Promise<Reply> {
  const { workspace, marks, faultButtons } = context
  const person = new Person(workspace, personId)
  switch (command.kind) {
    case 'press':
    case 'enter':
    case 'pick':
    case 'suggest':
      return useControl(workspace, person, command)
    case 'submit':
      demandTop(person, command.viewId)
      return submitted(await person.submit())
    case 'close':
      demandTop(person, command.viewId)
      await person.closeModal({ all: command.all })
      return done
    case 'slash-command':
      // What the app answers to a command it did not like is a message in the channel.
      await person.command(command.command, command.text, {
        channel: reachable(context, person, command.channel),
      })
      return done
    case 'say':
      person.say(reachable(context, person, command.channel), command.text, command.thread)
      return done
    case 'shortcut':
      return seen(
        await person.shortcut(command.name, messageAt(workspace, command.channel, command.ts)),
      )
    case 'home':
      await person.openHome()
      return done
    case 'read':
      marks.read(personId, command.channel, command.ts)
      return done
    case 'fault':
      return { kind: 'notice', says: await faultButtons.press(command.id) }
    case 'application':
      if (context.application === undefined) throw new Error('There is no application here')
      return { kind: 'application', view: await context.application.take(command) }
    default:
      return command satisfies never
  }
}

type ControlCommand = Extract<PageCommand, { controlRef: ControlRef }>

async function useControl(
  workspace: Workspace,
  person: Person,
  command: ControlCommand,
): Promise<Reply> {
  const { container, blockId, actionId } = command.controlRef
  if (container.kind === 'modal') demandTop(person, container.viewId)
  const interactions = new Interactions(workspace, person.member)
  const options: InteractionOptions = { in: whereOf(workspace, container) }
  const found = interactions.findById(blockId, actionId, options)
  switch (command.kind) {
    case 'press': {
      const { text, value, style, url } = found.control.element
      return seen(await interactions.dispatch(found, { text, value, style, url }, options))
    }
    case 'enter':
      return seen(await interactions.enter(found, command.value, options))
    case 'pick':
      return seen(
        await interactions.dispatch(
          found,
          { selected_option: optionOf(found, command.value) },
          options,
        ),
      )
    case 'suggest': {
      const choices = await interactions.choices(found, command.typed)
      if (choices === undefined) return { kind: 'failed', says: 'The options could not be loaded' }
      return { kind: 'choices', choices }
    }
    default:
      return command satisfies never
  }
}

function optionOf({ control }: FoundControl, value: string) {
  const found = optionsOf(control.element).find((each) => each['value'] === value)
  if (!found) throw new Error('This option is no longer offered')
  return found
}

function whereOf(
  workspace: Workspace,
  container: ContainerRef,
): NonNullable<InteractionOptions['in']> {
  return container.kind === 'message'
    ? messageAt(workspace, container.channel, container.ts)
    : container.kind
}

function messageAt(workspace: Workspace, channel: string, ts: string) {
  const message = workspace.messages.find(channel, ts)
  if (!message) throw new Error('This message is gone')
  return message
}

/** Opens the conversation with the app if that is where somebody writes first. */
function reachable({ workspace }: ActionContext, person: Person, channel: string): string {
  if (channel !== directMessageId(person.id)) return channel
  return workspace.directory.directMessage(person.id).id
}

// The app may have put another window over the one on the screen at the very moment of the click.
function demandTop(person: Person, viewId: string): void {
  if (person.modal?.id !== viewId) throw new Error('This window has just changed')
}

function seen(outcome: Outcome): Reply {
  if (outcome.kind === 'failed') return outcome
  return done
}

/** Errors are part of the view, so the screen shows them already. */
function submitted(submission: Submission): Reply {
  return submission.kind === 'failed' ? submission : done
}
