/** Block Kit's limits as pure functions, so that a view can be judged without sending it anywhere. */
export { checkBlocks, mostBlocks, type Surface } from './blocks.ts'
export { offeredOptions } from './elements.ts'
export { type Problem, slackLine } from './problem.ts'
export { checkView } from './view.ts'
