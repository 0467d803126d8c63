import type { ChannelId } from '../message.ts';
import type { Capabilities } from './channel.ts';

/** A row of {@link CAPABILITIES}: a channel, and for WhatsApp also the way it is reached, which decides what it shows. */
export type CapabilityRow = Exclude<ChannelId, 'whatsapp'> | 'whatsapp-baileys' | 'whatsapp-cloud';

/**
 * What every channel can show: the only table of it. `render`, `joinTurn`, the flow checker and the adapters all
 * read it from here.
 *
 * Where the numbers are from:
 * - Telegram: the Bot API's own limits (text 4096, callback data 64 bytes), except the labels: 38 characters is what
 *   a button holds on a narrow phone, and of the 100 buttons allowed nobody reads more than 40.
 * - WhatsApp Cloud API: Meta's reference of interactive messages. Reply buttons: at most 3, title 20, id 256, body
 *   1024. Lists: at most 10 rows in all sections together, title 24, description 72, id 200, body 4096. Location
 *   request: body 1024, and nothing else to tap in it. Text 4096. Nothing can be taken back. One message in six
 *   seconds per person and a price for each, so a turn is at most two.
 * - WhatsApp through Baileys: buttons and lists are not shown reliably on phones (upstream removed them), so a menu is
 *   numbered lines. Text 4096 is the app's; the server takes more and shows it badly.
 * - Web: our own page.
 * - Terminal: any length, nothing to tap.
 */
export const CAPABILITIES: Readonly<Record<CapabilityRow, Capabilities>> = {
  telegram: {
    textLimit: 4096,
    menus: [{ kind: 'buttons', max: 40, labelLimit: 38, dataLimit: 64, textLimit: 4096, spills: true }],
    place: true,
    askLocation: 'beside',
    remove: true,
  },
  web: {
    textLimit: 16_000,
    menus: [{ kind: 'buttons', max: 40, labelLimit: 120, dataLimit: 64, textLimit: 16_000, spills: true }],
    place: true,
    askLocation: 'beside',
    remove: true,
  },
  terminal: {
    textLimit: 1_000_000,
    menus: [],
    place: false,
    askLocation: false,
    remove: false,
  },
  'whatsapp-baileys': {
    textLimit: 4096,
    menus: [],
    place: true,
    askLocation: false,
    remove: true,
    messagesPerTurn: 2,
    formats: true,
  },
  'whatsapp-cloud': {
    textLimit: 4096,
    menus: [
      { kind: 'buttons', max: 3, labelLimit: 20, dataLimit: 256, textLimit: 1024 },
      { kind: 'list', max: 10, labelLimit: 24, descriptionLimit: 72, dataLimit: 200, textLimit: 4096 },
    ],
    place: true,
    askLocation: 'alone',
    locationTextLimit: 1024,
    remove: false,
    messagesPerTurn: 2,
    formats: true,
  },
};
