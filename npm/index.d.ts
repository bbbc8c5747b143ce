import type { Identity, PageContext } from './wire.js';

export type * from './wire.js';

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

/** Who the visitor is. With `token`, or with `userId` and `userHash`, proven; else only said. */
export type NatterIdentity = { [Field in keyof Identity as Camel<Field>]: Identity[Field] };

/** What the page says of itself with each question: at most 4 KB as JSON, at most 6 levels deep. */
export type NatterContext = Pick<PageContext, 'url' | 'title'> & Record<string, unknown>;

/** `host` follows the `color-scheme` of the page. */
export type NatterTheme = 'light' | 'dark' | 'auto' | 'host';

export type NatterPosition = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';

/** What may stand in the chat's way; `docs/hostile-pages.md` says what each means. */
export type NatterRefusal =
  | 'origin'
  | 'csp_wasm'
  | 'csp_connect'
  | 'csp_frame'
  | 'csp_script'
  | 'storage'
  | 'fetch'
  | 'wasm'
  | 'version';

/** The events, and the `detail` of each. */
export interface NatterEvents {
  /** The chat was loaded. */
  ready: undefined;
  /** The panel was opened. */
  open: undefined;
  /** The panel was closed. */
  close: undefined;
  /** The visitor sent a question: its text. */
  message: string;
  /** A conversation was begun: its id, which opens nothing by itself. */
  session: string;
  /** An answer has ended, well or not: id of its message. */
  answer: string;
  /** The terms were accepted or declined, or the consent was withdrawn. */
  consent: 'accepted' | 'declined' | 'withdrawn';
  /** So many answers came while the panel was closed. */
  unread: number;
  /** The visitor left contact details. */
  contact: undefined | '';
  /** The visitor deleted the conversation. */
  reset: undefined | '';
  /** The page said who the visitor is: the user's id; empty when it gave none. */
  identify: string;
  /** Everything of the visitor was forgotten. */
  logout: undefined;
  /** The page said something of itself: a copy of it. */
  context: NatterContext | undefined;
  /** Something does not work on this page: a code or a text for developers. */
  error: string;
  /** Something on this page stands in the chat's way: what it is, and how to mend it, in English. */
  refused: { reason: NatterRefusal; fix: string };
}

export type NatterListener<Name extends keyof NatterEvents> = (event: CustomEvent<NatterEvents[Name]>) => void;

/** What `window.natter` is once the script was loaded. */
export interface NatterApi {
  /** Version of the server that the script came from. */
  readonly version: string;
  /** Opens the panel. Gives whether that was possible. */
  open(options?: { message?: string; target?: 'widget' | 'page' }): Promise<boolean>;
  /** Closes the panel. */
  close(): void;
  /** Opens or closes the panel. */
  toggle(): Promise<boolean>;
  /** Sends a question as if the visitor had, without opening the panel. */
  send(text: string): Promise<boolean>;
  /** Puts a text into the message field. */
  prefill(text: string): Promise<boolean>;
  /** Sets the language, as a tag like `pt-BR`. Without one it is the visitor's own. */
  setLocale(locale?: string): void;
  /** Sets light or dark. */
  setTheme(theme: NatterTheme): void;
  /** Says something of the page, with each question from now on. */
  setContext(context: NatterContext | null): void;
  /** Says who the visitor is. Another user than before is logged out first. */
  identify(identity: NatterIdentity): void;
  /** Forgets everything of the visitor, in all tabs of this site. */
  logout(): void;
  /** Takes the chat out of the page. The conversation stays. */
  destroy(): void;
  on<Name extends keyof NatterEvents>(event: Name, listener: NatterListener<Name>): void;
  off<Name extends keyof NatterEvents>(event: Name, listener: NatterListener<Name>): void;
  /** The same for another chatbot on the page. */
  get(slug: string): NatterApi | undefined;
  /** Does a command that is given as a list. */
  push(command: NatterCommand): unknown;
}

type Method = Exclude<keyof NatterApi, 'version' | 'push' | 'get'>;

/** A method's name and its values. */
export type NatterCommand = { [Name in Method]: [Name, ...Parameters<NatterApi[Name]>] }[Method];

export interface NatterOptions {
  /** Origin of the Natter server, with `slug`. */
  host?: string;
  /** Name of the chatbot. */
  slug?: string;
  /** Address of the script instead: `https://HOST/w/SLUG.js`. */
  src?: string;
  /** Origin of the API, when it is another one than the script's. */
  api?: string;
  locale?: string;
  theme?: NatterTheme;
  position?: NatterPosition;
  /** Selector of an element that the chat shall fill. */
  inline?: string;
  /** Whether "back" closes the chat on phones, where it fills the screen. It does unless this is `false`. */
  back?: boolean;
  /** Lets the owner's script run on this page. */
  allowCustomJs?: boolean;
}

/** Puts the chat into the page, once for each chatbot. Importing this touches no page; calling it needs one. */
export function load(options: NatterOptions & ({ src: string } | { host: string; slug: string })): Promise<NatterApi>;

declare global {
  interface Window {
    /** The chat; a list of commands until it is there. */
    natter?: NatterApi | NatterCommand[];
  }
  interface DocumentEventMap extends NatterDocumentEvents {}
  interface HTMLElementTagNameMap {
    'natter-chat': HTMLElement;
  }
}

type NatterDocumentEvents = { [Name in keyof NatterEvents as `natter:${Name}`]: CustomEvent<NatterEvents[Name]> };
