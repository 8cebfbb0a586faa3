/**
 * No test sees the machine's own AWS, awsh or XDG variables, or its home. Each makes its own home
 * (temporary-home.ts).
 */
for (const name of Object.keys(process.env)) {
  if (/^(AWS|AWSH|XDG|AWSUME|DBUS)_/.test(name) && name !== 'AWSH_TEST_NO_SKIP') delete process.env[name];
}
for (const name of [
  'CI',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
]) {
  delete process.env[name];
}
process.env.HOME = '/nonexistent';
process.env.NO_PROXY = '127.0.0.1,localhost';
