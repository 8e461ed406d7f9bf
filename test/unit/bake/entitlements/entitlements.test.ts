import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BuildNeeds,
  entitlementRequest,
  missingEntitlements,
  parseAllowed,
  fileChecks,
  requestText,
} from '../../../../src/bake/entitlements/index.ts';

const nothing: BuildNeeds = { entitlements: [], read: [], write: [], ssh: false, localDelete: false };

test('what is allowed is not asked for', () => {
  const allowed = parseAllowed(['network.host', 'fs.read=/a', 'device=gpu,alias=x', 'ssh']);
  const needs = { ...nothing, entitlements: ['network.host', 'device=gpu'], read: ['/a/b', '/a'], ssh: true };
  assert.equal(entitlementRequest(missingEntitlements(allowed, [needs]), '/w'), undefined);
});

test('everything that any build needs is asked for, parents instead of what lies below', () => {
  const first = { ...nothing, entitlements: ['security.insecure', 'device'], read: ['/x/y', '/x'], write: ['/x'] };
  const second = { ...nothing, read: ['/w/../z'.replace('/w/..', ''), '/ab'], localDelete: true };
  const missing = missingEntitlements(parseAllowed(['fs.read=/a']), [first, second]);
  const request = entitlementRequest(missing, '/w');
  assert.deepEqual(
    request?.serious.map(({ flag }) => flag),
    ['security.insecure', 'device', 'buildx.local.delete'],
  );
  assert.deepEqual(
    request?.files.map(({ flag }) => flag),
    ['fs=../x', 'fs.read=../ab', 'fs.read=../z'],
  );
});

test('* allows all files', () => {
  const missing = missingEntitlements(parseAllowed(['fs=*']), [{ ...nothing, read: ['/a'], write: ['/b'] }]);
  assert.equal(entitlementRequest(missing, '/w'), undefined);
});

for (const [text, message] of [
  ['nope', 'unknown entitlement key "nope"'],
  ['network.host=1', 'unknown entitlement key "network.host"'],
  ['buildx.local.delete=1', 'buildx.local.delete does not accept a value'],
] as const) {
  test(`--allow ${text} is refused`, () => {
    assert.throws(() => parseAllowed([text]), { code: 'INVALID_ARGUMENT', message });
  });
}

test('the request tells the whole command that grants it', () => {
  const missing = missingEntitlements(parseAllowed([]), [{ ...nothing, entitlements: ['network.host'], read: ['/x'] }]);
  const request = entitlementRequest(missing, '/w');
  assert.ok(request);
  const words = ['docker', 'buildx', 'bake', 'app'];
  const text = requestText(request, { words, isInteractive: false });
  assert.equal(
    text,
    `Your build is requesting privileges for following possibly insecure capabilities:

 - Running build containers that can access host network
 - Read access to path ../x

Pass "--allow=network.host --allow=fs.read=../x" to grant requested privileges.

Your full command with requested privileges:

docker buildx bake --allow=network.host --allow=fs.read=../x app

`,
  );
});

test('files are checked unless a variable says otherwise', () => {
  const told = 'To disable filesystem entitlements checks, you can set BUILDX_BAKE_ENTITLEMENTS_FS=0 .\n\n';
  const [files, remote] = ['BUILDX_BAKE_ENTITLEMENTS_FS', 'BAKE_ALLOW_REMOTE_FS_ACCESS'];
  const rows: readonly (readonly [env: Record<string, string>, isRemote: boolean, isOn: boolean, advice: string])[] = [
    [{}, false, true, told],
    [{ [files]: '0' }, false, false, ''],
    [{ [files]: 'true' }, false, true, ''],
    [{ [remote]: '1' }, false, true, told],
    [{ [remote]: '1' }, true, false, ''],
    [{ [remote]: '0' }, true, true, told],
    [{ [remote]: '1', [files]: '1' }, true, true, ''],
  ];
  for (const [env, isRemote, isOn, advice] of rows) {
    assert.deepEqual(fileChecks(env, isRemote), { isOn, advice }, JSON.stringify(env));
  }
  assert.throws(() => fileChecks({ [remote]: 'x' }, true), {
    message: `failed to parse ${remote} value "x": strconv.ParseBool: parsing "x": invalid syntax`,
  });
  assert.throws(() => fileChecks({ [files]: '' }, false), {
    message: /^failed to parse BUILDX_BAKE_ENTITLEMENTS_FS value ""/,
  });
  assert.equal(fileChecks({ [remote]: 'x' }, false).isOn, true);
});
