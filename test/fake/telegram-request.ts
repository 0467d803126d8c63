import type { IncomingMessage } from 'node:http';

/** A refusal as the Bot API words it. */
export class ApiFailure extends Error {
  readonly code: number;
  readonly parameters: Record<string, number> | undefined;

  constructor(code: number, description: string, parameters?: Record<string, number>) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

export const badRequest = (what: string): ApiFailure => new ApiFailure(400, `Bad Request: ${what}`);

export type Params = Record<string, unknown>;

/** Reads the parameters of a call from the query and from any of the four encodings the Bot API takes. */
export async function readParams(request: IncomingMessage): Promise<Params> {
  const params: Params = Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return params;
  if (type.startsWith('application/json')) return { ...params, ...json(body.toString('utf8')) };
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { ...params, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) };
  }
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    return { ...params, ...Object.fromEntries(form.entries()) };
  }
  throw badRequest('unsupported Content-Type');
}

function json(text: string): Params {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Params;
  } catch {
    // Falls through to the same answer as for JSON that is no object.
  }
  throw badRequest("can't parse JSON object");
}

/** Nested values may come as JSON or as JSON text, in every encoding. */
export function nested(value: unknown, what: string): unknown {
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw badRequest(`can't parse ${what} JSON object`);
  }
}

/** Objects only; `undefined` stays. */
export function record(value: unknown, message: string): Params | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest(message);
  return value as Params;
}

export function list(value: unknown, message: string): unknown[] {
  if (!Array.isArray(value)) throw badRequest(message);
  return value;
}

export function integer(value: unknown, fallback: number): number {
  const number = Number(value);
  return value !== undefined && value !== '' && Number.isInteger(number) ? number : fallback;
}

export function flag(value: unknown): boolean {
  return value === true || value === 'true' || value === 'True' || value === '1' || value === 1;
}
