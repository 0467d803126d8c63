import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate`: migrations of `hamroh.db`. Those of `keys.db`: `--config db/keys.config.ts`. */
export default defineConfig({ dialect: 'sqlite', schema: './db/schema.ts', out: './db/migrations' });
