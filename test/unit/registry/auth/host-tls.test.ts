import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificateDirs, certificatesIn } from '../../../../src/registry/auth/index.ts';

test("certificates are found by the registry's host and port, the user's before the machine's", async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'tsbuildx-certs.d-'));
  t.after(async () => await rm(base, { recursive: true, force: true }));
  const [user, machine] = [join(base, 'user'), join(base, 'machine')];
  const write = async (dir: string, files: Readonly<Record<string, string>>): Promise<void> => {
    await mkdir(dir, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  };
  await write(join(user, 'r.example:5000'), { 'ca.crt': 'CA', 'me.cert': 'CERT', 'me.key': 'KEY', notes: '' });
  await write(join(machine, 'r.example:5000'), { 'ca.crt': 'other' });
  await write(join(machine, 'half.example'), { 'me.cert': 'CERT' });
  await write(base, { 'ca.crt': 'outside' });
  const find = certificatesIn([user, machine]);
  assert.deepEqual(await find('r.example:5000'), { ca: ['CA'], clients: [{ cert: 'CERT', key: 'KEY' }] });
  assert.equal(await find('r.example'), undefined);
  for (const host of ['..', '../user', '', '.']) assert.equal(await find(host), undefined);
  await assert.rejects(find('half.example'), { code: 'IO', message: /failed to read .*me\.key/ });
});

test('the directories are those of docker', () => {
  assert.deepEqual(certificateDirs({ HOME: '/home/me' }), ['/home/me/.config/docker/certs.d', '/etc/docker/certs.d']);
  assert.equal(certificateDirs({ HOME: '/home/me', XDG_CONFIG_HOME: '/cfg' })[0], '/cfg/docker/certs.d');
});
