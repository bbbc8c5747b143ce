// A conversation is not on the server any more, and the visitor's list forgets it, too; or it is left for a new one, and the
// list notes it as the app saw it. Fetched by `part/parts.js` when the app comes to know, or with the press.

import { memory } from '../part/memory.js';
import { notesOf } from '../part/notes.js';

export default (own, gone) => (gone.session ? notesOf(own).note(gone) : notesOf(own).drop(gone));
