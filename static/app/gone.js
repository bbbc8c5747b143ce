// A conversation is not on the server any more: the visitor's list forgets it, too. Fetched by `part/parts.js` when the app
// comes to know.

import { memory } from '../part/memory.js';
import { notesOf } from '../part/notes.js';

export default (own, session) => notesOf(own).drop(session);
