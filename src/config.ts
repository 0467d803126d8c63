import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from './errors.ts';

/** Countries the content covers; the first deployment is Kazakhstan. */
const COUNTRIES = ['KZ', 'KG', 'UZ', 'TJ', 'RU', 'TM', 'MD', 'TR', 'PL'] as const;

export interface Config {
  port: number;
  host: string;
  /** Names under which others reach the web chat through a proxy, e.g. `chat.example.org`. */
  publicHosts: string[];
  /** Absolute path. */
  dataDir: string;
  /** Country of the deployment, ISO 3166-1 alpha-2. */
  country: string;
  telegram?: {
    token: string;
    apiRoot: string;
    webhook?: { url: string; secret: string };
  };
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

const port = z.coerce.number().int().min(0).max(65535);
const url = z.url({ protocol: /^https?$/ });

/** Each variable: how it is read, and what to say when that fails. Kept beside `.env.example`. */
const VARIABLES = {
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
  HAMROH_PUBLIC_HOST: {
    schema: z
      .string()
      .trim()
      .regex(/^[a-z0-9.-]+(\s*,\s*[a-z0-9.-]+)*$/i)
      .optional(),
    hint: 'the name people see in the address bar, without https:// and port, e.g. chat.example.org (several: with commas)',
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
} as const;

type Values = { [K in keyof typeof VARIABLES]: z.infer<(typeof VARIABLES)[K]['schema']> };

/**
 * The environment as a frozen Config. An empty value counts as not set.
 *
 * @throws AppError CONFIG_INVALID that lists every problem at once, each with a hint, and never a secret's value
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema, hint }] of Object.entries(VARIABLES)) {
    const raw = env[name] === '' ? undefined : env[name];
    const read = schema.safeParse(raw);
    if (read.success) values[name] = read.data;
    else problems.push(`${name}${shown(name, raw)} is not usable: ${hint}`);
  }
  const v = values as Values;
  problems.push(...together(v, env));
  if (problems.length > 0) {
    throw new AppError('CONFIG_INVALID', problems.join('\n'), {
      hint: 'Correct these in the environment or in .env; .env.example explains every key.',
    });
  }
  return Object.freeze(configOf(v));
}

/** A wrong value helps to find the mistake, unless it is a secret. */
function shown(name: string, raw: string | undefined): string {
  return raw === undefined || /TOKEN|SECRET/.test(name) ? '' : `=${raw}`;
}

function together(v: Values, env: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const set = (name: string) => env[name] !== undefined && env[name] !== '';
  if (set('TELEGRAM_WEBHOOK_URL') !== set('TELEGRAM_WEBHOOK_SECRET')) {
    problems.push(
      'TELEGRAM_WEBHOOK_URL and TELEGRAM_WEBHOOK_SECRET go together: set both, or neither to use long polling',
    );
  }
  if (set('TELEGRAM_WEBHOOK_URL') && !set('TELEGRAM_BOT_TOKEN')) {
    problems.push(
      'TELEGRAM_WEBHOOK_URL is set but TELEGRAM_BOT_TOKEN is not: add the token, or remove the webhook',
    );
  }
  const root = v.TELEGRAM_API_ROOT;
  if (root?.startsWith('http:') && !isLoopback(new URL(root).hostname)) {
    problems.push(
      'TELEGRAM_API_ROOT may use http only on this machine (127.0.0.1): the token travels in the address',
    );
  }
  return problems;
}

/** Whether a host name stands for this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function configOf(v: Values): Config {
  const config: Config = {
    port: v.PORT,
    host: v.HOST,
    publicHosts: (v.HAMROH_PUBLIC_HOST ?? '').split(',').flatMap((h) => h.trim().toLowerCase() || []),
    dataDir: resolve(v.HAMROH_DATA_DIR),
    country: v.HAMROH_COUNTRY,
    logLevel: v.HAMROH_LOG,
  };
  if (v.TELEGRAM_BOT_TOKEN !== undefined) {
    const { TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = v;
    config.telegram = { token: v.TELEGRAM_BOT_TOKEN, apiRoot: v.TELEGRAM_API_ROOT.replace(/\/+$/, '') };
    if (url !== undefined && secret !== undefined) config.telegram.webhook = { url, secret };
  }
  return config;
}
