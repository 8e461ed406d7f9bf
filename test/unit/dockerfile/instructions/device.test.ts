import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Device } from '../../../../src/dockerfile/instructions/index.ts';
import { parseDevice } from '../../../../src/dockerfile/instructions/device.ts';

const devices: readonly [value: string, device: Device][] = [
  ['vendor.com/class=all', { name: 'vendor.com/class=all', required: false }],
  ['a/b,required', { name: 'a/b', required: true }],
  ['required=false,name=a/b=c', { name: 'a/b=c', required: false }],
  ['required', { name: '', required: true }],
];

for (const [value, device] of devices) test(value, () => assert.deepEqual(parseDevice(value), device));

const faults: readonly [value: string, message: string][] = [
  ['a,b', "invalid field 'b' must be a key=value pair"],
  ['a,name=b', 'device name already set to a'],
  ['a,requird=1', "unexpected key 'requird' in 'requird=1' (did you mean required?)"],
  ['a,required=x', 'invalid value for required: x'],
  ['', 'failed to parse csv devices: EOF'],
];

for (const [value, message] of faults) {
  test(`fault: ${value}`, () => assert.throws(() => parseDevice(value), { code: 'DOCKERFILE', message }));
}
