import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstance, parseInstance } from '../../../../src/builder/store/instance-document.ts';
import { instanceOf } from '../../../../src/builder/store/instances.ts';

const same: Readonly<Record<string, string>> = {
  'nothing set':
    '{"Name":"a","Driver":"remote","Nodes":[{"Name":"a0","Endpoint":"tcp://h:1","Platforms":null,"DriverOpts":null,"Flags":null,"Files":null}],"Dynamic":false}',
  'all set':
    '{"Name":"A","Driver":"docker-container","Nodes":[{"Name":"a0","Endpoint":"default","Platforms":[{"architecture":"arm","os":"linux","os.version":"1","os.features":["x"],"variant":"v7"}],"DriverOpts":{"a":"\\u003c\\u0026\\u003e","b":""},"Flags":["--debug"],"Files":{"buildkitd.toml":"eA==","certs/a":""}}],"Dynamic":true}',
  'empty lists':
    '{"Name":"a","Driver":"","Nodes":[{"Name":"","Endpoint":"","Platforms":[],"DriverOpts":{},"Flags":[],"Files":{}}],"Dynamic":false}',
  'what is not known':
    '{"Name":"a","Driver":"x","Nodes":[{"Name":"a0","Endpoint":"e","Platforms":null,"DriverOpts":null,"Flags":null,"Files":null,"Weight":{"a":[1,null]}}],"Dynamic":false,"Labels":{"x":"y"},"Version":3}',
};

for (const [name, text] of Object.entries(same)) {
  test(`${name} is written as it was read`, () => assert.equal(formatInstance(parseInstance(text, '/x')), text));
}

test('options are sorted, and names are read in any case of letters, as Go does both', () => {
  const text = '{"name":"a","DRIVER":"remote","nodes":[{"name":"a0","endpoint":"e","driverOpts":{"b":"1","a":"2"}}]}';
  assert.equal(
    formatInstance(parseInstance(text, '/x')),
    '{"Name":"a","Driver":"remote","Nodes":[{"Name":"a0","Endpoint":"e","Platforms":null,"DriverOpts":{"a":"2","b":"1"},"Flags":null,"Files":null}],"Dynamic":false}',
  );
});

test('files are base64', () => {
  const document = parseInstance('{"Nodes":[{"Files":{"x":"aGk="}}]}', '/x');
  assert.deepEqual(instanceOf(document).nodes[0]?.files, { x: Buffer.from('hi') });
});

test('what is no builder is told with its path', () => {
  for (const text of ['', '{', '[]', 'null', '"x"']) {
    assert.throws(() => parseInstance(text, '/x/y'), {
      code: 'INVALID_ARGUMENT',
      message: /^\/x\/y is not valid JSON: /,
    });
  }
  assert.deepEqual(parseInstance('{"Name":1,"Nodes":{},"Dynamic":"yes"}', '/x'), {
    name: '',
    driver: '',
    nodes: [],
    dynamic: false,
    more: {},
  });
});
