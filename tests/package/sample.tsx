// What a customer writes; it is only type-checked.

import { load, type NatterApi, type NatterIdentity, type PageContext, type MessageView } from 'natter-chat';
import { NatterChat } from 'natter-chat/react';

const identity: NatterIdentity = { userId: 'ada', userHash: 'ff' };
const context: PageContext = { url: 'https://shop.example/', data: { sku: 'A-7' } };
export const text = (message: MessageView): string => message.sources.map(({ title }) => title).join();

export async function start(): Promise<void> {
  const natter: NatterApi = await load({ host: 'https://chat.example', slug: 'shop', theme: 'host', back: false });
  natter.on('unread', (event) => event.detail.toFixed());
  natter.on('refused', ({ detail }) => detail.reason === 'csp_wasm' && detail.fix.trim());
  natter.setContext({ url: context.url, product: 7 });
  natter.identify(identity);
  const opened: boolean = await natter.open({ message: 'Hello' });
  document.addEventListener('natter:answer', (event) => event.detail.toUpperCase());
  (window.natter ??= []).push(['open', { message: opened ? 'a' : 'b' }]);
  // @ts-expect-error the slug is missing
  load({ host: 'https://chat.example' });
  // @ts-expect-error there is no such theme
  natter.setTheme('pink');
  // @ts-expect-error there is no such command
  natter.push(['opne']);
}

export const page = <NatterChat host="https://chat.example" slug="shop" inline identity={null} onMessage={(text) => text.trim()} />;
// @ts-expect-error there is no such position
export const wrong = <NatterChat host="https://chat.example" slug="shop" position="middle" />;
