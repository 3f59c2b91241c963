/** Writes entries, telling the number of each once it is recorded, until somebody kills the process. */

import { openStore } from '../../../src/store/open.ts'
import { noon } from '../../support/examples.ts'
import { rowSealer } from '../../support/row-sealer.ts'
import { entryAbout } from '../../support/store/things.ts'

const { store, ledger } = await openStore(String(process.argv[2]), { sealer: rowSealer })
for (;;) {
  await store.write(entryAbout(null), noon)
  console.log((await ledger.head()).seq)
}
