import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usageFilter } from '../../../../src/builder/usage/filters.ts';

describe('usageFilter', () => {
  const read: readonly [filters: readonly string[], filter: string][] = [
    [[], ''],
    [[''], ''],
    [['type=regular'], 'type==regular'],
    [[' Type = regular '], 'type==regular'],
    [['type!=regular'], 'type!=regular'],
    [['description~=^apt'], 'description~=^apt'],
    [['id=abc'], 'id~=abc'],
    [['id~=abc'], 'id~=abc'],
    [['type=a', 'type=a', 'shared=true'], 'type==a,shared==true'],
    [['until=24h', 'inuse=false'], 'inuse==false'],
    [['a=b=c'], 'a==b=c'],
  ];
  for (const [filters, filter] of read) {
    it(`reads ${JSON.stringify(filters)}`, () => assert.deepEqual(usageFilter(filters).filter, [filter]));
  }

  it('takes the age from until, and from what it was called before', () => {
    assert.equal(usageFilter(['until=1h']).keepDuration, 3_600_000_000_000n);
    assert.deepEqual(usageFilter(['unused-for=1m', 'type=x']), { filter: ['type==x'], keepDuration: 60_000_000_000n });
    assert.equal(usageFilter(['type=x']).keepDuration, 0n);
  });

  it('adds the filters of config.json, but none of a label that was asked for otherwise', () => {
    assert.deepEqual(usageFilter(['type=x'], ['until=1h', 'nonsense', 'label=a']), {
      filter: ['type==x,label==a'],
      keepDuration: 3_600_000_000_000n,
    });
    assert.deepEqual(usageFilter(['label!=a'], ['label=a']).filter, ['label!=a']);
    assert.deepEqual(usageFilter(['label=a'], ['label!=a']).filter, ['label==a']);
  });

  const refused: readonly [filters: readonly string[], message: string][] = [
    [['type'], 'bad format of filter (expected name=value)'],
    [['type=a', 'type=b'], '"type" filter expects only one value'],
    [['until=1h', 'until=2h'], '"until" filter expects only one value'],
    [['until=1h', 'unused-for=2h'], 'conflicting filters "until" and "unused-for"'],
    [['until=x'], `"until" filter expects a duration (e.g., '24h'): time: invalid duration "x"`],
  ];
  for (const [filters, message] of refused) {
    it(`refuses ${JSON.stringify(filters)}`, () => {
      assert.throws(() => usageFilter(filters), { code: 'INVALID_ARGUMENT', message });
    });
  }
});
