import assert from 'node:assert/strict';
import { it } from 'node:test';
import { transferSize } from '../../../src/build/transfer-size.ts';

// The figures are what Go's buildx shows for such files.
it('counts what the daemon would count', () => {
  const file = { name: 'Dockerfile', mode: 0o100644, mtimeNs: 1_795_414_709_123_456_789n };
  assert.equal(transferSize([]), 2);
  assert.equal(transferSize([{ ...file, size: 0 }]), 31);
  assert.equal(transferSize([{ ...file, size: 48 }]), 85);
  assert.equal(transferSize([{ ...file, size: 123 }]), 160);
  assert.equal(transferSize([{ ...file, size: 227 }]), 266);
  const ignore = { ...file, name: 'Dockerfile.dockerignore', size: 2 };
  assert.equal(transferSize([{ ...file, size: 42 }, ignore]), 133);
});
