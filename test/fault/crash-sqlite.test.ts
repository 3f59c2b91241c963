import { crashMatrix } from './crash-matrix.ts'
import { randomKill } from './random-kill.ts'

crashMatrix('SQLite', 0, async () => undefined)
randomKill('SQLite', async () => undefined)
