import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { daemonCommand, type Machine } from '../../../../../src/builder/drivers/local/programs.ts';

const everything = ['buildkitd', 'buildkit-runc', 'rootlesskit', 'newuidmap', 'newgidmap'];

function machine(has: readonly string[], more: Partial<Machine> = {}): Machine {
  const find = (program: string): string | undefined => (has.includes(program) ? `/bin/${program}` : undefined);
  return { platform: 'linux', uid: 0, user: 'root', find, read: () => '', ...more };
}

const me = { uid: 1000, user: 'me', read: () => 'you:100000:65536\nme:165536:65536\n' };

describe('the command', () => {
  it('of root is the daemon', () => {
    assert.deepEqual(daemonCommand(machine(['buildkitd', 'runc'])), ['/bin/buildkitd']);
  });
  it('of others is the daemon in namespaces of its own', () => {
    assert.deepEqual(daemonCommand(machine(everything, me)), ['/bin/rootlesskit', '/bin/buildkitd']);
  });
  it('of others whose ids are given by number', () => {
    const read = (): string => '1000:100000:65536';
    assert.deepEqual(daemonCommand(machine(everything, { ...me, read })), ['/bin/rootlesskit', '/bin/buildkitd']);
  });
});

describe('what is missing', () => {
  const rows: readonly [what: string, machine: Machine, message: RegExp][] = [
    [
      'another system',
      machine(everything, { platform: 'darwin' }),
      /^the local driver runs on Linux only, not on darwin$/,
    ],
    [
      'runc',
      machine(['buildkitd']),
      /^the local driver cannot run a daemon here: neither buildkit-runc nor runc is on PATH/,
    ],
    ['both', machine([]), /here:\n- buildkitd is not on PATH .*\n- neither buildkit-runc/],
    [
      'rootlesskit',
      machine(
        everything.filter((name) => name !== 'rootlesskit'),
        me,
      ),
      /here: rootlesskit is not on PATH/,
    ],
    ['uidmap', machine(everything.slice(0, 3), me), /here:\n- newuidmap is not .*\n- newgidmap is not /],
    [
      'ids',
      machine(everything, { ...me, user: 'm' }),
      /here:\n- \/etc\/subuid has no ids for m \(`usermod .* m`\)\n- \/etc\/subgid has /,
    ],
  ];
  for (const [what, given, message] of rows) {
    it(what, () => {
      assert.throws(() => daemonCommand(given), { code: 'UNSUPPORTED', message });
    });
  }
});
