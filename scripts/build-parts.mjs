// Makes one file of many: each file of src becomes a function that runs when it is first used
// (src/entry/lazy-parts.ts).
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';

const root = process.cwd();
const isIndex = (file) => file.endsWith('/index.ts');

/** The files of src that `entry` needs, without each folder's index.ts, which only names others. */
async function filesOf(entry, options) {
  const { metafile } = await build({ ...options, entryPoints: [entry], write: false, metafile: true });
  return Object.keys(metafile.inputs).filter((file) => file.startsWith('src/') && !isIndex(file));
}

/**
 * Leaves the other files of src out of a bundle. `names` has what each file exports: esbuild does
 * not know that of a file that it leaves out, and an index.ts has `export *`.
 */
function apart(names) {
  return {
    name: 'apart',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, importer, kind, namespace }) => {
        if (kind === 'entry-point' || namespace !== 'file' || importer.includes('/node_modules/')) return;
        const file = resolve(resolveDir, path);
        if (isIndex(file)) return { path: file, sideEffects: false };
        const part = { path: relative(root, file), sideEffects: false };
        return names !== undefined && isIndex(importer)
          ? { ...part, namespace: 'names' }
          : { ...part, external: true };
      });
      build.onLoad({ filter: /./, namespace: 'names' }, ({ path }) => ({
        contents: `export { ${names.get(path)} } from ${JSON.stringify(path)};`,
      }));
      build.onResolve({ filter: /./, namespace: 'names' }, ({ path }) => ({
        path,
        external: true,
        sideEffects: false,
      }));
    },
  };
}

/** By file, the names that it exports, with commas. */
async function exportsOf(files, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: files,
    outdir: 'dist',
    format: 'esm',
    plugins: [apart(), ...options.plugins],
    write: false,
    metafile: true,
  });
  return new Map(
    Object.values(metafile.outputs).map((output) => [output.entryPoint, output.exports.join(', ')]),
  );
}

/** By file, the body of its function. */
async function bodiesOf(files, names, options) {
  const giving = {
    name: 'giving',
    setup(build) {
      build.onResolve({ filter: /^give:/ }, ({ path }) => ({ path: path.slice(5), namespace: 'give' }));
      build.onLoad({ filter: /./, namespace: 'give' }, ({ path }) => ({
        contents: `import { ${names.get(path)} } from ${JSON.stringify(resolve(path))}; give({ ${names.get(path)} });`,
        resolveDir: root,
      }));
    },
  };
  const { outputFiles } = await build({
    ...options,
    entryPoints: files.map((file, index) => ({ in: `give:${file}`, out: `${index}` })),
    outdir: 'dist',
    format: 'cjs',
    plugins: [apart(names), giving, ...options.plugins],
    write: false,
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
  return files.map((file, index) => [file, texts.get(resolve('dist', `${index}.js`))]);
}

/** The text of a CommonJS module that exports what `entry` exports. */
export async function partsOf(entry, options) {
  const files = await filesOf(entry, options);
  const names = await exportsOf(files, options);
  const parts = (await bodiesOf(files, names, options)).map(
    ([file, body]) => `${JSON.stringify(file)}(require, give) {\n${body}\n},`,
  );
  return [
    "const { startParts } = require('./src/entry/lazy-parts.ts');",
    `module.exports = startParts({\n${parts.join('\n')}\n}, ${JSON.stringify(entry)}, require);`,
  ].join('\n');
}
