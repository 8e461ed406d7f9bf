// Matches BuildKit's client/llb/exec.go: mounts sorted by target, then secrets, then SSH sockets.
import { TsbuildxError } from '../base/errors.ts';
import { encodeExecOp } from './op-codec.ts';
import type { NetworkMode, State } from './state.ts';
import {
  type MarshalContext,
  type MarshaledOp,
  type OpInput,
  type OpOptions,
  type Output,
  opMetadata,
  type Vertex,
} from './vertex.ts';

/** A command and what is mounted while it runs. */
export interface ExecOptions extends OpOptions {
  readonly args: readonly string[];
  readonly mounts: readonly ExecMountOptions[];
  readonly secrets: readonly ExecSecret[];
  readonly ssh: readonly ExecSshSocket[];
  readonly devices: readonly ExecDevice[];
  readonly extraHosts: readonly ExtraHost[];
  readonly ulimits: readonly Ulimit[];
  readonly cgroupParent: string;
  /** Default: the state's. */
  readonly network?: NetworkMode | undefined;
  /** Runs with all privileges. */
  readonly insecure: boolean;
  readonly proxy?: ProxyEnv | undefined;
}

export interface ExecMountOptions {
  readonly target: string;
  /** Undefined: scratch. */
  readonly source: Output | undefined;
  /** Path inside the source; empty for all of it. */
  readonly selector: string;
  readonly readonly: boolean;
  /** Writable, but the changes are dropped. */
  readonly noOutput: boolean;
  readonly cache?: { readonly id: string; readonly sharing: 'shared' | 'private' | 'locked' } | undefined;
  /** Size in bytes, 0 for no limit. */
  readonly tmpfsSize?: bigint | undefined;
}

interface Grant {
  readonly id: string;
  readonly optional: boolean;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** A secret as a file, as an environment variable, or both. */
export interface ExecSecret extends Grant {
  readonly target?: string | undefined;
  readonly env?: string | undefined;
}

export interface ExecSshSocket extends Grant {
  /** Empty: `/run/buildkit/ssh_agent.N`. */
  readonly target: string;
}

export interface ExecDevice {
  readonly name: string;
  readonly optional: boolean;
}

export interface ExtraHost {
  readonly host: string;
  readonly ip: string;
}

export interface Ulimit {
  readonly name: string;
  readonly soft: bigint;
  readonly hard: bigint;
}

/** Proxies of the command; not part of its cache key. */
export interface ProxyEnv {
  readonly http: string;
  readonly https: string;
  readonly ftp: string;
  readonly no: string;
  readonly all: string;
}

/** An exec op with inputs and outputs numbered. */
export interface ExecModel {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: string;
  readonly hostname: string;
  readonly cgroupParent: string;
  readonly proxy: ProxyEnv | undefined;
  readonly extraHosts: readonly ExtraHost[];
  readonly ulimits: readonly Ulimit[];
  readonly network: NetworkMode;
  readonly insecure: boolean;
  readonly mounts: readonly ExecMount[];
  readonly secretEnv: readonly { readonly id: string; readonly name: string; readonly optional: boolean }[];
  readonly devices: readonly ExecDevice[];
}

export interface ExecMount {
  readonly target: string;
  readonly input: number;
  readonly output: number;
  readonly selector: string;
  readonly readonly: boolean;
  readonly special?:
    | { readonly kind: 'cache'; readonly id: string; readonly sharing: 'shared' | 'private' | 'locked' }
    | { readonly kind: 'tmpfs'; readonly size: bigint }
    | ({ readonly kind: 'secret' | 'ssh' } & Grant)
    | undefined;
}

const noInput = -1;
const skippedOutput = -1;
const defaultUnixPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A command run on a root file system. */
export class ExecVertex implements Vertex {
  readonly #base: State;
  readonly #options: ExecOptions;
  readonly #mounts: readonly ExecMountOptions[];
  /** The root file system after the command. */
  readonly root: Output;

  constructor(base: State, options: ExecOptions) {
    this.#base = base;
    this.#options = options;
    const root = { target: '/', source: base.output, selector: '', readonly: false, noOutput: false };
    this.#mounts = [root, ...options.mounts].sort((a, b) => compareText(a.target, b.target));
    this.root = this.mounted(root.target);
  }

  /** What is in a writable mount after the command. */
  mounted(target: string): Output {
    const index = this.#mounts.filter(hasOutput).findIndex((mount) => mount.target === target);
    return { vertex: this, index, platform: this.#options.platform };
  }

  inputs(): readonly Output[] {
    return [...new Set(this.#mounts.flatMap(({ source }) => (source === undefined ? [] : [source])))];
  }

  marshal(context: MarshalContext): MarshaledOp {
    const options = this.#options;
    const base = this.#base;
    if (options.args.length === 0) throw new TsbuildxError('DOCKERFILE', 'arguments are required');
    const caps = new Set(['exec.meta.base']);
    const network = options.network ?? base.network;
    if (network !== 'sandbox') caps.add('exec.meta.network');
    if (options.insecure) caps.add('exec.meta.security');
    if (options.proxy !== undefined) caps.add('exec.meta.proxyenv');
    if (options.ulimits.length > 0) caps.add('exec.meta.ulimit');
    if (options.devices.length > 0) caps.add('exec.meta.cdi');
    if (options.linuxResources !== undefined) caps.add('exec.meta.linux.resources');
    if (options.secrets.length > 0) caps.add('exec.mount.secret');
    if (options.secrets.some(({ env }) => env !== undefined)) caps.add('exec.secretenv');
    if (options.ssh.length > 0) caps.add('exec.mount.ssh');
    for (const mount of this.#mounts) for (const cap of mountCaps(mount)) caps.add(cap);

    const ssh = options.ssh.map((socket, i) => ({
      ...socket,
      target: socket.target || `/run/buildkit/ssh_agent.${i}`,
    }));
    let env = base.env;
    const [agent] = ssh;
    if (agent !== undefined && !env.has('SSH_AUTH_SOCK')) env = env.set('SSH_AUTH_SOCK', agent.target);
    if (context.caps?.supports('exec.meta.setsdefaultpath') === true) caps.add('exec.meta.setsdefaultpath');
    else if (context.caps !== undefined && context.platform.os !== 'windows' && !env.has('PATH')) {
      env = env.set('PATH', defaultUnixPath);
    }

    const { inputs, mounts } = this.#numberMounts(context);
    const secretFiles = options.secrets.flatMap(({ target, ...grant }) =>
      target === undefined ? [] : [virtualMount(target, { kind: 'secret', ...grant })],
    );
    const sockets = ssh.map(({ target, ...grant }) => virtualMount(target, { kind: 'ssh', ...grant }));
    const encoded = encodeExecOp(
      { inputs, platform: options.platform ?? base.platform ?? context.platform },
      {
        args: options.args,
        env: env.toArray(),
        cwd: base.dir,
        user: base.user,
        hostname: base.hostname,
        cgroupParent: options.cgroupParent,
        proxy: options.proxy,
        extraHosts: options.extraHosts,
        ulimits: options.ulimits,
        network,
        insecure: options.insecure,
        mounts: [...mounts, ...secretFiles, ...sockets],
        secretEnv: options.secrets.flatMap(({ id, env: name, optional }) =>
          name === undefined ? [] : [{ id, name, optional }],
        ),
        devices: options.devices,
      },
    );
    return { ...encoded, metadata: opMetadata(options, caps), locations: options.locations ?? [] };
  }

  #numberMounts(context: MarshalContext): { inputs: OpInput[]; mounts: ExecMount[] } {
    const inputs: OpInput[] = [];
    let outputs = 0;
    const mounts = this.#mounts.map((mount): ExecMount => {
      let input = noInput;
      if (mount.source !== undefined) {
        const wanted = context.input(mount.source);
        input = inputs.findIndex(({ digest, index }) => digest === wanted.digest && index === wanted.index);
        if (input < 0) input = inputs.push(wanted) - 1;
      }
      return {
        target: mount.target,
        input,
        output: hasOutput(mount) ? outputs++ : skippedOutput,
        selector: mount.selector,
        readonly: mount.readonly,
        special:
          mount.cache !== undefined
            ? { kind: 'cache', ...mount.cache }
            : mount.tmpfsSize !== undefined
              ? { kind: 'tmpfs', size: mount.tmpfsSize }
              : undefined,
      };
    });
    return { inputs, mounts };
  }
}

function virtualMount(target: string, special: NonNullable<ExecMount['special']>): ExecMount {
  return { target, input: noInput, output: 0, selector: '', readonly: false, special };
}

function hasOutput(mount: ExecMountOptions): boolean {
  return !mount.noOutput && !mount.readonly && mount.cache === undefined && mount.tmpfsSize === undefined;
}

function mountCaps(mount: ExecMountOptions): string[] {
  const caps = mount.selector === '' ? [] : ['exec.mount.selector'];
  if (mount.cache !== undefined) return [...caps, 'exec.mount.cache', 'exec.mount.cache.sharing'];
  if (mount.tmpfsSize !== undefined) {
    return mount.tmpfsSize > 0n
      ? [...caps, 'exec.mount.tmpfs', 'exec.mount.tmpfs.size']
      : [...caps, 'exec.mount.tmpfs'];
  }
  return mount.source === undefined ? caps : [...caps, 'exec.mount.bind'];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
