import { badRequest, list, nested, type Params, record } from './telegram-request.ts';

export interface InlineButton {
  text: string;
  callback_data?: string;
  url?: string;
}
export interface KeyButton {
  text: string;
  request_location?: boolean;
}
export type Markup =
  | { inline_keyboard: InlineButton[][] }
  | { keyboard: KeyButton[][]; resize_keyboard: boolean; one_time_keyboard: boolean }
  | { remove_keyboard: true };

const MAX_BUTTONS = 100;

/** Checks a `reply_markup` as Telegram does; rows without buttons disappear, a keyboard without rows is none. */
export function readMarkup(value: unknown): Markup | undefined {
  const markup = record(nested(value, 'reply keyboard markup'), 'object expected as reply markup');
  if (!markup) return undefined;
  if (markup.inline_keyboard !== undefined) {
    const rows = readRows(markup.inline_keyboard, 'InlineKeyboardButton', readInline);
    return rows.length > 0 ? { inline_keyboard: rows } : undefined;
  }
  if (markup.keyboard !== undefined) {
    const rows = readRows(markup.keyboard, 'KeyboardButton', readKey);
    if (rows.length === 0) return undefined;
    return {
      keyboard: rows,
      resize_keyboard: markup.resize_keyboard === true,
      one_time_keyboard: markup.one_time_keyboard === true,
    };
  }
  return markup.remove_keyboard === true ? { remove_keyboard: true } : undefined;
}

function readRows<T>(value: unknown, type: string, read: (button: Params | string) => T): T[][] {
  const rows = list(
    value,
    `field "${type === 'KeyboardButton' ? 'keyboard' : 'inline_keyboard'}" must be of type Array`,
  );
  const result = rows
    .map((row) =>
      list(row, `array of ${type} expected`).map((button) => {
        if (typeof button === 'string') return read(button);
        const object = record(button, `${type} must be an Object`);
        if (!object) throw badRequest(`${type} must be an Object`);
        return read(object);
      }),
    )
    .filter((row) => row.length > 0);
  if (result.flat().length > MAX_BUTTONS) throw badRequest('reply markup is too long');
  return result;
}

function readInline(button: Params | string): InlineButton {
  if (typeof button === 'string') throw badRequest("can't parse inline keyboard button: expected an Object");
  const text = buttonText(button.text, 'inline keyboard button');
  const { callback_data: data, url } = button;
  if (typeof url === 'string') return { text, url };
  if (data === undefined) throw badRequest('text buttons are unallowed in the inline keyboard');
  if (typeof data !== 'string')
    throw badRequest("can't parse inline keyboard button: callback_data must be a String");
  const bytes = Buffer.byteLength(data);
  if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
  return { text, callback_data: data };
}

function readKey(button: Params | string): KeyButton {
  if (typeof button === 'string') return { text: buttonText(button, 'keyboard button') };
  const text = buttonText(button.text, 'keyboard button');
  return button.request_location === true ? { text, request_location: true } : { text };
}

function buttonText(text: unknown, what: string): string {
  if (typeof text !== 'string') throw badRequest(`can't parse ${what}: field "text" must be of type String`);
  if (text.trim() === '') throw badRequest(`${what} text must be non-empty`);
  return text;
}
