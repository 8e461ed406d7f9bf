import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../../src/transport/index.ts';
import { type RemoteCommand, sshArguments } from '../../../src/transport/ssh.ts';

const cases: readonly (readonly [address: string, remote: RemoteCommand, args: readonly string[]])[] = [
  ['ssh://host', 'docker', ['--', 'host', 'docker system dial-stdio']],
  ['ssh://me@host:22', 'buildctl', ['-l', 'me', '-p', '22', '--', 'host', 'buildctl dial-stdio']],
  ['ssh://host/run/d.sock', 'docker', ['--', 'host', 'docker --host=unix:///run/d.sock system dial-stdio']],
  ['ssh://host/run/b.sock', 'buildctl', ['--', 'host', 'buildctl --addr unix:///run/b.sock dial-stdio']],
  ['ssh://host/$(reboot)', 'docker', ['--', 'host', "docker '--host=unix:///$(reboot)' system dial-stdio"]],
  ["ssh://host/a'b", 'docker', ['--', 'host', "docker '--host=unix:///a'\\''b' system dial-stdio"]],
];

for (const [text, remote, args] of cases) {
  test(`${text} with ${remote}`, () => {
    const address = parseAddress(text);
    assert.equal(address.kind, 'ssh');
    if (address.kind !== 'ssh') return;
    const fixed = ['-o', 'ConnectTimeout=30', 'ServerAliveInterval=30', '-T'];
    assert.deepEqual(
      sshArguments(address, remote).filter((word) => !fixed.includes(word)),
      args,
    );
  });
}
