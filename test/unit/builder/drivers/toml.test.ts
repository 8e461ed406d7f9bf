import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'smol-toml';
import { formatToml } from '../../../../src/builder/drivers/toml.ts';

const document = String.raw`debug = true
insecure-entitlements = [ "network.host", "security.insecure" ]
empty = []
ratio = 1.5
whole = 2.0
big = 9223372036854775807
tiny = 1e-9
huge = 1e21
neg = -0.0
when = 1979-05-27T07:32:00Z
off = 1979-05-27T00:32:00.5-07:00
day = 1979-05-27
local = 1979-05-27T07:32:00
time = 07:32:00.25
"quo'ted" = 'back\slash'
"tab\tkey" = "tab\there"
ctrl = "a\u0001b\nc\"d\\e'\u007f"
uni = "äöü😀"
mixed = [ 1, {a = 1, "b c" = [true]}, "x" ]
inline = { z = 1, a = { y = "q" } }
multi = """
one
two"""

[registry."docker.io"]
  mirrors = ["mirror.example.com:5000", "m2"]
  http = true
[registry."a"]
[[registry."a".keypair]]
  key="/k"
  cert="/c"
[[registry."a".keypair]]
  key="/k2"
[worker.oci]
  gc = true
  gckeepstorage = 9000
  [worker.oci.labels]
    "foo" = "bar"
  [[worker.oci.gcpolicy]]
    keepBytes = "512MB"
    filters = [ "type==source.local"]
  [[worker.oci.gcpolicy]]
    all = true
    [worker.oci.gcpolicy.sub]
      x = 1
[emptytable]
[""]
a=1
`;

/** What go-toml 2.3 makes of the document. */
const formatted = String.raw`big = 9223372036854775807
ctrl = "a\u0001b\nc\"d\\e'\u007F"
day = 1979-05-27
debug = true
empty = []
huge = 1000000000000000000000.0
insecure-entitlements = ['network.host', 'security.insecure']
local = 1979-05-27T07:32:00
mixed = [1, {a = 1, 'b c' = [true]}, 'x']
multi = "one\ntwo"
neg = -0.0
off = 1979-05-27T00:32:00.5-07:00
"quo'ted" = 'back\slash'
ratio = 1.5
'tab	key' = 'tab	here'
time = 07:32:00.25
tiny = 0.000000001
uni = 'äöü😀'
when = 1979-05-27T07:32:00Z
whole = 2.0

['']
a = 1

[emptytable]

[inline]
z = 1

[inline.a]
y = 'q'

[registry]
[registry.a]
[[registry.a.keypair]]
cert = '/c'
key = '/k'

[[registry.a.keypair]]
key = '/k2'

[registry.'docker.io']
http = true
mirrors = ['mirror.example.com:5000', 'm2']

[worker]
[worker.oci]
gc = true
gckeepstorage = 9000

[[worker.oci.gcpolicy]]
filters = ['type==source.local']
keepBytes = '512MB'

[[worker.oci.gcpolicy]]
all = true

[worker.oci.gcpolicy.sub]
x = 1

[worker.oci.labels]
foo = 'bar'
`;

test('the same bytes as go-toml', () => {
  assert.equal(formatToml(parse(document, { integersAsBigInt: true })), formatted);
  assert.equal(formatToml(parse(formatted, { integersAsBigInt: true })), formatted);
});

test('floats that are no numbers; nothing at all', () => {
  assert.equal(
    formatToml(parse('a = nan\nb = inf\nc = -inf\nd = 1.25e-12')),
    'a = nan\nb = inf\nc = -inf\nd = 0.00000000000125\n',
  );
  assert.equal(formatToml({}), '');
});
