// Against a double of an API server, over real HTTP and TLS: test/support/kubernetes.ts.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { connect, createServer as createProxy } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { KubeError, type KubeClient, openKube } from '../../../src/kube/index.ts';
import { serverCert, serverKey } from '../../support/certificates.ts';
import { exitStatus, type RunningCommand } from '../../support/kubernetes-exec.ts';
import {
  certificateUser,
  type KubernetesOptions,
  kubeconfigText,
  startKubernetes,
  token,
  type TestKubernetes,
} from '../../support/kubernetes.ts';

const signal = new AbortController().signal;

const echo = (): RunningCommand => ({ streams: new PassThrough() });

const deployment = (name: string, replicas = 1): Record<string, unknown> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'buildkitd' }] } },
  },
});

async function cluster(options: Partial<KubernetesOptions> = {}): Promise<TestKubernetes> {
  return await startKubernetes({ run: echo, ...options });
}

async function open(kubernetes: TestKubernetes): Promise<KubeClient> {
  return await openKube({ kubeconfig: kubernetes.kubeconfig, env: {}, userAgent: 'test' });
}

let dir = '';
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbuildx-kube-'));
});
after(async () => await rm(dir, { recursive: true, force: true }));

describe('objects', () => {
  test('are made, changed, asked for and removed', async () => {
    await using kubernetes = await cluster();
    using kube = await open(kubernetes);
    const map = (a: string): Record<string, unknown> => ({ metadata: { name: 'm' }, data: { a } });
    await kube.create('configmaps', map('1'), { signal });
    await assert.rejects(kube.create('configmaps', map('2'), { signal }), {
      name: 'KubeError',
      code: 'KUBE_FAILED',
      reason: 'AlreadyExists',
      message: 'configmaps "m" already exists',
    });
    await kube.update('configmaps', 'm', map('2'), { signal });
    assert.deepEqual(kubernetes.objects.get('configmaps/m'), map('2'));
    await kube.remove('configmaps', 'm', { signal });
    await assert.rejects(kube.remove('configmaps', 'm', { signal }), { code: 'NOT_FOUND', reason: 'NotFound' });
    await assert.rejects(kube.get('deployments', 'nope', { signal }), {
      code: 'NOT_FOUND',
      message: 'deployments.apps "nope" not found',
    });
    await kube.create('deployments', deployment('d', 2), { signal });
    assert.deepEqual(Reflect.get(Object(await kube.get('deployments', 'd', { signal })), 'status'), {
      replicas: 2,
      readyReplicas: 2,
    });
    const pods = await kube.listPods({ app: 'd' }, { signal });
    assert.deepEqual(
      pods.map(({ isRunning, containers }) => [isRunning, containers]),
      [
        [true, ['buildkitd']],
        [true, ['buildkitd']],
      ],
    );
    assert.deepEqual(await kube.listPods({ app: 'other' }, { signal }), []);
  });

  test('a call that is canceled ends at once', async () => {
    await using kubernetes = await cluster();
    using kube = await open(kubernetes);
    const canceled = kube.get('deployments', 'd', { signal: AbortSignal.abort() });
    await assert.rejects(canceled, { code: 'CANCELED' });
  });

  test('an answer that is not JSON is a fault of the server', async () => {
    const server = createServer({ cert: serverCert, key: serverKey }, (_, answer) => void answer.end('<html>log in'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const file = join(dir, 'portal');
    await writeFile(
      file,
      `current-context: c
clusters: [{ name: c, cluster: { server: "https://127.0.0.1:${port}", insecure-skip-tls-verify: true } }]
contexts: [{ name: c, context: { cluster: c } }]
`,
    );
    using kube = await openKube({ kubeconfig: file, env: {}, userAgent: 'test' });
    try {
      await assert.rejects(kube.get('deployments', 'd', { signal }), { code: 'PROTOCOL', message: /not JSON/ });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('a server that is not there is named', async () => {
    const kubernetes = await cluster();
    await kubernetes[Symbol.asyncDispose]();
    await writeFile(join(dir, 'gone'), kubeconfigText(kubernetes.url));
    using again = await openKube({ kubeconfig: join(dir, 'gone'), env: {}, userAgent: 'test' });
    await assert.rejects(again.get('deployments', 'd', { signal }), {
      code: 'TRANSPORT',
      message: `Get "${kubernetes.url}/apis/apps/v1/namespaces/builders/deployments/d": cannot connect to tcp://127.0.0.1:${kubernetes.port}: connection refused`,
    });
  });
});

describe('callers', () => {
  const openAs = async (kubernetes: TestKubernetes, user: string): Promise<KubeClient> => {
    const kubeconfig = join(dir, 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigText(kubernetes.url, user));
    return await openKube({ kubeconfig, env: process.env, userAgent: 'test' });
  };
  const canList = async (kube: KubeClient): Promise<boolean> =>
    await kube.listPods({ app: 'd' }, { signal }).then(
      () => true,
      (error: unknown) => {
        assert(error instanceof KubeError, String(error));
        assert.equal(error.status, 401);
        assert.equal(error.code, 'AUTH');
        return false;
      },
    );

  test('have a token, a file with one, or a certificate', async () => {
    await using kubernetes = await cluster();
    await writeFile(join(dir, 'token'), `${token}\n`);
    const users = [`{ token: ${token} }`, '{ tokenFile: token }', certificateUser()];
    for (const user of users) {
      using kube = await openAs(kubernetes, user);
      assert.equal(await canList(kube), true, user);
    }
    for (const user of ['{}', '{ token: wrong }', '{ username: a, password: b }']) {
      using kube = await openAs(kubernetes, user);
      assert.equal(await canList(kube), false, user);
    }
  });

  test('a file with a token is read for each call', async () => {
    await using kubernetes = await cluster();
    await writeFile(join(dir, 'token'), 'old');
    using kube = await openAs(kubernetes, '{ tokenFile: token }');
    assert.equal(await canList(kube), false);
    await writeFile(join(dir, 'token'), token);
    assert.equal(await canList(kube), true);
  });

  test('a program that gives tokens is asked again when one is not accepted', async () => {
    await using kubernetes = await cluster();
    const program = join(dir, 'give-token');
    const credential =
      '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}';
    await writeFile(program, `#!/bin/sh\necho run >> ${dir}/runs\nprintf '${credential}' "$(cat ${dir}/token)"\n`);
    await chmod(program, 0o755);
    await writeFile(join(dir, 'token'), token);
    const user =
      '{ exec: { command: ./give-token, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never } }';
    using kube = await openAs(kubernetes, user);
    assert.equal(await canList(kube), true);
    assert.equal(await canList(kube), true);
    const { readFile } = await import('node:fs/promises');
    assert.equal(await readFile(join(dir, 'runs'), 'utf8'), 'run\n');
    kubernetes.setToken('another');
    await writeFile(join(dir, 'token'), 'another');
    assert.equal(await canList(kube), true);
    assert.equal(await readFile(join(dir, 'runs'), 'utf8'), 'run\nrun\n');
  });

  test('a server that nobody vouches for is not told anything', async () => {
    await using kubernetes = await cluster();
    const text = kubeconfigText(kubernetes.url).replace(/, certificate-authority-data: [^ }]+/, '');
    await writeFile(join(dir, 'no-ca'), text);
    using kube = await openKube({ kubeconfig: join(dir, 'no-ca'), env: {}, userAgent: 'test' });
    await assert.rejects(kube.listPods({}, { signal }), { code: 'TRANSPORT', message: /TLS handshake/ });
    await writeFile(join(dir, 'no-ca'), text.replace('cluster: {', 'cluster: { insecure-skip-tls-verify: true,'));
    using trusting = await openKube({ kubeconfig: join(dir, 'no-ca'), env: {}, userAgent: 'test' });
    assert.deepEqual(await trusting.listPods({ app: 'd' }, { signal }), []);
    assert.deepEqual(kubernetes.requests, ['GET /api/v1/namespaces/builders/pods?labelSelector=app%3Dd']);
  });
});

describe('ways to a cluster', () => {
  test('a proxy carries calls and commands, and sees neither', async () => {
    await using kubernetes = await cluster();
    const heads: string[] = [];
    const seen: Buffer[] = [];
    const proxy = createProxy((client) => {
      client.once('data', (head: Buffer) => {
        heads.push(head.toString().split('\r\n')[0] ?? '');
        const through = connect(kubernetes.port, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          client.on('data', (bytes: Buffer) => void seen.push(bytes));
          client.pipe(through).pipe(client);
        });
        client.on('error', () => through.destroy());
        through.on('error', () => client.destroy());
      });
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    try {
      const address = proxy.address();
      assert(typeof address === 'object' && address !== null);
      const text = kubeconfigText('https://buildkit.test:6443').replace(
        'cluster: {',
        `cluster: { proxy-url: "http://127.0.0.1:${address.port}",`,
      );
      await writeFile(join(dir, 'proxied'), text);
      using kube = await openKube({ kubeconfig: join(dir, 'proxied'), env: {}, userAgent: 'test' });
      await kube.create('deployments', deployment('d'), { signal });
      const stream = await kube.commandDialer('d-5644d7658-b0rbs', 'buildkitd', ['x'])({ signal });
      stream.end('hello');
      assert.equal(Buffer.concat(await stream.toArray()).toString(), 'hello');
      assert.deepEqual([...new Set(heads)], ['CONNECT buildkit.test:6443 HTTP/1.1']);
      assert(!Buffer.concat(seen).includes(token));
    } finally {
      proxy.close();
    }
  });

  test('a prefix of paths, impersonation, and a server that asks for patience', async () => {
    const asked: [url: string | undefined, headers: unknown][] = [];
    const server = createServer({ key: serverKey, cert: serverCert }, (request, response) => {
      const { 'impersonate-user': as, 'impersonate-group': groups, 'impersonate-extra-a%2fb': extra } = request.headers;
      asked.push([request.url, { as, groups, extra }]);
      if (asked.length === 1) response.writeHead(429, { 'retry-after': '0' }).end('busy');
      else response.end('{"items":[]}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const address = server.address();
      assert(typeof address === 'object' && address !== null);
      const user = '{ token: t, as: them, as-groups: [g1, g2], as-user-extra: { a/b: [c] } }';
      await writeFile(join(dir, 'prefix'), kubeconfigText(`https://127.0.0.1:${address.port}/k8s/clusters/c-1/`, user));
      using kube = await openKube({ kubeconfig: join(dir, 'prefix'), namespace: 'ns', env: {}, userAgent: 'test' });
      await kube.listPods({ b: '2', a: '1' }, { signal });
    } finally {
      server.closeAllConnections();
      server.close();
    }
    const call = [
      '/k8s/clusters/c-1/api/v1/namespaces/ns/pods?labelSelector=a%3D1%2Cb%3D2',
      { as: 'them', groups: 'g1, g2', extra: 'c' },
    ];
    assert.deepEqual(asked, [call, call]);
  });
});

describe('commands', () => {
  const carriers = [
    { protocols: ['v5'], asked: ['GET'], endsStdin: true },
    { protocols: ['spdy'], asked: ['GET', 'POST'], endsStdin: true },
    { protocols: ['v4'], asked: ['GET', 'POST', 'GET'], endsStdin: false },
  ] as const;
  const started = async (
    options: Partial<KubernetesOptions>,
    use: (dial: ReturnType<KubeClient['commandDialer']>, kubernetes: TestKubernetes) => Promise<void>,
  ): Promise<void> => {
    await using kubernetes = await cluster(options);
    using kube = await open(kubernetes);
    await kube.create('deployments', deployment('d'), { signal });
    const [pod] = await kube.listPods({ app: 'd' }, { signal });
    await use(kube.commandDialer(pod?.name ?? '', 'buildkitd', ['buildctl', 'dial-stdio']), kubernetes);
  };

  for (const { protocols, asked, endsStdin } of carriers) {
    test(`over ${protocols[0]}: bytes go both ways, the way that works is remembered`, async () => {
      const calls: unknown[] = [];
      const run = (call: unknown): RunningCommand => {
        calls.push(call);
        return echo();
      };
      await started({ protocols, run }, async (dial, kubernetes) => {
        const sent = Buffer.alloc(3_000_000, 'a line of text, ');
        for (const again of [false, true]) {
          const before = kubernetes.requests.length;
          const stream = await dial({ signal });
          const methods = kubernetes.requests.slice(before).map((request) => request.split(' ')[0]);
          assert.deepEqual(methods, again ? asked.slice(-1) : asked);
          const received = new Promise<Buffer>((resolve, reject) => {
            const chunks: Buffer[] = [];
            let size = 0;
            stream.on('error', reject).on('data', (chunk: Buffer) => {
              chunks.push(chunk);
              size += chunk.length;
              if (size === sent.length) resolve(Buffer.concat(chunks));
            });
          });
          stream.write(sent.subarray(0, 1));
          stream.write(sent.subarray(1));
          assert(sent.equals(await received));
          if (endsStdin) {
            const ended = new Promise((resolve) => {
              stream.once('end', resolve);
            });
            stream.end();
            await ended;
          } else stream.destroy();
        }
        assert.deepEqual(calls[0], {
          pod: 'd-5644d7658-b0rbs',
          container: 'buildkitd',
          command: ['buildctl', 'dial-stdio'],
        });
      });
    });

    test(`over ${protocols[0]}: what it says on stderr is in the error`, async () => {
      const run = (): RunningCommand => ({
        streams: new PassThrough().end(),
        stderr: 'no such socket\n',
        status: exitStatus(3),
      });
      await started({ protocols, run }, async (dial) => {
        const stream = await dial({ signal });
        await assert.rejects(Readable.from(stream).toArray(), {
          code: 'TRANSPORT',
          message:
            'connection to pod d-5644d7658-b0rbs (container buildkitd) lost: command terminated with exit code 3: no such socket',
        });
      });
    });

    test(`over ${protocols[0]}: who does not read is not flooded`, async () => {
      let produced = 0;
      const run = (): RunningCommand => {
        const source = new PassThrough();
        const flood = Readable.from(
          (function* () {
            for (let i = 0; i < 2000; i += 1) {
              produced += 1;
              yield Buffer.alloc(64 * 1024);
            }
          })(),
        );
        flood.pipe(source);
        return { streams: source };
      };
      await started({ protocols, run }, async (dial) => {
        const stream = await dial({ signal });
        await new Promise((resolve) => {
          stream.once('readable', resolve);
        });
        let last = -1;
        while (last !== produced) {
          last = produced;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert(produced < 1000, `${produced} pieces were sent`);
        assert(stream.readableLength < 4 << 20, `${stream.readableLength} bytes are held`);
        stream.destroy();
      });
    });

    test(`over ${protocols[0]}: a connection that breaks is an error, destroying it ends the command`, async () => {
      let command: PassThrough | undefined;
      const run = (): RunningCommand => {
        command = new PassThrough();
        return { streams: command };
      };
      await started({ protocols, run }, async (dial, kubernetes) => {
        const stream = await dial({ signal });
        const closed = new Promise((resolve) => {
          command?.once('close', resolve);
        });
        stream.destroy();
        await closed;
        const other = await dial({ signal });
        const failed = new Promise<Error>((resolve) => {
          other.once('error', resolve);
        });
        await kubernetes[Symbol.asyncDispose]();
        assert.match((await failed).message, /^connection to pod .* lost: /);
      });
    });
  }

  test('a role that has only `create` is enough, as for buildx', async () => {
    await started({ execVerbs: ['create'] }, async (dial, kubernetes) => {
      const stream = await dial({ signal });
      stream.destroy();
      assert.equal(kubernetes.requests.at(-1)?.startsWith('POST '), true);
    });
  });

  test('what the server says is the error: no right, no such pod', async () => {
    await started({ execVerbs: [] }, async (dial) => {
      await assert.rejects(dial({ signal }), { code: 'AUTH', message: /cannot create resource "pods\/exec"/ });
    });
    await using kubernetes = await cluster();
    using kube = await open(kubernetes);
    const dial = kube.commandDialer('nope', 'buildkitd', ['x']);
    await assert.rejects(dial({ signal }), { code: 'NOT_FOUND', message: 'pods "nope" not found' });
  });

  test('a server that speaks nothing we know is refused', async () => {
    await started({ protocols: [] }, async (dial) => {
      await assert.rejects(dial({ signal }), { code: 'AUTH', message: 'the API server answered with status 403' });
    });
  });
});
