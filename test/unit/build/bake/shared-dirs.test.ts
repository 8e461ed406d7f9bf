import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareDirs } from '../../../../src/build/bake/shared-dirs.ts';
import type { BuildPlan } from '../../../../src/build/plan-build.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';

interface Given {
  readonly dirs: Readonly<Record<string, string>>;
  readonly key?: string;
  readonly needs?: string;
  readonly ignore?: string;
}

interface Opened {
  readonly id: string;
  readonly sharedKey: string;
}

/** What is shared, and with whom: for each build the sessions of its directories, by number. */
async function share(given: readonly Given[]): Promise<{ uses: unknown[]; keys: string[] }> {
  const plans = given.map(({ dirs, key = 'app', needs = '', ignore = '' }) => {
    const inputs = { localDirs: new Map(Object.entries(dirs)), ignoreSlot: ignore, contextNeeds: () => needs };
    return { inputs, sharedKey: key } as unknown as BuildPlan;
  });
  const opened: Opened[] = [];
  const dial = async ({ id, sharedKey }: Opened): Promise<ReturnType<typeof duplexPair>[0]> => {
    opened.push({ id, sharedKey });
    return duplexPair()[0];
  };
  await using shared = shareDirs(plans, dial, new AbortController().signal);
  const numbers = new Map<string, number>();
  const uses = plans.map((plan) =>
    Object.fromEntries(
      Object.entries(shared.attributesOf(plan)).map(([name, id]) => {
        if (!numbers.has(id)) numbers.set(id, numbers.size);
        return [name.replace('local-sessionid:', ''), numbers.get(id)];
      }),
    ),
  );
  const keys = [...numbers.keys()].map((id) => opened.find((one) => one.id === id)?.sharedKey ?? '');
  return { uses, keys };
}

const context = { context: '/app', dockerfile: '/app' };

test('what two builds use is served by one session', async () => {
  assert.deepEqual(await share([{ dirs: context }, { dirs: context }]), {
    uses: [
      { context: 0, dockerfile: 0 },
      { context: 0, dockerfile: 0 },
    ],
    keys: ['app'],
  });
});

test('what one build uses is its own', async () => {
  const { uses } = await share([
    { dirs: { context: '/a', dockerfile: '/a' } },
    { dirs: { context: '/b', dockerfile: '/a' } },
  ]);
  assert.deepEqual(uses, [{ dockerfile: 0 }, { dockerfile: 0 }]);
});

test('one name for two directories needs two sessions', async () => {
  const [a, b] = [{ dirs: { context: '/a' } }, { dirs: { context: '/b' } }];
  assert.deepEqual((await share([a, b, a, b])).uses, [{ context: 0 }, { context: 1 }, { context: 0 }, { context: 1 }]);
});

test('other parts of a context, and other rules for it, have sessions and keys of their own', async () => {
  const part = { dirs: { context: '/app' }, needs: 'src', key: 'app:src' };
  const ruled = { dirs: { context: '/app' }, ignore: 'ignore-1', key: 'app:ignore-1' };
  const whole = { dirs: { context: '/app' } };
  const { uses, keys } = await share([part, ruled, whole, whole, ruled, part]);
  assert.deepEqual(uses, [
    { context: 0 },
    { context: 1 },
    { context: 2 },
    { context: 2 },
    { context: 1 },
    { context: 0 },
  ]);
  assert.deepEqual(keys, ['app:src', 'app:ignore-1', 'app']);
});

test('the key of a session does not depend on who comes first', async () => {
  const [one, other] = [
    { dirs: context, key: 'app:one:x' },
    { dirs: context, key: 'app' },
  ];
  assert.deepEqual((await share([one, other])).keys, (await share([other, one])).keys);
});
