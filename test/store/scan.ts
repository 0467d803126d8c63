import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All forms in which a value could lie in a file: text in several codings, and, for numbers, as SQLite stores them. */
export function formsOf(value: string): { form: string; bytes: Buffer }[] {
  const utf8 = Buffer.from(value, 'utf8');
  const forms = [
    { form: 'utf8', bytes: utf8 },
    { form: 'utf16le', bytes: Buffer.from(value, 'utf16le') },
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

/** Where one of the values lies in the files (and names of files) of a folder: `hamroh.db: utf8 of 9929…`. */
export function scan(dir: string, values: string[]): string[] {
  const hits: string[] = [];
  for (const file of readdirSync(dir)) {
    const bytes = Buffer.concat([Buffer.from(`${file}\n`), readFileSync(join(dir, file))]);
    for (const value of values) {
      for (const { form, bytes: needle } of formsOf(value)) {
        if (bytes.includes(needle)) hits.push(`${file}: ${form} of ${value}`);
      }
    }
  }
  return hits;
}

/** The files of a folder that hold these very bytes. */
export function filesWith(dir: string, bytes: Buffer): string[] {
  return readdirSync(dir).filter((file) => readFileSync(join(dir, file)).includes(bytes));
}
