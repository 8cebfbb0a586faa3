import { keepInspectorShut } from '../system/index.ts';
import { work } from './worker.ts';

// dist/worker.mjs: one task on stdin, one result on stdout, then the end.
keepInspectorShut();
let text = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) text += chunk;
const result = JSON.stringify(await work(JSON.parse(text), process.env));
// Not left to the event loop: an open connection must not keep a worker alive after its answer.
process.stdout.write(result, () => process.exit(0));
