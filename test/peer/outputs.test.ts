// Every kind of output: the same command with both programs gives the same files, digests, answers and exit codes.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { createContext, lastLine } from '../support/cli.ts';
import { type Peers, type Side, startPeers } from '../support/peers.ts';
import { registryUser, startRegistry, type TestRegistry } from '../support/registry.ts';
import { tarEntries } from '../support/tar-entries.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;
let registry: TestRegistry;
let configDir: string;
let env: Readonly<Record<string, string>>;

before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
  registry = await startRegistry({ kind: 'basic' });
  configDir = await mkdtemp(join(tmpdir(), 'tsbx-outputs-'));
  await writeFile(join(configDir, 'config.json'), registry.config);
  env = { DOCKER_CONFIG: configDir };
  for (const [name, ...options] of [['far'], ['loading', '--driver-opt', 'default-load=true']]) {
    const words = ['create', '--name', String(name), '--driver', 'remote', ...options, buildkitd.unix];
    const created = await peers.run('theirs', words, { env });
    assert.equal(created.code, 0, created.stderr);
  }
});
after(async () => {
  await registry[Symbol.asyncDispose]();
  await buildkitd[Symbol.asyncDispose]();
  await rm(configDir, { recursive: true, force: true });
  await peers[Symbol.asyncDispose]();
});

const image = 'FROM scratch\nCOPY file /\nLABEL a=b\nCMD ["/file"]\n';
const two = '--platform linux/amd64,linux/arm64';

interface OutputCase {
  readonly name: string;
  /** Words between spaces. $OUT is a directory of the program's own, $REPO a repository of its own. */
  readonly args: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words of the message when both refuse. */
  readonly fails?: RegExp;
  /** The peer is older than 0.36: it names an image in the engine by its config. */
  readonly inEngine?: true;
}

const cases: readonly OutputCase[] = [
  { name: 'a directory in the working directory', args: '-o ./dir' },
  { name: 'a directory, by platform', args: `-o $OUT/dir ${two}` },
  { name: 'a directory, not split', args: '-o type=local,dest=$OUT/dir,platform-split=false' },
  { name: 'a tar file, by platform', args: `-o type=tar,dest=$OUT/x.tar ${two}` },
  { name: 'fields in quotes and names in any case', args: '-o "Type=tar","DEST=$OUT/a,b.tar"' },
  { name: 'tar on standard output', args: '-o -' },
  { name: 'an OCI archive', args: '-o type=oci,dest=$OUT/x.tar -t app:1 -t r.io/app --iidfile $OUT/id' },
  { name: 'an OCI archive of two platforms', args: `-o type=oci,dest=$OUT/x.tar ${two}` },
  { name: 'an OCI layout', args: '-o type=oci,tar=false,dest=$OUT/layout -t app:1 -t r.io/app' },
  { name: 'an OCI layout without a name', args: `-o type=oci,tar=false,dest=$OUT/layout ${two}` },
  { name: 'zstd', args: '-o type=oci,dest=$OUT/x.tar,compression=zstd,compression-level=2,force-compression=true' },
  { name: 'estargz', args: '-o type=oci,dest=$OUT/x.tar,compression=estargz,oci-mediatypes=true' },
  { name: 'docker media types', args: '-o type=oci,dest=$OUT/x.tar,oci-mediatypes=false' },
  { name: 'a docker archive', args: '-o type=docker,dest=$OUT/x.tar -t app:1 -q' },
  { name: 'a docker archive of two platforms', args: `-o type=docker,dest=$OUT/x ${two}`, fails: /manifest lists/ },
  { name: 'several outputs', args: '-o $OUT/dir -o type=tar,dest=$OUT/x.tar -o type=oci,dest=$OUT/y.tar' },
  { name: 'several outputs, one unknown', args: '-o $OUT/dir -o type=foo', fails: /"foo" could not be found/ },
  { name: 'nothing', args: '-o type=cacheonly' },
  { name: 'no default load', args: '-t $REPO --iidfile $OUT/id', env: { BUILDX_NO_DEFAULT_LOAD: 'true' } },
  { name: 'an image without a name', args: '--load --iidfile $OUT/id', inEngine: true },
  { name: 'an annotation without an output', args: '-t $REPO --annotation a=1', inEngine: true },
  { name: 'an annotation of an image', args: '-o type=image -t $REPO --annotation a=1', inEngine: true },
  {
    name: 'an unknown annotation',
    args: '--annotation foo:a=1',
    fails: /parse annotations: unknown annotation type "foo"/,
  },
  {
    name: 'annotations by platform',
    args: `-o type=oci,dest=$OUT/x.tar --annotation index,manifest-descriptor:b=2 --annotation manifest[linux/arm64]:c=3 ${two}`,
  },
  { name: 'a push under two names', args: '--push -t $REPO -t $REPO:two -q', inEngine: true },
  {
    name: 'a push and a load of an image output',
    args: '--builder far --push --load -o type=image,unpack=true -t $REPO',
  },
  { name: 'a push by attribute', args: '-o type=registry,name=$REPO', inEngine: true },
  { name: 'a push without a name', args: '--push', fails: /tag is needed when pushing to registry/ },
  { name: 'a push by digest', args: '-o type=registry,push-by-digest=true,name=$REPO', fails: /push-by-digest/ },
  {
    name: 'a push by digest from a BuildKit',
    args: '--builder far -o type=image,push=true,push-by-digest=true,name-canonical=true,name=$REPO',
  },
  { name: 'a push of two platforms from a BuildKit', args: `--builder far --push -t $REPO ${two}` },
  { name: 'a load from a BuildKit', args: '--builder far --load -t $REPO -q --iidfile $OUT/id' },
  { name: 'a load of two platforms beside a directory', args: `--builder far --load -o $OUT/dir -t $REPO ${two}` },
  { name: 'the default load of a builder', args: '--builder loading -t $REPO' },
  { name: 'a BuildKit without output', args: '--builder far -t $REPO' },
  { name: 'an id of files', args: '-o $OUT --iidfile $OUT/id', fails: /incompatible with image ID file/ },
  {
    name: 'times of the source',
    args: '-o type=oci,dest=$OUT/x.tar,rewrite-timestamp=true --no-cache',
    env: { SOURCE_DATE_EPOCH: '1700000000' },
  },
];

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly error: string;
  readonly files: Readonly<Record<string, unknown>>;
  readonly metadata: unknown;
  readonly pushed: readonly string[];
}

describe('outputs', { concurrency: false }, () => {
  for (const outputCase of cases) {
    it(outputCase.name, async () => {
      await using context = await createContext({ Dockerfile: image, file: 'content' });
      const theirs = await outcome('theirs', outputCase, context.dir);
      const ours = await outcome('ours', outputCase, context.dir);
      if (outputCase.fails === undefined) {
        assert.equal(ours.code, 0, ours.error);
        assert.deepEqual(ours, outputCase.inEngine === true ? namedByManifest(theirs) : theirs);
      } else {
        assert.match(ours.error, outputCase.fails);
        assert.deepEqual(ours, { ...theirs, files: { out: ['directory'] } });
      }
    });
  }
});

function namedByManifest({ stdout, files, metadata, ...same }: Outcome): Outcome {
  const text = String(metadata);
  const [, config = 'none'] = /"containerimage\.config\.digest": "([^"]+)",\n/.exec(text) ?? [];
  const [, manifest = ''] = /"containerimage\.digest": "([^"]+)"/.exec(text) ?? [];
  const { 'out/id': id, ...others } = files;
  return {
    ...same,
    stdout: stdout.replace(config, manifest),
    files: id === undefined ? files : { ...others, 'out/id': [manifest] },
    metadata: text.replace(`  "containerimage.config.digest": "${config}",\n`, ''),
  };
}

let count = 0;

async function outcome(side: Side, { args, env: more }: OutputCase, dir: string): Promise<Outcome> {
  const work = await mkdtemp(join(tmpdir(), 'tsbx-out-'));
  try {
    const out = join(work, 'out');
    await mkdir(out);
    const repository = `${registry.host}/${side}-${++count}`;
    const given = args.split(' ').map((arg) => arg.replaceAll('$OUT', out).replaceAll('$REPO', repository));
    const quiet = given.includes('-q') ? [] : ['--progress', 'plain'];
    const words = ['build', '--provenance=false', '--metadata-file', join(out, 'meta.json'), ...quiet, ...given, dir];
    const ran = await peers.run(side, words, { cwd: work, env: { ...env, ...more } });
    const settle = (text: string): string => settled(text.replaceAll(repository, 'REPO').replaceAll(work, 'WORK'));
    const files = await filesOf(work);
    const { 'out/meta.json': metadata, ...others } = files;
    return {
      code: ran.code,
      stdout: settle(ran.stdout),
      error: ran.code === 0 ? '' : settle(lastLine(ran.stderr)),
      files: Object.fromEntries(Object.entries(others).map(([name, lines]) => [name, lines.map(settle)])),
      metadata: metadata === undefined ? undefined : settle(metadata.join('\n')),
      pushed: ran.code === 0 ? (await manifestsOf(repository)).map(settle) : [],
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Without what each run has of its own: the name of the build, when an archive was made. */
function settled(text: string): string {
  return text
    .replace(/"buildx\.build\.ref": "[^"]*"/, '"buildx.build.ref": "REF"')
    .replace(/"org\.opencontainers\.image\.created": ?"[^"]*"/g, '"org.opencontainers.image.created": "TIME"');
}

async function filesOf(dir: string): Promise<Record<string, readonly string[]>> {
  const files: Record<string, readonly string[]> = {};
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length + 1);
    if (entry.isDirectory()) files[name] = ['directory'];
    else files[name] = name.endsWith('.tar') ? tarEntries(await readFile(path)) : [await readFile(path, 'utf8')];
  }
  return files;
}

/** Digests of what a repository of the registry holds, by tag. */
async function manifestsOf(repository: string): Promise<string[]> {
  const [host = '', name = ''] = repository.split('/');
  const authorization = `Basic ${Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64')}`;
  const kinds = ['oci.image.manifest.v1', 'oci.image.index.v1'];
  kinds.push('docker.distribution.manifest.v2', 'docker.distribution.manifest.list.v2');
  const accept = kinds.map((kind) => `application/vnd.${kind}+json`).join(', ');
  const read = async (path: string): Promise<Response> =>
    await fetch(`http://${host}/v2/${name}/${path}`, { headers: { authorization, accept } });
  const listed = await read('tags/list');
  if (!listed.ok) return [];
  const { tags }: { tags?: readonly string[] | null } = JSON.parse(await listed.text());
  return await Promise.all(
    [...(tags ?? [])].sort().map(async (tag) => {
      const manifest = await read(`manifests/${tag}`);
      return `${tag} ${manifest.headers.get('docker-content-digest')}`;
    }),
  );
}
