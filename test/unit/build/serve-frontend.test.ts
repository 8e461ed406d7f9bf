import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frontendEnvironment } from '../../../src/build/serve-frontend.ts';

test('reads the attributes and the session that a daemon gives to a frontend', () => {
  const env = {
    PATH: '/bin',
    BUILDKIT_SESSION_ID: 'session1',
    BUILDKIT_FRONTEND_OPT_0: 'filename=Dockerfile',
    BUILDKIT_FRONTEND_OPT_1: 'build-arg:A=b=c',
    BUILDKIT_FRONTEND_OPT_2: 'no-cache=',
    BUILDKIT_FRONTEND_OPT_3: 'bare',
  };
  assert.deepEqual(frontendEnvironment(env), {
    attributes: { filename: 'Dockerfile', 'build-arg:A': 'b=c', 'no-cache': '', bare: '' },
    sessionId: 'session1',
  });
  assert.deepEqual(frontendEnvironment({}), { attributes: {}, sessionId: '' });
});
