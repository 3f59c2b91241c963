/** Writes entries, telling the number of each once it is recorded, until somebody kills the process. */

import { openStore } from '../../src/store/open.ts'
import { entryAbout } from '../contracts/things.ts'
import { noon } from '../helpers/examples.ts'

const { store, ledger } = await openStore(String(process.argv[2]))
for (;;) {
  await store.write(entryAbout(null), noon)
  console.log((await ledger.head()).seq)
}
