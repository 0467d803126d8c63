import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make the browser and the killed processes slower.
    maxWorkers: 2,
    // Loading the project anew for each of more than a hundred files took a third of the time. No file changes what
    // another one sees: each has data folders, ports and people of its own.
    isolate: false,
  },
});
