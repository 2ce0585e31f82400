import { defineConfig } from 'vitest/config';

// Browser tests against a running server: CANDOR_URL, CANDOR_PASSWORD, and CANDOR_USER when it is not "admin".
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    environment: 'node',
    fileParallelism: false,
    sequence: { concurrent: false, shuffle: false },
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // The steps build on each other, as those of a person do.
    bail: 1,
  },
});
