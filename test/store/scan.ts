import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A way in which a value could lie in a file. */
interface Form {
  form: string;
  bytes: Buffer;
}

/** Hashes without a secret are as good as the value: there are few phone numbers. */
const HASHES = ['md5', 'sha1', 'sha256', 'sha512'];

/**
 * All forms in which a value could lie in a file: text in several codings and escapes, hashes without a secret, and, for
 * numbers, as SQLite stores them.
 */
export function formsOf(value: string): Form[] {
  const forms = [...textForms(value), ...HASHES.flatMap((hash) => hashForms(value, hash))];
  if (/^\d{6,15}$/.test(value)) {
    const n = BigInt(value);
    for (const size of [4, 6, 8]) {
      if (n >= 1n << BigInt(size * 8)) continue;
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(n);
      forms.push({ form: `integer ${size} B`, bytes: bytes.subarray(8 - size) });
    }
  }
  return forms;
}

/** Those of them in which the value itself can be read. */
export function textForms(value: string): Form[] {
  const utf8 = Buffer.from(value, 'utf8');
  const utf16 = Buffer.from(value, 'utf16le');
  const forms = [
    { form: 'utf8', bytes: utf8 },
    { form: 'utf16le', bytes: utf16 },
    { form: 'utf16be', bytes: Buffer.from(utf16).swap16() },
    { form: 'hex', bytes: Buffer.from(utf8.toString('hex')) },
    { form: 'HEX', bytes: Buffer.from(utf8.toString('hex').toUpperCase()) },
  ];
  for (let offset = 0; offset < 3; offset += 1) {
    // The letters that do not depend on what stands before and behind.
    const text = Buffer.concat([Buffer.alloc(offset), utf8]).toString('base64');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + utf8.length) * 8) / 6);
    forms.push({ form: `base64+${offset}`, bytes: Buffer.from(text.slice(from, to)) });
  }
  const escaped = [
    ['url', encodeURIComponent(value)],
    ['form', new URLSearchParams({ v: value }).toString().slice(2)],
    ['json', JSON.stringify(value).slice(1, -1)],
    ['json \\u', value.replace(/[^ -~]/gu, (c) => escapeOf(c))],
    ['JSON \\U', value.replace(/[^ -~]/gu, (c) => escapeOf(c).toUpperCase().replaceAll('U', 'u'))],
  ];
  const plain = new Set([value]);
  for (const [form = '', text = ''] of escaped) {
    if (plain.has(text)) continue;
    plain.add(text);
    forms.push({ form, bytes: Buffer.from(text) });
  }
  return forms;
}

function escapeOf(letter: string): string {
  return Array.from({ length: letter.length }, (_, i) => letter.charCodeAt(i).toString(16).padStart(4, '0'))
    .map((hex) => `\\u${hex}`)
    .join('');
}

function hashForms(value: string, name: string): Form[] {
  const bytes = createHash(name).update(value).digest();
  // A shortened hash is one as well.
  return [
    { form: name, bytes: bytes.subarray(0, 12) },
    { form: `${name} hex`, bytes: Buffer.from(bytes.toString('hex').slice(0, 24)) },
    { form: `${name} base64`, bytes: Buffer.from(bytes.toString('base64').slice(0, 16)) },
  ];
}

/** Where one of the values lies in the files (and names of files) of a folder and those in it: `hamroh.db: utf8 of 9929…`. */
export function scan(dir: string, values: string[], forms = formsOf): string[] {
  const needles = values.flatMap((value) => forms(value).map((form) => ({ value, ...form })));
  return filesIn(dir).flatMap((file) => {
    const bytes = Buffer.concat([Buffer.from(`${file}\n`), readFileSync(join(dir, file))]);
    return needles
      .filter((needle) => bytes.includes(needle.bytes))
      .map(({ form, value }) => `${file}: ${form} of ${value}`);
  });
}

/** The files of a folder that hold these very bytes. */
export function filesWith(dir: string, bytes: Buffer): string[] {
  return filesIn(dir).filter((file) => readFileSync(join(dir, file)).includes(bytes));
}

function filesIn(dir: string): string[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(dir.length + 1));
}
