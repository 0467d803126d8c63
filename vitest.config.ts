import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make the browser and the killed processes slower.
    maxWorkers: 2,
    reporters: process.env.CI ? ['default'] : ['default'],
  },
});
