import { z } from 'zod';

/** Countries the content covers; the first deployment is Kazakhstan. */
const COUNTRIES = ['KZ', 'KG', 'UZ', 'TJ', 'RU', 'TM', 'MD', 'TR', 'PL'] as const;

/** Meta's Graph API in the version this was written against. */
const CLOUD_API_ROOT = 'https://graph.facebook.com/v26.0';

const port = z.coerce.number().int().min(0).max(65535);
const url = z.url({ protocol: /^https?$/ });
const hosts = z
  .string()
  .trim()
  .regex(/^[a-z0-9.-]+(\s*,\s*[a-z0-9.-]+)*$/i)
  .optional();

/** Each variable: how it is read, and what to say when that fails. Explained in `.env.example`. */
export const VARIABLES = {
  PORT: { schema: port.default(3000), hint: 'a port between 0 and 65535, e.g. PORT=3000' },
  HOST: {
    schema: z.string().trim().min(1).default('127.0.0.1'),
    hint: 'an address to listen on, e.g. HOST=127.0.0.1',
  },
  HAMROH_DATA_DIR: {
    schema: z.string().trim().min(1).default('./data'),
    hint: 'a folder for the database, e.g. HAMROH_DATA_DIR=./data',
  },
  HAMROH_COUNTRY: { schema: z.enum(COUNTRIES).default('KZ'), hint: `one of ${COUNTRIES.join(', ')}` },
  HAMROH_ORGANISATION: {
    schema: z.string().trim().min(1).max(80).optional(),
    hint: 'the name of your organisation, at most 80 characters, e.g. HAMROH_ORGANISATION=Health for All',
  },
  HAMROH_PUBLIC_HOST: {
    schema: hosts,
    hint: 'the name people see in the address bar, without https:// and port, e.g. chat.example.org (several: with commas)',
  },
  CONSOLE_HOSTS: {
    schema: hosts,
    hint: 'the name under which operators open the console, without https:// and port, e.g. desk.example.org (several: with commas)',
  },
  HAMROH_LOG: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    hint: 'one of debug, info, warn, error, silent',
  },
  TELEGRAM_BOT_TOKEN: {
    schema: z
      .string()
      .trim()
      .regex(/^\d{3,20}:[\w-]{20,100}$/)
      .optional(),
    hint: 'the token BotFather gave you, e.g. 123456789:AAF… (leave it out to run without Telegram)',
  },
  TELEGRAM_API_ROOT: {
    schema: url.default('https://api.telegram.org'),
    hint: 'an http(s) address, e.g. https://api.telegram.org',
  },
  TELEGRAM_WEBHOOK_URL: {
    schema: z.url({ protocol: /^https$/ }).optional(),
    hint: 'the public https address that leads to this server, e.g. https://bot.example.org/webhooks/telegram',
  },
  TELEGRAM_WEBHOOK_SECRET: {
    schema: z
      .string()
      .regex(/^[\w-]{16,256}$/)
      .optional(),
    hint: '16 to 256 letters, digits, "_" or "-"; it goes with TELEGRAM_WEBHOOK_URL',
  },
  OPERATORS_TELEGRAM_CHAT_ID: {
    schema: z
      .string()
      .trim()
      .regex(/^-100\d{1,13}$/)
      .transform(Number)
      .optional(),
    hint: 'the number of a Telegram supergroup with topics, which begins with -100, e.g. -1001234567890',
  },
  OPERATORS_RELAY_TEXT: {
    schema: z.enum(['off', 'on']).default('off'),
    hint: "off (what people write stays out of Telegram's group) or on",
  },
  WHATSAPP: {
    schema: z.enum(['off', 'baileys', 'cloud']).default('off'),
    hint: 'one of off, baileys (a spare phone), cloud (an official number)',
  },
  WHATSAPP_WS_URL: {
    schema: z.url({ protocol: /^wss?$/ }).optional(),
    hint: 'a ws address on this machine, e.g. ws://127.0.0.1:8080/ws/chat; leave it out to reach WhatsApp',
  },
  WHATSAPP_VERSION: {
    schema: z
      .string()
      .trim()
      .regex(/^\d{1,3}\.\d{1,6}\.\d{1,12}$/)
      .optional(),
    hint: 'three numbers with dots, e.g. 2.3000.1035194821; leave it out for the version that came with Hamroh',
  },
  WHATSAPP_QR: {
    schema: z.enum(['terminal', 'raw']).default('terminal'),
    hint: 'terminal (a picture made of characters) or raw (a line "whatsapp-qr: …" for programs)',
  },
  WHATSAPP_CLOUD_TOKEN: {
    schema: z
      .string()
      .trim()
      .regex(/^[\w.|-]{10,512}$/)
      .optional(),
    hint: 'the access token of your system user in Meta Business settings',
  },
  WHATSAPP_CLOUD_PHONE_ID: {
    schema: z
      .string()
      .trim()
      .regex(/^\d{5,20}$/)
      .optional(),
    hint: 'the "Phone number ID" of WhatsApp Manager (digits; not the phone number itself)',
  },
  WHATSAPP_CLOUD_APP_SECRET: {
    schema: z
      .string()
      .trim()
      .regex(/^[\w-]{16,128}$/)
      .optional(),
    hint: 'the "App secret" under App settings, Basic',
  },
  WHATSAPP_CLOUD_VERIFY_TOKEN: {
    schema: z
      .string()
      .regex(/^[\w-]{16,256}$/)
      .optional(),
    hint: '16 to 256 letters, digits, "_" or "-"; the same as in the webhook settings of your app',
  },
  WHATSAPP_CLOUD_TEMPLATE: {
    schema: z
      .string()
      .trim()
      .regex(/^[a-z0-9_]{1,512}(:[a-z]{2,3}(_[A-Z]{2})?)?$/)
      .optional(),
    hint: 'name of an approved template, with its language when that is not English, e.g. answer_waits:ru',
  },
  WHATSAPP_CLOUD_API_ROOT: {
    schema: url.default(CLOUD_API_ROOT),
    hint: `an http(s) address with the version, e.g. ${CLOUD_API_ROOT}`,
  },
} as const;
