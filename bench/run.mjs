// Bundles bench/bench.ts and runs it: figures are ratios measured in one run, on whatever machine this is.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const folder = mkdtempSync(resolve('node_modules', '.bench-'));
try {
  // The tests' support may be used outside a test: what it hands to vitest is then never called.
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
  // Node 20 reads these certificates at every start: they would be measured instead of awsh.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  process.exitCode = spawnSync(process.execPath, [join(folder, 'bench.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env,
  }).status;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
