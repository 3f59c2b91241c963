import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Story } from './story/story.ts'

/** How many cards Rekey knows to be posted. */
export function knownCards(story: Pick<Story, 'folder'>): number {
  const database = new DatabaseSync(join(story.folder, 'rekey.db'), { readOnly: true })
  try {
    const { many } = database
      .prepare("select count(*) as many from posts where key like 'card %'")
      .get() ?? { many: 0 }
    return Number(many)
  } finally {
    database.close()
  }
}
