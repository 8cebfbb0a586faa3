// Run by `npm version`: adds the release date to the version's heading in CHANGELOG.md.
import { readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const notes = readFileSync('CHANGELOG.md', 'utf8');
const heading = `## ${version} (not released)\n`;
if (!notes.includes(heading)) {
  console.error(`CHANGELOG.md has no notes for this version: it needs the line "${heading.trim()}"`);
  process.exit(1);
}
writeFileSync(
  'CHANGELOG.md',
  notes.replace(heading, `## ${version} (${new Date().toISOString().slice(0, 10)})\n`),
);
