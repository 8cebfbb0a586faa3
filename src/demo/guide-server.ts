import { randomBytes, timingSafeEqual } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { decodeValue } from '../shell/index.ts';
import type { Guide } from './guide.ts';

/** In bytes. A report is a few lines; anything longer is from another program. */
const longestReport = 8192;

/**
 * Listens on 127.0.0.1 for the reports of the sandbox's shells, and answers with the guide's text.
 * Writes the reporting program to `program`. Returns a function that stops it.
 */
export async function serveGuide(guide: Guide, program: string): Promise<() => void> {
  const word = randomBytes(18).toString('base64url');
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // The shell may end before its answer.
    socket.on('error', () => socket.destroy());
    let report = '';
    socket.setEncoding('utf8').on('data', (text) => {
      report += text;
      if (report.length > longestReport) socket.destroy();
      else if (report.endsWith('\nend\n')) socket.end(answer(guide, word, report.split('\n')));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  writeFileSync(program, reporter(port, word), { mode: 0o700 });
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

function answer(guide: Guide, word: string, report: readonly string[]): string {
  const [given = '', verb, status, cwd = '', loaded = '', command = ''] = report;
  if (given.length !== word.length || !timingSafeEqual(Buffer.from(given), Buffer.from(word))) return '';
  const [, kind = '', , profile = ''] = loaded.split(' ');
  const lines =
    verb === 'begin'
      ? guide.begin()
      : guide.ran({
          command: command.trim(),
          status: Number(status),
          cwd,
          kind,
          profile: profile === '-' ? '' : decodeValue(profile.replaceAll('%20', ' ')),
        });
  return lines.map((line) => `${line}\n`).join('');
}

/** Makes no fork, and is silent when the demo has already ended. */
function reporter(port: number, word: string): string {
  return `#!/bin/bash -p
{ exec 3<>/dev/tcp/127.0.0.1/${port}; } 2>/dev/null || exit 0
command=\${3-}
printf '%s\\n' ${word} "$1" "$2" "$PWD" "\${AWSH_LOADED-}" "\${command//[[:cntrl:]]/ }" end >&3
while IFS= read -r line <&3; do printf '%s\\n' "$line"; done
`;
}
