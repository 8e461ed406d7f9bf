import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseResources, type Resource } from '../../../src/values/resource.ts';

const none: Record<Resource, readonly string[]> = {
  memory: [],
  'memory-swap': [],
  'cpu-shares': [],
  'cpu-period': [],
  'cpu-quota': [],
  'cpuset-cpus': [],
  'cpuset-mems': [],
};

test('resources are read, later ones win, and those of the flag win over the older flags', () => {
  const entries = ['memory=64m', ' cpu-shares = 5', 'memory=1g', 'memory-swap=-1', 'cpuset-cpus=0-3', 'cpuset-mems='];
  assert.deepEqual(parseResources(entries, { ...none, memory: ['2g'], 'cpu-quota': ['1', '+7'] }), {
    memory: 1 << 30,
    memorySwap: -1,
    cpuShares: 5n,
    cpuQuota: 7n,
    cpusetCpus: '0-3',
    cpusetMems: '',
  });
});

// buildx 0.36's texts: build/utils.go
const refused: readonly (readonly [entry: string, message: string])[] = [
  ['', 'invalid resource "", expected key=value'],
  ['memory', 'invalid resource "memory", expected key=value'],
  ['bogus=1', 'unknown resource "bogus"'],
  ['Memory=1', 'unknown resource "Memory"'],
  ['memory=', `invalid value "" for resource memory: invalid size: ''`],
  ['memory=x', `invalid value "x" for resource memory: invalid size: 'x'`],
  ['memory-swap=-2', `invalid value "-2" for resource memory-swap: invalid size: '-2'`],
  ['cpu-shares=no', 'invalid value "no" for resource cpu-shares: strconv.ParseInt: parsing "no": invalid syntax'],
  [
    'cpu-period=9223372036854775808',
    'invalid value "9223372036854775808" for resource cpu-period: strconv.ParseInt: parsing "9223372036854775808": value out of range',
  ],
];
for (const [entry, message] of refused) {
  test(`refused: --resource '${entry}'`, () => {
    assert.throws(() => parseResources([entry], none), { code: 'INVALID_ARGUMENT', message });
  });
}

test('the older flags are refused alike', () => {
  assert.throws(() => parseResources([], { ...none, 'cpu-quota': ['x'] }), {
    message: 'invalid value "x" for resource cpu-quota: strconv.ParseInt: parsing "x": invalid syntax',
  });
});
