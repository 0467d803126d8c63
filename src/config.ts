import { resolve } from 'node:path';
import type { z } from 'zod';
import { VARIABLES } from './config-variables.ts';
import { AppError } from './errors.ts';

export interface Config {
  port: number;
  host: string;
  /** Stands on printed figures. */
  organisation?: string;
  /** Names under which others reach the web chat through a proxy, e.g. `chat.example.org`. */
  publicHosts: string[];
  /** Names under which operators reach the console; empty: on this machine only. */
  consoleHosts: string[];
  /** Absolute path. */
  dataDir: string;
  /** Country of the deployment, ISO 3166-1 alpha-2. */
  country: string;
  telegram?: {
    token: string;
    apiRoot: string;
    webhook?: { url: string; secret: string };
  };
  /** The operators' group on Telegram. */
  operators?: {
    /** Telegram's number of the supergroup, negative. */
    chat: number;
    /** What people write is shown there, and what operators write there goes to the person. */
    relay: boolean;
  };
  /** Absent: off. */
  whatsapp?: BaileysConfig | CloudConfig;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** WhatsApp through a phone of the organisation's, paired like WhatsApp Web. */
export interface BaileysConfig {
  way: 'baileys';
  /** A stand-in on this machine instead of WhatsApp. */
  wsUrl?: string;
  /** Version of WhatsApp Web to speak, instead of the shipped one. */
  version?: [number, number, number];
  /** How a pairing code is printed. */
  qr: 'terminal' | 'raw';
}

/** WhatsApp through Meta's official Cloud API. */
export interface CloudConfig {
  way: 'cloud';
  token: string;
  phoneId: string;
  appSecret: string;
  verifyToken: string;
  /** Without a slash at the end. */
  apiRoot: string;
  /** Approved template that is sent when the 24-hour window is closed. */
  template?: { name: string; lang: string };
}

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
  return [...problems, ...togetherForOperators(v, set), ...togetherForWhatsApp(v, set)];
}

function togetherForOperators(v: Values, set: (name: string) => boolean): string[] {
  const problems: string[] = [];
  if (set('OPERATORS_TELEGRAM_CHAT_ID') && !set('TELEGRAM_BOT_TOKEN'))
    problems.push(
      'OPERATORS_TELEGRAM_CHAT_ID is set but TELEGRAM_BOT_TOKEN is not: the group is served by the same bot',
    );
  if (v.OPERATORS_RELAY_TEXT === 'on' && !set('OPERATORS_TELEGRAM_CHAT_ID'))
    problems.push('OPERATORS_RELAY_TEXT=on needs OPERATORS_TELEGRAM_CHAT_ID: the group to show the words in');
  return problems;
}

const CLOUD_NEEDS = [
  'WHATSAPP_CLOUD_TOKEN',
  'WHATSAPP_CLOUD_PHONE_ID',
  'WHATSAPP_CLOUD_APP_SECRET',
  'WHATSAPP_CLOUD_VERIFY_TOKEN',
] as const;

function togetherForWhatsApp(v: Values, set: (name: string) => boolean): string[] {
  const problems: string[] = [];
  const missing = v.WHATSAPP === 'cloud' ? CLOUD_NEEDS.filter((name) => !set(name)) : [];
  if (missing.length > 0)
    problems.push(`WHATSAPP=cloud needs ${missing.join(', ')} as well; the README says where to find each`);
  const { WHATSAPP_WS_URL: ws, WHATSAPP_CLOUD_API_ROOT: root } = v;
  if (ws !== undefined && !isLoopback(new URL(ws).hostname)) {
    problems.push(
      'WHATSAPP_WS_URL may only point to this machine (127.0.0.1): WhatsApp is known by its TLS certificate alone',
    );
  }
  if (root?.startsWith('http:') && !isLoopback(new URL(root).hostname)) {
    problems.push('WHATSAPP_CLOUD_API_ROOT may use http only on this machine (127.0.0.1)');
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
    ...(v.HAMROH_ORGANISATION === undefined ? {} : { organisation: v.HAMROH_ORGANISATION }),
    publicHosts: namesOf(v.HAMROH_PUBLIC_HOST),
    consoleHosts: namesOf(v.CONSOLE_HOSTS),
    dataDir: resolve(v.HAMROH_DATA_DIR),
    country: v.HAMROH_COUNTRY,
    logLevel: v.HAMROH_LOG,
  };
  if (v.TELEGRAM_BOT_TOKEN !== undefined) {
    const { TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = v;
    config.telegram = { token: v.TELEGRAM_BOT_TOKEN, apiRoot: v.TELEGRAM_API_ROOT.replace(/\/+$/, '') };
    if (url !== undefined && secret !== undefined) config.telegram.webhook = { url, secret };
  }
  const chat = v.OPERATORS_TELEGRAM_CHAT_ID;
  if (chat !== undefined) config.operators = { chat, relay: v.OPERATORS_RELAY_TEXT === 'on' };
  const whatsapp = whatsappOf(v);
  if (whatsapp !== undefined) config.whatsapp = whatsapp;
  return config;
}

function namesOf(list = ''): string[] {
  return list.split(',').flatMap((name) => name.trim().toLowerCase() || []);
}

function whatsappOf(v: Values): Config['whatsapp'] {
  if (v.WHATSAPP === 'baileys') {
    const [a, b, c] = (v.WHATSAPP_VERSION ?? '').split('.').map(Number);
    return {
      way: 'baileys',
      qr: v.WHATSAPP_QR,
      ...(v.WHATSAPP_WS_URL === undefined ? {} : { wsUrl: v.WHATSAPP_WS_URL }),
      ...(a === undefined || b === undefined || c === undefined ? {} : { version: [a, b, c] }),
    };
  }
  const token = v.WHATSAPP_CLOUD_TOKEN;
  const phoneId = v.WHATSAPP_CLOUD_PHONE_ID;
  const appSecret = v.WHATSAPP_CLOUD_APP_SECRET;
  const verifyToken = v.WHATSAPP_CLOUD_VERIFY_TOKEN;
  if (v.WHATSAPP !== 'cloud' || !token || !phoneId || !appSecret || !verifyToken) return undefined;
  const apiRoot = v.WHATSAPP_CLOUD_API_ROOT.replace(/\/+$/, '');
  const [name, lang = 'en'] = (v.WHATSAPP_CLOUD_TEMPLATE ?? '').split(':');
  return {
    way: 'cloud',
    token,
    phoneId,
    appSecret,
    verifyToken,
    apiRoot,
    ...(name ? { template: { name, lang } } : {}),
  };
}
