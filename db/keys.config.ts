import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config db/keys.config.ts`: migrations of `keys.db`. */
export default defineConfig({ dialect: 'sqlite', schema: './db/keys.ts', out: './db/migrations/keys' });
