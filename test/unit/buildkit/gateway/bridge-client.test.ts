import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bridge, createBridge } from '../../../../src/buildkit/gateway/index.ts';
import { encodeStatus, type Method, RpcError, type RpcClient } from '../../../../src/buildkit/rpc/index.ts';
import { google, moby, pb, toLong } from '../../../../src/proto/index.ts';

const { frontend } = moby.buildkit.v1;
const { signal } = new AbortController();

interface Sent {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** A bridge whose daemon answers every call with `answer`. */
function bridgeTo(answer: Uint8Array = new Uint8Array()): { bridge: Bridge; sent: Sent[] } {
  const sent: Sent[] = [];
  const rpc: Pick<RpcClient, 'unary'> = {
    unary: async <Req, Res>(method: Method<Req, Res>, request: Req, options: { metadata?: Sent['metadata'] }) => {
      sent.push({ path: method.path, bytes: method.encode(request), metadata: options.metadata });
      return method.decode(answer);
    },
  };
  return { bridge: createBridge(rpc as RpcClient, { ref: 'build1' }), sent };
}

test('every call names its build', async () => {
  const { bridge, sent } = bridgeTo(
    frontend.PongResponse.encode({ FrontendAPICaps: [{ ID: 'a', Enabled: true }] }).finish(),
  );
  const pong = await bridge.ping({ signal });
  assert.deepEqual(
    pong.frontendCaps.map(({ id, enabled }) => [id, enabled]),
    [['a', true]],
  );
  assert.deepEqual(sent[0]?.metadata, { 'buildkit-controlapi-buildid': 'build1' });
  assert.equal(sent[0]?.path, '/moby.buildkit.v1.frontend.LLBBridge/Ping');
});

test('solve asks for results with refs, and carries definitions unchanged', async () => {
  const definition = pb.Definition.encode({ def: [Buffer.from('x')] }).finish();
  const { bridge, sent } = bridgeTo(
    frontend.SolveResponse.encode({
      result: { ref: { id: 'r1', def: { def: [Buffer.from('y')] } }, metadata: { k: Buffer.from('v') } },
    }).finish(),
  );
  const result = await bridge.solve(
    { definition, frontendInputs: new Map([['in', definition]]), evaluate: true },
    { signal },
  );
  assert.equal(result.ref?.id, 'r1');
  assert.equal(Buffer.from(result.metadata.get('k') ?? []).toString(), 'v');
  const request = frontend.SolveRequest.decode(sent[0]?.bytes ?? new Uint8Array());
  assert.ok(request.allowResultReturn && request.allowResultArrayRef && request.Evaluate);
  assert.deepEqual(Buffer.from(pb.Definition.encode(request.Definition ?? {}).finish()), Buffer.from(definition));
  assert.deepEqual(Object.keys(request.FrontendInputs), ['in']);
});

test('an empty result has no ref; results of platforms have a map', async () => {
  const empty = await bridgeTo(frontend.SolveResponse.encode({ result: { ref: {} } }).finish()).bridge.solve(
    {},
    { signal },
  );
  assert.equal(empty.ref, undefined);
  const answer = frontend.SolveResponse.encode({
    result: { refs: { refs: { 'linux/amd64': { id: 'a' }, 'linux/arm64': {} } } },
  }).finish();
  const several = await bridgeTo(answer).bridge.solve({}, { signal });
  assert.deepEqual(
    [...(several.refs ?? [])].map(([id, ref]) => [id, ref?.id]),
    [
      ['linux/amd64', 'a'],
      ['linux/arm64', undefined],
    ],
  );
});

test('return sends refs, metadata and attestations', async () => {
  const { bridge, sent } = bridgeTo();
  await bridge.return(
    {
      refs: new Map([
        ['linux/amd64', { id: 'a' }],
        ['linux/arm64', undefined],
      ]),
      metadata: new Map([['containerimage.config/linux/amd64', Buffer.from('{}')]]),
      attestations: new Map([
        [
          'linux/amd64',
          [
            {
              kind: 'bundle',
              metadata: new Map(),
              ref: { id: 's' },
              path: '/p',
              predicateType: 't',
              subjects: [{ kind: 'raw', digests: ['d'], name: 'n' }],
            },
          ],
        ],
      ]),
    },
    { signal },
  );
  const { result } = frontend.ReturnRequest.decode(sent[0]?.bytes ?? new Uint8Array());
  assert.equal(result?.refs?.refs?.['linux/amd64']?.id, 'a');
  assert.equal(result?.refs?.refs?.['linux/arm64']?.id ?? '', '');
  assert.equal(Buffer.from(result?.metadata?.['containerimage.config/linux/amd64'] ?? []).toString(), '{}');
  const attestation = result?.attestations?.['linux/amd64']?.attestation?.[0];
  assert.deepEqual([attestation?.kind, attestation?.ref?.id, attestation?.inTotoSubjects?.[0]?.kind], [1, 's', 1]);
});

test('an error of the daemon is passed on with all it had; an error of our own has its sources', async () => {
  const { bridge, sent } = bridgeTo();
  const statusBytes = google.rpc.Status.encode({
    code: 2,
    message: 'm',
    details: [{ type_url: 'x/unknown', value: Buffer.from([1]) }],
  }).finish();
  await bridge.returnError(new RpcError('RPC_FAILED', 'm', { status: 2, statusBytes }), { signal });
  const passed = frontend.ReturnRequest.decode(sent[0]?.bytes ?? new Uint8Array()).error;
  assert.deepEqual(Buffer.from(google.rpc.Status.encode(passed ?? {}).finish()), Buffer.from(statusBytes));

  const info = { filename: 'Dockerfile', data: Buffer.from('FROM'), language: 'Dockerfile' };
  const ranges = [{ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }];
  await bridge.returnError({ status: 2, message: 'own', sources: [{ info, ranges }] }, { signal });
  const own = frontend.ReturnRequest.decode(sent[1]?.bytes ?? new Uint8Array()).error;
  const expected = encodeStatus(2, 'own', [{ ...info, ranges }]);
  assert.deepEqual(Buffer.from(google.rpc.Status.encode(own ?? {}).finish()), Buffer.from(expected));
});

test('files are read by ranges, and stats keep 64 bits', async () => {
  const { bridge, sent } = bridgeTo(
    frontend.ReadDirResponse.encode({
      entries: [{ path: 'f', mode: 0x80000000, size: toLong(2n ** 40n), modTime: toLong(2n ** 60n + 1n) }],
    }).finish(),
  );
  const [stat] = await bridge.readDir({ ref: 'r', path: '/' }, { signal });
  assert.deepEqual([stat?.mode, stat?.size, stat?.modTime], [0x80000000, 2n ** 40n, 2n ** 60n + 1n]);
  await bridge.readFile({ ref: 'r', path: '/f', range: { offset: 2 ** 40, length: 1 } }, { signal });
  const request = frontend.ReadFileRequest.decode(sent[1]?.bytes ?? new Uint8Array());
  assert.equal(String(request.Range?.Offset), String(2 ** 40));
});

test('source metadata keeps the replaced source, digest, config and times', async () => {
  const { bridge, sent } = bridgeTo(
    frontend.ResolveSourceMetaResponse.encode({
      Source: { identifier: 'docker-image://b', attrs: { a: 'b' } },
      Image: { Digest: 'sha256:d', Config: Buffer.from('{}') },
    }).finish(),
  );
  const meta = await bridge.resolveSourceMeta(
    {
      source: { identifier: 'docker-image://a', attrs: {} },
      logName: 'l',
      resolveMode: 'local',
      platform: { os: 'linux', architecture: 'arm64' },
    },
    { signal },
  );
  assert.deepEqual(meta.source, { identifier: 'docker-image://b', attrs: { a: 'b' } });
  assert.equal(meta.image?.digest, 'sha256:d');
  const request = frontend.ResolveSourceMetaRequest.decode(sent[0]?.bytes ?? new Uint8Array());
  assert.equal(request.ResolveMode, 'local');
  assert.equal(request.Platform?.Architecture, 'arm64');
});
