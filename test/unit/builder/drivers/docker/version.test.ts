import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineBuildkit } from '../../../../../src/builder/drivers/docker/version.ts';

const engines: readonly [engine: string, buildkit: string][] = [
  ['20.10.0', 'v0.8.1'],
  ['20.10.2', 'v0.8+unknown'],
  ['20.10.3', 'v0.8.1+68bb095'],
  ['20.10.4', 'v0.8.2'],
  ['20.10.16', 'v0.8.2+bc07b2b8'],
  ['20.10.19', 'v0.8.2+3a1eeca5'],
  ['20.10.23', 'v0.8.2+eeb7b65'],
  ['20.10.24+dfsg1', 'v0.8+unknown'],
  ['22.06.0-beta.0', 'v0.10.3'],
  ['23.0.0-rc.4', 'v0.10.6'],
  ['23.0.1', 'v0.10.6+4f0ee09'],
  ['23.0.3', 'v0.10.6+70f2ad5'],
  ['23.0.7', 'v0.10+unknown'],
  ['24.0.1-moby', '24.0.1'],
  ['master', 'master'],
];

for (const [engine, buildkit] of engines) {
  test(`the BuildKit of engine ${engine} is ${buildkit}`, () => assert.equal(engineBuildkit(engine), buildkit));
}
