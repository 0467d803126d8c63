import { createHash, timingSafeEqual } from 'node:crypto';

/** Largest delivery we read, in bytes. */
const BODY_LIMIT = 256 * 1024;
/** Deeper than anything a platform sends. */
const DEPTH_LIMIT = 32;

/** An answer without words: the platform reads only the number. */
export function answer(status: number): Response {
  return new Response(null, { status });
}

/** Compares hashes, so that neither the time nor the length of the work tells anything about the secret. */
export function sameSecret(given: string, secret: string): boolean {
  const hash = (s: string): Buffer => createHash('sha256').update(s).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

/** @returns the body, or undefined when it is longer than {@link BODY_LIMIT} */
export async function readBody(request: Request): Promise<Buffer | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @returns the JSON, or undefined when it is none, or nested deeper than any delivery */
export function parseJson(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isDeeper(value, DEPTH_LIMIT) ? undefined : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeper(inner, limit - 1));
}
