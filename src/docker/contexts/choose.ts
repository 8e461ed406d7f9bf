// Matches docker/cli command/cli.go resolveContextName: what is asked first, and what wins.
import { TsbuildxError } from '../../base/errors.ts';

/** How the engine is named: what the docker CLI takes as global flags. */
export interface DockerFlags {
  /** `-H`. */
  readonly host?: string | undefined;
  /** `--context`. */
  readonly context?: string | undefined;
  /** `--tls`, `--tlsverify` and their files. */
  readonly tls?: TlsFlags | undefined;
}

export interface TlsFlags {
  readonly enabled: boolean;
  readonly verify: boolean;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Which engine it is, before anything is read. */
export type EndpointChoice =
  /** Named by its address, or the default engine of the platform when `host` is empty. */
  | { readonly kind: 'host'; readonly host: string; readonly origin: string; readonly tls: TlsChoice | undefined }
  /** A docker context of the store. */
  | { readonly kind: 'context'; readonly name: string; readonly origin: string };

/** Files of TLS for an engine named by its address. */
export interface TlsChoice {
  readonly verify: boolean;
  readonly ca: string;
  /** Left out when it is not there, unless it was asked for. */
  readonly cert: TlsFile;
  readonly key: TlsFile;
}

export interface TlsFile {
  readonly path: string;
  readonly required: boolean;
}

export interface ChoiceInput {
  readonly flags: DockerFlags;
  readonly env: Env;
  /** `currentContext` of config.json. */
  readonly currentContext: string | undefined;
  /** Directory of config.json, where the files of TLS are by default. */
  readonly configDir: string;
}

/** The name of the context that stands for flags and environment. */
export const DEFAULT_CONTEXT = 'default';

/** Decides which engine is meant. Throws USAGE when the flags contradict each other. */
export function chooseEndpoint(input: ChoiceInput): EndpointChoice {
  const { flags, env } = input;
  if (flags.context && flags.host !== undefined) {
    throw new TsbuildxError('USAGE', 'conflicting options: cannot specify both --host and --context');
  }
  const named = namedContext(input);
  if (named.name !== DEFAULT_CONTEXT) return { kind: 'context', ...named };
  const tls = chooseTls(input);
  if (flags.host !== undefined) return { kind: 'host', host: flags.host, origin: '--host', tls };
  const host = env['DOCKER_HOST'] ?? '';
  return { kind: 'host', host, origin: host === '' ? 'the default' : 'DOCKER_HOST', tls };
}

function namedContext({ flags, env, currentContext }: ChoiceInput): { name: string; origin: string } {
  if (flags.context) return { name: flags.context, origin: '--context' };
  if (flags.host !== undefined || env['DOCKER_HOST']) return { name: DEFAULT_CONTEXT, origin: '' };
  if (env['DOCKER_CONTEXT']) return { name: env['DOCKER_CONTEXT'], origin: 'DOCKER_CONTEXT' };
  if (currentContext) return { name: currentContext, origin: 'currentContext of config.json' };
  return { name: DEFAULT_CONTEXT, origin: '' };
}

function chooseTls({ flags, env, configDir }: ChoiceInput): TlsChoice | undefined {
  const { tls } = flags;
  const verify = (tls?.verify ?? false) || Boolean(env['DOCKER_TLS_VERIFY']);
  const enabled = verify || (tls?.enabled ?? false) || Boolean(env['DOCKER_TLS']);
  if (!enabled) return undefined;
  const dir = env['DOCKER_CERT_PATH'] || configDir;
  const file = (path: string | undefined, name: string): TlsFile => ({
    path: path ?? `${dir}/${name}`,
    required: path !== undefined,
  });
  return { verify, ca: tls?.ca ?? `${dir}/ca.pem`, cert: file(tls?.cert, 'cert.pem'), key: file(tls?.key, 'key.pem') };
}
