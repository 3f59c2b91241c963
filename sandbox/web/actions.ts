/** Does what the page asks in a person's name, with the hands that person has in the pretend workspace. */

import { optionsOf } from '../slack/controls.ts'
import { directMessageId } from '../slack/directory.ts'
import { Hand, type Held, type Outcome, type Touch } from '../slack/interactions.ts'
import { Person } from '../slack/person.ts'
import type { Submission } from '../slack/submission.ts'
import type { Workspace } from '../slack/workspace.ts'
import type { ApplicationDesk } from './application-session.ts'
import type { Gesture, PlaceOnPage, Reply, Spot } from './commands.ts'
import type { Troubles } from './faults.ts'
import type { ReadMarks } from './read-marks.ts'

export interface Scene {
  readonly workspace: Workspace
  readonly marks: ReadMarks
  readonly troubles: Troubles
  readonly application: ApplicationDesk | undefined
}

const done: Reply = { kind: 'done' }

/** Throws, with words for the person, when what was used is gone or was never theirs. */
export async function perform(scene: Scene, personId: string, gesture: Gesture): Promise<Reply> {
  const { workspace, marks, troubles } = scene
  const person = new Person(workspace, personId)
  switch (gesture.kind) {
    case 'press':
    case 'enter':
    case 'pick':
    case 'suggest':
      return use(workspace, person, gesture)
    case 'submit':
      demandTop(person, gesture.viewId)
      return submitted(await person.submit())
    case 'close':
      demandTop(person, gesture.viewId)
      await person.closeModal({ all: gesture.all })
      return done
    case 'command':
      // What the app answers to a command it did not like is a message in the channel.
      await person.command(gesture.command, gesture.text, {
        channel: reachable(scene, person, gesture.channel),
      })
      return done
    case 'say':
      person.say(reachable(scene, person, gesture.channel), gesture.text, gesture.thread)
      return done
    case 'shortcut':
      return seen(
        await person.shortcut(gesture.name, messageAt(workspace, gesture.channel, gesture.ts)),
      )
    case 'home':
      await person.openHome()
      return done
    case 'read':
      marks.read(personId, gesture.channel, gesture.ts)
      return done
    case 'trouble':
      return { kind: 'trouble', says: await troubles.make(gesture.id) }
    case 'application':
      if (scene.application === undefined) throw new Error('There is no application here')
      return { kind: 'application', view: await scene.application.take(gesture) }
    default:
      return gesture satisfies never
  }
}

type Use = Extract<Gesture, { spot: Spot }>

async function use(workspace: Workspace, person: Person, gesture: Use): Promise<Reply> {
  const { place, blockId, actionId } = gesture.spot
  if (place.kind === 'modal') demandTop(person, place.viewId)
  const hand = new Hand(workspace, person.member)
  const touch: Touch = { in: whereOf(workspace, place) }
  const held = hand.at(blockId, actionId, touch)
  switch (gesture.kind) {
    case 'press': {
      const { text, value, style, url } = held.control.element
      return seen(await hand.use(held, { text, value, style, url }, touch))
    }
    case 'enter':
      return seen(await hand.enter(held, gesture.value, touch))
    case 'pick':
      return seen(await hand.use(held, { selected_option: optionOf(held, gesture.value) }, touch))
    case 'suggest': {
      const choices = await hand.choices(held, gesture.typed)
      if (choices === undefined) return { kind: 'trouble', says: 'The options could not be loaded' }
      return { kind: 'choices', choices }
    }
    default:
      return gesture satisfies never
  }
}

function optionOf({ control }: Held, value: string) {
  const found = optionsOf(control.element).find((each) => each['value'] === value)
  if (!found) throw new Error('This option is no longer offered')
  return found
}

function whereOf(workspace: Workspace, place: PlaceOnPage): NonNullable<Touch['in']> {
  return place.kind === 'message' ? messageAt(workspace, place.channel, place.ts) : place.kind
}

function messageAt(workspace: Workspace, channel: string, ts: string) {
  const message = workspace.messages.find(channel, ts)
  if (!message) throw new Error('This message is gone')
  return message
}

/** Opens the conversation with the app if that is where somebody writes first. */
function reachable({ workspace }: Scene, person: Person, channel: string): string {
  if (channel !== directMessageId(person.id)) return channel
  return workspace.directory.directMessage(person.id).id
}

// The app may have put another window over the one on the screen at the very moment of the click.
function demandTop(person: Person, viewId: string): void {
  if (person.modal?.id !== viewId) throw new Error('This window has just changed')
}

function seen(outcome: Outcome): Reply {
  if (outcome.kind === 'trouble') return outcome
  return done
}

/** Errors are part of the view, so the screen shows them already. */
function submitted(submission: Submission): Reply {
  return submission.kind === 'trouble' ? submission : done
}
