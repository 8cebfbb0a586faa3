import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';

const user = userInfo().username;
const namesSent = ({ sandbox }: AgentSandbox) =>
  sandbox.emulator.calls
    .filter(({ action }) => action === 'AssumeRole')
    .map(({ params }) => params.RoleSessionName);
const keyIn = (text: string | null) => /AWS_ACCESS_KEY_ID[= ](\w+)/.exec(text ?? '')?.[1];

/** A home with two allowed projects for the same profile, `shop` and `blog`. */
async function namingSandbox() {
  const box = await agentSandbox();
  appendFileSync(join(box.sandbox.home, '.config/awsh/config'), 'role_session_name = {user}@{directory}\n');
  const [shop = '', blog = ''] = ['shop', 'blog'].map((name) => {
    const folder = join(box.sandbox.home, name);
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, '.awsprofile'), 'dev\n');
    return folder;
  });
  for (const folder of [shop, blog]) await box.awsh(['allow', folder]);
  return { box, shop, blog };
}

describe('role_session_name', () => {
  it('is the same name for a project, by the hook, from the agent and by exec and export', async () => {
    const { box, shop, blog } = await namingSandbox();
    const cold = await box.loadCold(join(shop, 'src'));
    expect(namesSent(box)).toEqual([`${user}@shop`]);
    const warm = await box.loadWarm(shop);
    const exec = await box.awsh(['exec', 'dev', '--', 'env'], { cwd: shop });
    const exported = await box.awsh(['export', 'dev'], { cwd: shop });
    expect([warm, exec.out, exported.out].map(keyIn)).toEqual(Array(3).fill(keyIn(cold)));
    const other = await box.awsh(['exec', 'dev', '--', 'env'], { cwd: blog });
    expect(keyIn(other.out)).not.toBe(keyIn(cold));
    expect(keyIn(await box.loadWarm(blog))).toBe(keyIn(other.out));
    // The same request from another directory gets a different answer.
    const back = await box.awsh(['exec', 'dev', '--', 'env'], { cwd: shop });
    expect(keyIn(back.out)).toBe(keyIn(cold));
    expect(namesSent(box)).toEqual([`${user}@shop`, `${user}@blog`]);
  });

  it('is shown by explain and in the log', async () => {
    const { box, shop } = await namingSandbox();
    expect((await box.awsh(['explain', 'dev'], { cwd: shop })).out).toContain(`${user}@shop`);
    await box.awsh(['export', 'dev'], { cwd: shop });
    const { out } = await box.awsh(['log', '--json']);
    expect(out).toContain(`"${user}@shop"`);
  });

  it('is the name of a console sign-in, which uses the same session', async () => {
    const { box, shop } = await namingSandbox();
    await box.awsh(['login', 'dev', '--stdout'], { cwd: shop });
    await box.awsh(['export', 'dev'], { cwd: shop });
    expect(new Set(namesSent(box))).toEqual(new Set([`${user}@shop`]));
  });

  it('is overridden by AWS_ROLE_SESSION_NAME and by the profile', async () => {
    const { box, shop } = await namingSandbox();
    const environment = { AWS_ROLE_SESSION_NAME: 'by-variable' };
    await box.awsh(['export', 'dev'], { cwd: shop, environment });
    const config = join(box.sandbox.home, '.aws/config');
    appendFileSync(
      config,
      '\n[profile own]\nsource_profile = dev\nrole_arn = arn:aws:iam::111122223333:role/dev\nrole_session_name = by-profile\n',
    );
    const { out } = await box.awsh(['explain', 'own', '--json'], { cwd: shop });
    expect(JSON.parse(out).steps.at(-1).sessionName).toBe('by-profile');
    expect(namesSent(box)).toEqual(['by-variable']);
  });

  it('stops with the line of an invalid template', async () => {
    const { box, shop } = await namingSandbox();
    const config = join(box.sandbox.home, '.config/awsh/config');
    writeFileSync(config, 'backend = file\nrole_session_name = {usr}\n');
    const { status, err } = await box.awsh(['export', 'dev'], { cwd: shop });
    expect(status).toBe(2);
    expect(err).toContain('config:2: role_session_name is not valid');
    expect(namesSent(box)).toEqual([]);
  });
});
