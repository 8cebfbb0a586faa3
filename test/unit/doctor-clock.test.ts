import { describe, expect, it } from 'vitest';
import { loopbackProxy, secureFront } from '../support/loopback-proxy.ts';
import { loopbackServer } from '../support/loopback-server.ts';
import { checkNamed, foundBy, sceneIn } from '../support/scenes.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const check = checkNamed('clock');

/** A home whose [default] uses an STS whose clock is this many seconds ahead. */
async function setting(aheadSeconds: number | null) {
  const server = await loopbackServer((_, response) => {
    if (aheadSeconds === null) response.sendDate = false;
    else response.setHeader('Date', new Date(Date.now() + aheadSeconds * 1000).toUTCString());
    response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
  });
  const home = temporaryHome();
  home.write('.aws/config', `[default]\nregion = eu-west-1\nendpoint_url = ${server.url}\n`);
  return { server, home, scene: sceneIn(home, { online: true }) };
}

describe('the check of the clock', () => {
  it('is right, according to one unsigned request', async () => {
    const { server, scene } = await setting(0);
    expect(await foundBy(check, scene)).toEqual([
      `ok ${new URL(server.url).host} can be reached, and the clock is right`,
    ]);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    [4 * 60, /^ok /],
    [-4 * 60, /^ok /],
    [
      3 * 3600,
      /^problem the clock of this machine is (3h00m|2h59m) behind AWS’s .* sudo timedatectl set-ntp true$/,
    ],
    [-20 * 60, /^problem the clock of this machine is (20m|19m) ahead of AWS’s/],
  ])('reports a difference of %d s', async (ahead, found) => {
    const { scene } = await setting(ahead);
    expect(await foundBy(check, scene)).toEqual([expect.stringMatching(found)]);
  });

  it('is skipped offline, or without a config file', async () => {
    const { server, scene } = await setting(9999);
    expect(await foundBy(check, { ...scene, online: false })).toEqual([]);
    expect(await foundBy(check, { ...scene, files: null })).toEqual([]);
    expect(server.received).toEqual([]);
  });

  it('is skipped if the server sends no time', async () => {
    const { scene } = await setting(null);
    expect(await foundBy(check, scene)).toEqual([expect.stringMatching(/^note .*answers without a date/)]);
  });

  it('asks the STS of the region through the proxy, and does not trust another server’s time', async () => {
    const { server } = await setting(9999);
    const proxy = await loopbackProxy({ to: await secureFront(server.url) });
    const home = temporaryHome();
    home.write('.aws/config', '[default]\nregion = cn-north-1\n');
    const environment = { HTTPS_PROXY: proxy.url };
    expect(await foundBy(check, sceneIn(home, { online: true, environment }))).toEqual([
      expect.stringMatching(
        /^note cannot reach sts\.cn-north-1\.amazonaws\.com\.cn through HTTPS_PROXY .*certificate/,
      ),
    ]);
    expect(proxy.passed).toEqual(['CONNECT sts.cn-north-1.amazonaws.com.cn:443']);
  });

  it('cannot compare without an answer', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[default]\nendpoint_url = http://127.0.0.1:1\n');
    expect(await foundBy(check, sceneIn(home, { online: true }))).toEqual([
      expect.stringMatching(/^note cannot reach 127\.0\.0\.1:1 .*refused.* awsh doctor --offline$/),
    ]);
  });

  it('asks the endpoint of a command, not the one that awsh itself has loaded', async () => {
    const { server, scene } = await setting(0);
    const theirs = { ...scene.environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    expect(await foundBy(check, { ...scene, environment: theirs })).toEqual([
      expect.stringMatching(/^note cannot reach/),
    ]);
    const ours = { ...theirs, AWSH_SAVED: 'now AWS_ENDPOINT_URL http://127.0.0.1:1' };
    expect(await foundBy(check, { ...scene, environment: ours })).toEqual([expect.stringMatching(/^ok/)]);
    expect(server.received).toHaveLength(1);
  });
});

it('waits three seconds for an answer', async () => {
  const server = await loopbackServer(() => {});
  const home = temporaryHome();
  home.write('.aws/config', `[default]\nendpoint_url = ${server.url}\n`);
  const found = await foundBy(check, sceneIn(home, { online: true }));
  expect(found).toEqual([expect.stringMatching(/^note cannot reach .*no answer in time/)]);
}, 120_000);
