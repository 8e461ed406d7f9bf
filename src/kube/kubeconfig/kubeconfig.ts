// Matches client-go tools/clientcmd/api/v1: the parts of a kubeconfig that say how a cluster is reached.
import { dirname, isAbsolute, join } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { member, members, textMember, textMembers } from '../../base/json-object.ts';

export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly users: ReadonlyMap<string, User>;
  readonly contexts: ReadonlyMap<string, Context>;
  /** Empty when none is chosen. */
  readonly currentContext: string;
}

/** Absent texts are empty. Paths are absolute. */
export interface Cluster {
  readonly server: string;
  readonly tlsServerName: string;
  readonly skipVerify: boolean;
  readonly caFile: string;
  /** PEM. */
  readonly caData: Buffer;
  readonly proxyUrl: string;
  /** What the cluster tells exec plugins. */
  readonly execConfig: unknown;
}

export interface User {
  readonly certFile: string;
  readonly certData: Buffer;
  readonly keyFile: string;
  readonly keyData: Buffer;
  readonly token: string;
  readonly tokenFile: string;
  readonly username: string;
  readonly password: string;
  readonly impersonate: Impersonation;
  readonly exec: ExecConfig | undefined;
  readonly authProvider: AuthProvider | undefined;
}

export interface Impersonation {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** A program that gives credentials. */
export interface ExecConfig {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string;
}

export interface AuthProvider {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** The file that new tokens are written to, and the user's name in it. */
  readonly origin: { readonly file: string; readonly user: string };
}

export interface Context {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

export const emptyKubeconfig: Kubeconfig = {
  clusters: new Map(),
  users: new Map(),
  contexts: new Map(),
  currentContext: '',
};

/** Reads a kubeconfig; relative paths in it start where it lies. Throws INVALID_ARGUMENT. */
export async function parseKubeconfig(text: string, file: string): Promise<Kubeconfig> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text, { prettyErrors: false }); // what is wrong may stand beside a token: no line of it is shown
  } catch (cause) {
    throw new TsbuildxError(
      'INVALID_ARGUMENT',
      `error loading config file ${JSON.stringify(file)}: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
  const at = (path: string): string => (path === '' || isAbsolute(path) ? path : join(dirname(file), path));
  return {
    clusters: named(value, 'clusters', 'cluster', (cluster) => readCluster(cluster, at)),
    users: named(value, 'users', 'user', (user, name) => readUser(user, at, { file, user: name })),
    contexts: named(value, 'contexts', 'context', (context) => ({
      cluster: textMember(context, 'cluster'),
      user: textMember(context, 'user'),
      namespace: textMember(context, 'namespace'),
    })),
    currentContext: textMember(value, 'current-context'),
  };
}

/** The first file that has a name wins, and the first that chooses a context. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merged = <T>(pick: (config: Kubeconfig) => ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map(configs.toReversed().flatMap((config) => [...pick(config)]));
  return {
    clusters: merged(({ clusters }) => clusters),
    users: merged(({ users }) => users),
    contexts: merged(({ contexts }) => contexts),
    currentContext: configs.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
  };
}

function named<T>(
  config: unknown,
  list: string,
  key: string,
  read: (value: unknown, name: string) => T,
): ReadonlyMap<string, T> {
  const entries = listMember(config, list).map((entry): [string, T] => {
    const name = textMember(entry, 'name');
    return [name, read(member(entry, key), name)];
  });
  return new Map(entries);
}

function readCluster(value: unknown, at: (path: string) => string): Cluster {
  const extension = listMember(value, 'extensions').find(
    (entry) => textMember(entry, 'name') === 'client.authentication.k8s.io/exec',
  );
  return {
    server: textMember(value, 'server'),
    tlsServerName: textMember(value, 'tls-server-name'),
    skipVerify: member(value, 'insecure-skip-tls-verify') === true,
    caFile: at(textMember(value, 'certificate-authority')),
    caData: base64(value, 'certificate-authority-data'),
    proxyUrl: textMember(value, 'proxy-url'),
    execConfig: member(extension, 'extension'),
  };
}

function readUser(value: unknown, at: (path: string) => string, origin: AuthProvider['origin']): User {
  const provider = member(value, 'auth-provider');
  const extra = members(member(value, 'as-user-extra')).map(([name, list]) => [name, textsOf(list)] as const);
  return {
    certFile: at(textMember(value, 'client-certificate')),
    certData: base64(value, 'client-certificate-data'),
    keyFile: at(textMember(value, 'client-key')),
    keyData: base64(value, 'client-key-data'),
    token: textMember(value, 'token'),
    tokenFile: at(textMember(value, 'tokenFile')),
    username: textMember(value, 'username'),
    password: textMember(value, 'password'),
    impersonate: {
      user: textMember(value, 'as'),
      uid: textMember(value, 'as-uid'),
      groups: textsOf(member(value, 'as-groups')),
      extra: Object.fromEntries(extra),
    },
    exec: readExec(member(value, 'exec'), at),
    authProvider:
      members(provider).length === 0
        ? undefined
        : { name: textMember(provider, 'name'), config: textMembers(member(provider, 'config')), origin },
  };
}

function readExec(value: unknown, at: (path: string) => string): ExecConfig | undefined {
  if (members(value).length === 0) return undefined;
  const command = textMember(value, 'command');
  const apiVersion = textMember(value, 'apiVersion');
  return {
    // a command with a slash is a path, any other is searched for
    command: /[/\\]/.test(command) ? at(command) : command,
    args: textsOf(member(value, 'args')),
    env: listMember(value, 'env').map((entry) => ({
      name: textMember(entry, 'name'),
      value: textMember(entry, 'value'),
    })),
    apiVersion,
    installHint: textMember(value, 'installHint'),
    provideClusterInfo: member(value, 'provideClusterInfo') === true,
    // versions before v1 did not have to say it
    interactiveMode: textMember(value, 'interactiveMode') || (apiVersion.endsWith('/v1') ? '' : 'IfAvailable'),
  };
}

function base64(value: unknown, name: string): Buffer {
  return Buffer.from(textMember(value, name), 'base64');
}

function listMember(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
