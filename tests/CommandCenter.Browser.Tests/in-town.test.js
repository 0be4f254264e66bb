// One empty town for all that happens in it: what starts from nothing first, what loses its host last.
import './in-town/one-case.js'
import './in-town/people-together.js'
import './in-town/admission.js'
import './in-town/top-of-the-ladder.js'
import './in-town/scanned.js'
import './in-town/on-duty.js'
import './in-town/lost-line.js'
