// The mocked world of the recordings: registries, contexts and a daemon, without any of them.
import { hash } from 'node:crypto';
import { TsbuildxError } from '../../src/base/errors.ts';
import type { Gateway, LocalFiles, SourceMeta, SourceMetaRequest } from '../../src/dockerfile/frontend/index.ts';
import { CapSet, conversionCaps } from '../../src/llb/index.ts';
import {
  formatPlatformFully,
  formatReference,
  parseNormalizedReference,
  parsePlatform,
  type Platform,
  withDefaultTag,
} from '../../src/oci/index.ts';
import { isRecord } from './compare.ts';
import { dockerfileBytes, type GoldenRequest } from './mode.ts';

/** A look-up of an image, as it is recorded. */
export interface Resolved {
  readonly ref: string;
  readonly platform?: string;
  readonly resolveMode: string;
  readonly logName: string;
  readonly digest?: string;
  readonly config?: unknown;
  readonly error?: string;
}

export interface World {
  readonly gateway: Gateway;
  readonly locals: LocalFiles;
  readonly resolved: Resolved[];
  readonly newId: () => string;
  readonly hostPlatform: Platform;
}

const commitTime = 1_700_000_000;
const sessionId = 'golden-session';

/** The world that a request describes. */
export function createWorld(request: GoldenRequest): World {
  const opts = isRecord(request['opts']) ? request['opts'] : {};
  const resolved: Resolved[] = [];
  const buildPlatform = parsePlatform(text(opts['buildPlatform']) || 'linux/amd64');
  const attributes = attributesOf(opts);
  const remoteFile = dockerfileBytes(request);
  let groups = 0;
  const gateway: Gateway = {
    buildOpts: {
      opts: attributes,
      sessionId: text(opts['sessionID']) || sessionId,
      workers: [{ platforms: [buildPlatform] }],
      llbCaps: llbCaps(opts['llbCaps']),
      caps: new CapSet([]),
    },
    resolveSourceMeta: async (wanted) => resolveSource(wanted, request['images'], resolved),
    solve: async () => ({ ref: { id: 'solved' }, metadata: new Map() }),
    readFile: async (_, { path }) => {
      if (path.endsWith('.dockerignore'))
        throw new TsbuildxError('NOT_FOUND', `open ${path}: no such file or directory`);
      return remoteFile;
    },
    inputs: async () => new Map(),
    warn: async () => undefined,
  };
  const hostPlatform = { os: 'linux', architecture: 'amd64' };
  return { gateway, locals: localFiles(request, opts), resolved, hostPlatform, newId: () => `pg${++groups}` };
}

function localFiles(request: GoldenRequest, opts: Readonly<Record<string, unknown>>): LocalFiles {
  const files = new Map<string, Uint8Array>();
  files.set(`dockerfile::${text(opts['filename']) || 'Dockerfile'}`, dockerfileBytes(request));
  if (typeof opts['dockerignore'] === 'string') files.set('context::.dockerignore', Buffer.from(opts['dockerignore']));
  for (const [name, content] of Object.entries(isRecord(request['files']) ? request['files'] : {})) {
    files.set(name.includes('::') ? name : `context::${name}`, Buffer.from(text(content)));
  }
  return { has: () => true, read: async (localName, path) => files.get(`${localName}::${path}`) };
}

/** The attributes that buildx would send for these options. */
function attributesOf(opts: Readonly<Record<string, unknown>>): Record<string, string> {
  const attributes = new Map<string, string>();
  const set = (key: string, value: unknown): void => {
    if (value !== undefined) attributes.set(key, text(value));
  };
  set('target', opts['target']);
  set('platform', opts['platform']);
  for (const [key, value] of fields(opts['buildArgs'])) set(`build-arg:${key}`, value);
  for (const [key, value] of fields(opts['labels'])) set(`label:${key}`, value);
  if (opts['noCache'] === true) set('no-cache', '');
  if (Array.isArray(opts['ignoreCache'])) set('no-cache', opts['ignoreCache'].join(','));
  set('image-resolve-mode', opts['imageResolveMode']);
  const hosts = opts['addHosts'] ?? opts['extraHosts'];
  if (Array.isArray(hosts)) set('add-hosts', hosts.map(hostAttribute).join(','));
  set('shm-size', opts['shmSize']);
  if (Array.isArray(opts['ulimits'])) set('ulimit', opts['ulimits'].join(','));
  set('cgroup-parent', opts['cgroupParent']);
  set('force-network-mode', opts['networkMode']);
  set('hostname', opts['hostname']);
  set('build-arg:SOURCE_DATE_EPOCH', opts['sourceDateEpoch']);
  set('multi-platform', opts['multiPlatform']);
  for (const [name, value] of fields(opts['namedContexts'])) set(`context:${name}`, value);
  set('filename', opts['filename']);
  set('build-arg:BUILDKIT_CACHE_MOUNT_NS', opts['cacheNS']);
  set('context', opts['context']);
  for (const [key, value] of fields(opts['attrs'])) set(key, value);
  return Object.fromEntries(attributes);
}

/** `host:ip` or `host=ip`, as buildx writes it; the brackets of an IPv6 address go. */
function hostAttribute(host: unknown): string {
  return text(host)
    .replace(/[:=]/, '=')
    .replace(/=\[(.*)\]$/, '=$1');
}

/** Tells how old a daemon's own frontend is, and that of the recordings is new also where its daemon is old. */
const ofItsTime = 'source.imageblob';

const sinceThen = new Set(conversionCaps.filter((cap) => cap !== 'file.base'));

function llbCaps(choice: unknown): CapSet {
  const disabled = new Set<unknown>();
  if (choice === 'no-mergeop') disabled.add('mergeop');
  if (choice === 'old') for (const cap of sinceThen) disabled.add(cap);
  if (isRecord(choice) && Array.isArray(choice['disable'])) for (const cap of choice['disable']) disabled.add(cap);
  const only = isRecord(choice) && Array.isArray(choice['only']) ? new Set<unknown>(choice['only']) : undefined;
  const isEnabled = (cap: string): boolean =>
    cap === ofItsTime || (!disabled.has(cap) && (only === undefined || only.has(cap)));
  const enabled = conversionCaps.filter(isEnabled);
  return new CapSet(enabled.map((id) => ({ id, enabled: true })));
}

function resolveSource(wanted: SourceMetaRequest, images: unknown, resolved: Resolved[]): SourceMeta {
  const { source, kind, logName, resolveMode = '' } = wanted;
  if (kind === 'other') return { source, ...sourceTimes(source.identifier) };
  const ref = source.identifier.replace(/^[a-z-]+:\/\//, '');
  const platform = wanted.platform === undefined ? '' : formatPlatformFully(wanted.platform);
  const entry = findImage(ref, platform, images) ?? defaultImage(ref, wanted.platform);
  const seen = {
    ref,
    ...(platform === '' ? {} : { platform }),
    resolveMode: kind === 'image' ? resolveMode : '',
    logName,
  };
  if (typeof entry['$error'] === 'string') {
    resolved.push({ ...seen, error: entry['$error'] });
    throw new TsbuildxError('RPC_FAILED', entry['$error']);
  }
  if (typeof entry['$redirect'] === 'string') return { source: { identifier: entry['$redirect'], attrs: {} } };
  const config = entry['$config'] ?? entry;
  const digest = typeof entry['$digest'] === 'string' ? entry['$digest'] : digestOf(ref);
  resolved.push({ ...seen, ...(digest === '' ? {} : { digest }), config });
  return { source, image: { digest, config: Buffer.from(JSON.stringify(config)) } };
}

function sourceTimes(identifier: string): Pick<SourceMeta, 'git' | 'http'> {
  if (/^https?:/.test(identifier)) return { http: { lastModified: new Date(commitTime * 1000) } };
  if (!identifier.startsWith('git://')) return {};
  const who = `a <a@example.com> ${commitTime} +0000`;
  return { git: { commitObject: Buffer.from(`tree 0\nauthor ${who}\ncommitter ${who}\n\nmessage\n`) } };
}

/** The most specific entry: the image for the platform, the image, anything for the platform, anything. */
function findImage(ref: string, platform: string, images: unknown): Readonly<Record<string, unknown>> | undefined {
  const entries = new Map(fields(images).map(([key, value]) => [imageKey(key), value]));
  for (const key of [`${ref}|${platform}`, ref, `*|${platform}`, '*']) {
    const entry = entries.get(key);
    if (isRecord(entry)) return entry;
  }
  return undefined;
}

function imageKey(key: string): string {
  const [ref = '', platform] = key.split('|');
  const full = ref === '*' ? ref : formatReference(withDefaultTag(parseNormalizedReference(ref)));
  return platform === undefined ? full : `${full}|${platform}`;
}

function defaultImage(ref: string, platform: Platform | undefined): Readonly<Record<string, unknown>> {
  const { architecture = 'amd64', os = 'linux', variant, osVersion } = platform ?? {};
  return {
    architecture,
    os,
    ...(variant ? { variant } : {}),
    ...(osVersion ? { 'os.version': osVersion } : {}),
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: [sha256(`layer:${ref}`)] },
    history: [{ created_by: `golden base ${ref}` }],
  };
}

function digestOf(ref: string): string {
  return parseNormalizedReference(ref).digest ?? sha256(ref);
}

function sha256(data: string): string {
  return `sha256:${hash('sha256', data)}`;
}

function fields(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
