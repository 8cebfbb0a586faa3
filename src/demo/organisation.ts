import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quotePosix } from '../shell/index.ts';
import type { Sandbox } from './sandbox.ts';

const accounts = [
  ['555500001111', 'Corp Sandbox', ['Admin', 'ReadOnly']],
  ['555500002222', 'Corp Production (EU)', ['Operator', 'ReadOnly']],
  ['555500003333', 'Corp Shared', ['ViewOnly']],
] as const;

/**
 * Adds an organisation with IAM Identity Center to the sandbox: three accounts, a profile `corp`
 * that leads to the emulator, and a browser that chooses Allow on the emulator's page. Returns the
 * environment variables that a shell needs for it.
 */
export function addOrganisation({ home, emulator }: Sandbox, path: string): Record<string, string> {
  for (const [id, name, roles] of accounts) {
    emulator.cloud.organisation.addAccount(id, name);
    for (const role of roles) emulator.addRole({ account: id, name: role });
  }
  emulator.cloud.signIns.rules.interval = 1;
  appendFileSync(join(home, '.aws/config'), configText(emulator.url));
  const bin = join(home, 'bin');
  mkdirSync(bin, { mode: 0o700 });
  const script = join(bin, 'demo-browser.mjs');
  writeFileSync(script, browserScript, { mode: 0o600 });
  const launcher = `#!/bin/sh\nexec ${quotePosix(process.execPath)} ${quotePosix(script)} "$@"\n`;
  writeFileSync(join(bin, 'demo-browser'), launcher, { mode: 0o700 });
  return { BROWSER: 'demo-browser', PATH: `${bin}:${path}` };
}

function configText(endpoint: string): string {
  return `
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile corp]
sso_session = corp
sso_account_id = 555500001111
sso_role_name = ReadOnly
region = eu-west-1
endpoint_url = ${endpoint}
`;
}

/**
 * Replaces a browser and its user: follows the link in awsh's page, and then Allow. Only for
 * addresses on this machine.
 */
const browserScript = `import { readFileSync } from 'node:fs';

const plain = (text) => text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const linkIn = (html, pattern, base) => {
  const href = pattern.exec(html)?.[1];
  const link = href === undefined ? null : new URL(plain(href), base);
  return link?.hostname === '127.0.0.1' ? link : process.exit(1);
};
const page = new URL(process.argv.at(-1));
const address = linkIn(readFileSync(page, 'utf8'), /<a href="([^"]*)"/, page);
const html = await (await fetch(address)).text();
await fetch(linkIn(html, /id="allow" href="([^"]*)"/, address));
`;
