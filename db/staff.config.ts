import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config db/staff.config.ts`: migrations of `staff.db`. */
export default defineConfig({ dialect: 'sqlite', schema: './db/staff.ts', out: './db/migrations/staff' });
