// The chat as a React component: a thin cover over `load`.

import { createElement, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { load } from './index.js';

const EVENTS = 'ready open close message session answer consent unread contact reset identify logout context error refused'.split(' ');

// Before the element goes: the loader would put a bubble in its place. There are no layouts on a server.
const useEarlyEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

// Who shows which chat; the last one takes it away.
const shown = new Map();
const hold = (key, change) => shown.set(key, (shown.get(key) ?? 0) + change).get(key);

/** Shows a chat: its bubble, or with `inline` the chat itself where the component stands. */
export function NatterChat(props) {
  const { host, slug, src, api: server, inline = false, locale, theme, position, back, allowCustomJs, context, identity, children, className, style } = props;
  const latest = useRef(props);
  latest.current = props;
  const [api, setApi] = useState(null);
  const name = slug ?? /\/w\/([^/]+)\.js$/.exec(src ?? '')?.[1];

  useEarlyEffect(() => {
    const listeners = EVENTS.map((event) => [
      event,
      ({ detail }) => latest.current[`on${event[0].toUpperCase()}${event.slice(1)}`]?.(detail),
    ]);
    let chat;
    let left = false;
    const leave = () => {
      for (const listener of listeners) chat.off(...listener);
      if (!shown.get(name)) chat.destroy();
    };
    hold(name, 1);
    load({ host, slug, src, api: server, locale, theme, position, back, allowCustomJs }).then(
      (loaded) => {
        chat = loaded;
        if (left) return leave();
        for (const listener of listeners) chat.on(...listener);
        setApi(chat);
      },
      (error) => left || latest.current.onError?.(error.message),
    );
    return () => {
      left = true;
      hold(name, -1);
      setApi(null);
      if (chat) leave();
    };
  }, [host, name, src, server, position, back, allowCustomJs, inline]);

  useEffect(() => { if (api && locale) api.setLocale(locale); }, [api, locale]);
  useEffect(() => { if (api && theme) api.setTheme(theme); }, [api, theme]);
  const said = JSON.stringify(context);
  useEffect(() => { if (api && said) api.setContext(JSON.parse(said)); }, [api, said]);
  const who = JSON.stringify(identity);
  const known = useRef(false);
  useEffect(() => {
    if (!api) return;
    // Nobody after somebody is a log-out.
    if (who && who !== 'null') api.identify(JSON.parse(who));
    else if (known.current) api.logout();
    known.current = Boolean(who && who !== 'null');
  }, [api, who]);

  if (!inline && !children) return null;
  return createElement('natter-chat', { slug: name, inline: inline ? '' : undefined, class: className, style }, children);
}
