import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mount } from '../../../../src/dockerfile/instructions/index.ts';
import { parseMount } from '../../../../src/dockerfile/instructions/mount.ts';

const same = (word: string): string => word;

const bind: Mount = {
  type: 'bind',
  from: '',
  source: '',
  target: '',
  readOnly: true,
  sizeLimit: 0,
  id: '',
  sharing: '',
  required: false,
  env: undefined,
  mode: undefined,
  uid: undefined,
  gid: undefined,
};

const mounts: readonly [value: string, mount: Partial<Mount>][] = [
  ['target=/a', { target: '/a' }],
  ['dst=/a,src=/b,from=c', { target: '/a', source: '/b', from: 'c' }],
  ['destination=/a,source=/b,rw', { target: '/a', source: '/b', readOnly: false }],
  ['TYPE=Cache,target=/a', { type: 'cache', target: '/a', readOnly: false }],
  ['type=cache,ro,id=x,sharing=LOCKED', { type: 'cache', id: 'x', sharing: 'locked' }],
  ['type=cache,mode=0755,uid=1,gid=2', { type: 'cache', readOnly: false, mode: 0o755, uid: 1, gid: 2 }],
  ['type=tmpfs,size=64m', { type: 'tmpfs', readOnly: false, sizeLimit: 64 << 20 }],
  ['type=tmpfs,readwrite=false', { type: 'tmpfs' }],
  ['type=secret,id=x,required,env=E', { type: 'secret', id: 'x', required: true, env: 'E' }],
  ['type=secret,id=x,env=', { type: 'secret', id: 'x', env: '' }],
  ['type=ssh,required=0', { type: 'ssh' }],
  ['"target=/a,b",readonly=f', { target: '/a,b', readOnly: false }],
];

for (const [value, mount] of mounts) {
  test(value, () => assert.deepEqual(parseMount(value, same), { ...bind, ...mount }));
}

const faults: readonly [value: string, message: string][] = [
  ['type=tmp', 'unsupported mount type "tmp" (did you mean tmpfs?)'],
  ['typ=tmpfs', "unexpected key 'typ' in 'typ=tmpfs' (did you mean type?)"],
  ['target', "invalid field 'target' must be a key=value pair"],
  ['ro=maybe', 'invalid value for ro: maybe'],
  ['required', "unexpected key 'required' for mount type 'bind'"],
  ['required=x', "unexpected key 'required' for mount type 'bind'"],
  ['type=ssh,required=x', 'invalid value for required: x'],
  ['size=1', "unexpected key 'size' for mount type 'bind'"],
  ['type=tmpfs,size=x', 'invalid value for size: x'],
  ['type=cache,mode=8', 'invalid value 8 for mode'],
  ['type=cache,uid=-1', 'invalid value -1 for uid'],
  ['type=cache,gid=4294967296', 'invalid value 4294967296 for gid'],
  ['type=cache,sharing=share', 'unsupported sharing value "share" (did you mean shared?)'],
  ['sharing=shared', 'invalid cache sharing set for bind mount'],
  ['mode=1', 'mode not allowed for "bind" type mounts'],
  ['type=tmpfs,uid=1', 'uid not allowed for "tmpfs" type mounts'],
  ['type=secret,from=a,id=b', 'secret mount should not have a from'],
  ['type=secret,sharing=shared,id=b', 'secret mount should not define sharing'],
  ['type=secret', 'invalid secret mount. one of source, target required'],
  ['type=secret,source=a,id=b', "both source and id can't be set"],
  [
    '"target=/a',
    'failed to parse csv mounts: parse error on line 1, column 2: extraneous or missing " in quoted-field',
  ],
];

for (const [value, message] of faults) {
  test(`fault: ${value}`, () => assert.throws(() => parseMount(value, same), { code: 'DOCKERFILE', message }));
}

test('values are expanded; before that only `from` counts', () => {
  assert.equal(parseMount('target=$X', (word) => word.replace('$X', '/x')).target, '/x');
  assert.deepEqual(parseMount('type=nope,target=/a,what,from=b', undefined), { ...bind, from: 'b' });
  assert.equal(parseMount('from=b$', undefined).from, 'b$');
});
