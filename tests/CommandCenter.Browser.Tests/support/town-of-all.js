import { stage } from './stage.js'

/** The one town, empty at first, that the stories of in-town.test.js share. */
export const all = stage()
