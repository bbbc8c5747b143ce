import type { CSSProperties, ReactNode } from 'react';
import type { NatterContext, NatterEvents, NatterIdentity, NatterPosition, NatterTheme } from './index.js';

type Handlers = { [Name in keyof NatterEvents as `on${Capitalize<Name>}`]?: (detail: NatterEvents[Name]) => void };

export interface NatterChatProps extends Handlers {
  /** Origin of the Natter server, with `slug`. */
  host?: string;
  /** Name of the chatbot. */
  slug?: string;
  /** Address of the script instead: `https://HOST/w/SLUG.js`. */
  src?: string;
  /** The chat itself where the component stands, instead of a bubble. Give it a height. */
  inline?: boolean;
  locale?: string;
  theme?: NatterTheme;
  position?: NatterPosition;
  /** Origin of the API, when it is another one than the script's. */
  api?: string;
  /** Whether "back" closes the chat on phones, where it fills the screen. It does unless this is `false`. */
  back?: boolean;
  /** Lets the owner's script run on this page. */
  allowCustomJs?: boolean;
  /** What the page says of itself with each question. */
  context?: NatterContext | null;
  /** Who the visitor is. `null` or nothing after somebody logs them out. */
  identity?: NatterIdentity | null;
  className?: string;
  style?: CSSProperties;
  /** Elements with `slot="launcher-icon"` or `slot="header"`. */
  children?: ReactNode;
}

/** Shows a chat: its bubble, or with `inline` the chat itself where the component stands. */
export declare function NatterChat(props: NatterChatProps): ReactNode;
