// Bundles bench/bench.ts and runs it. Figures are ratios within one run, on any machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const folder = mkdtempSync(resolve('node_modules', '.bench-'));
try {
  // Test support may be used outside a test. Functions that it gives to vitest are then never
  // called.
  const stub = join(folder, 'vitest.mjs');
  writeFileSync(stub, 'export const onTestFinished = () => {};\n');
  await build({
    entryPoints: ['bench/bench.ts'],
    outfile: join(folder, 'bench.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { vitest: stub },
  });
  // Node 20 reads these certificates at every start, which would distort the measurement.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  process.exitCode = spawnSync(process.execPath, [join(folder, 'bench.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env,
  }).status;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
