import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enforcesOwnPolicy } from '../../../src/build/policy-config.ts';
import { parsePolicy } from '../../../src/values/policy.ts';

test('a policy is read', () => {
  assert.deepEqual(parsePolicy('filename=a.rego, FILENAME=b.rego,reset=1,strict=F,log-level=WARN'), {
    files: ['a.rego', 'b.rego'],
    reset: true,
    strict: false,
    logLevel: 'warn',
  });
});

// buildx 0.36's texts: util/buildflags/policy.go
const refused: readonly (readonly [text: string, message: string])[] = [
  ['', 'EOF'],
  ['a.rego', 'invalid value a.rego'],
  ['filename=', 'invalid value filename='],
  ['file=a', 'invalid value file=a'],
  ['reset', 'invalid value reset'],
  ['reset=x', 'invalid value reset=x: strconv.ParseBool: parsing "x": invalid syntax'],
  ['log-level=loud', 'invalid value log-level=loud: not a valid logrus Level: "loud"'],
];
for (const [text, message] of refused) {
  test(`refused: --policy '${text}'`, () => {
    assert.throws(() => parsePolicy(text), { code: 'INVALID_ARGUMENT', message });
  });
}

type Outcome = 'own policy' | 'no policy' | RegExp;

const cases: readonly (readonly [flags: string, outcome: Outcome])[] = [
  ['', 'own policy'],
  ['disabled=true', 'no policy'],
  ['disabled=false', 'own policy'],
  ['strict=true', 'own policy'],
  ['log-level=debug', 'own policy'],
  ['reset=true', 'no policy'],
  ['reset=false', 'own policy'],
  ['filename=a.rego', /^the policy a\.rego cannot be evaluated/],
  ['filename=a.rego reset=true', 'no policy'],
  ['reset=true filename=a.rego', /^the policy a\.rego cannot be evaluated/],
  ['reset=true,filename=a.rego', /^the policy a\.rego cannot be evaluated/],
  ['filename=a.rego reset=true,filename=b.rego', /^the policy b\.rego cannot be evaluated/],
  ['disabled=true,strict=true', /^disabled policy cannot be combined with other policy flags$/],
  ['disabled=true,filename=a', /^disabled policy cannot be combined with other policy flags$/],
  ['disabled=true reset=true', /^disabled policy cannot be combined with other policy flags$/],
];
for (const [flags, outcome] of cases) {
  test(`--policy ${flags}: ${String(outcome)}`, () => {
    const configs = flags.split(' ').filter(Boolean).map(parsePolicy);
    if (outcome instanceof RegExp) assert.throws(() => enforcesOwnPolicy(configs, {}), { message: outcome });
    else assert.equal(enforcesOwnPolicy(configs, {}), outcome === 'own policy');
  });
}

test('the default policy that the environment asks for is not passed by', () => {
  const env = { BUILDX_DEFAULT_POLICY: '1' };
  assert.throws(() => enforcesOwnPolicy([], env), { code: 'UNSUPPORTED', message: /BUILDX_DEFAULT_POLICY/ });
  assert.equal(enforcesOwnPolicy([parsePolicy('disabled=1')], env), false);
  assert.equal(enforcesOwnPolicy([], { BUILDX_DEFAULT_POLICY: '0' }), true);
});
