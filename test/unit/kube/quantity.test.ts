import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuantity } from '../../../src/kube/quantity.ts';

/** As written, and as Go's resource.ParseQuantity marshals it. */
const TABLE = `
0 | 0
1 | 1
100m | 100m
0.5 | 500m
1.5 | 1500m
1.500 | 1.500
1000m | 1
2000 | 2k
1e3 | 1e3
1E3 | 1E3
12e6 | 12e6
1e-3 | 1e-3
128Mi | 128Mi
1024Mi | 1Gi
1Gi | 1Gi
8Gi | 8Gi
1536Mi | 1536Mi
0.5Gi | 512Mi
1.5Gi | 1536Mi
500Gi | 500Gi
2048Ki | 2Mi
1000000Ki | 1000000Ki
100k | 100k
1000k | 1M
1M | 1M
05 | 05
+5Gi | +5Gi
-5Gi | -5Gi
-0.5 | -500m
1n | 1n
0.1n | 1n
1.0000000001 | 1000000001n
9223372036854775807 | 9223372036854775807
99999999999999999999 | 99999999999999999999
10Ei | 9223372036854775807
0.3Mi | 314572800m
1e18 | 1e18
0.000 | 0
00 | 0
1. | 1.
1.G | 1.G
.5 | 500m
1e+3 | 1e+3
100E | 100E
1u | 1u
1500000u | 1500m
1000Gi | 1000Gi
1023Ki | 1023Ki
1Ki | 1Ki
3.2Ki | 3276800m
1.1Mi | 1153433600m
`;

test('quantities are sent as Go sends them', () => {
  for (const line of TABLE.trim().split('\n')) {
    const [text = '', expected] = line.split(' | ');
    assert.equal(canonicalQuantity(text), expected, text);
  }
});

test('what is no quantity is refused in the words of Go', () => {
  for (const text of ['', 'abc', '1x', '1 Gi']) {
    const message = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    assert.throws(() => canonicalQuantity(text), { code: 'INVALID_ARGUMENT', message }, text);
  }
  for (const text of ['1mm', '1e', '1Kii']) {
    const message = "unable to parse quantity's suffix";
    assert.throws(() => canonicalQuantity(text), { code: 'INVALID_ARGUMENT', message }, text);
  }
});
