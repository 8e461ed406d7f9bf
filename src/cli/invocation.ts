import { basename } from 'node:path';
import type { DockerOptions, DockerTlsOptions } from '../index.ts';
import type { FlagsFor } from './flags/definition.ts';
import { sortWords } from './flags/pflag.ts';
import { readFlags } from './flags/read-flags.ts';

/** How the program was called, and the words that are left for its commands. */
export interface Invocation {
  /** By the docker CLI, or by its own name: usage errors differ. */
  readonly mode: 'plugin' | 'standalone';
  /** What a user types for it, for example `docker tsbuildx`. */
  readonly path: string;
  readonly docker: DockerOptions;
  readonly debug: boolean;
  readonly words: readonly string[];
}

const pluginNames: readonly string[] = ['tsbuildx', 'buildx'];

interface DockerFlagValues {
  readonly config: string | undefined;
  readonly context: string | undefined;
  readonly debug: boolean;
  readonly host: readonly string[];
  readonly tls: boolean;
  readonly tlscacert: string | undefined;
  readonly tlscert: string | undefined;
  readonly tlskey: string | undefined;
  readonly tlsverify: boolean;
}

// docker's own flags, which stand before the plugin's name (docker/cli cli/flags/options.go)
const dockerFlags: FlagsFor<DockerFlagValues> = {
  config: { kind: 'string', usage: 'Location of client config files' },
  context: { kind: 'string', short: 'c', usage: 'Name of the context to use to connect to the daemon' },
  debug: { kind: 'bool', short: 'D', usage: 'Enable debug mode' },
  host: { kind: 'array', short: 'H', usage: 'Daemon socket to connect to' },
  'log-level': { kind: 'string', short: 'l', usage: 'Set the logging level' },
  tls: { kind: 'bool', usage: 'Use TLS; implied by --tlsverify' },
  tlscacert: { kind: 'string', usage: 'Trust certs signed only by this CA' },
  tlscert: { kind: 'string', usage: 'Path to TLS certificate file' },
  tlskey: { kind: 'string', usage: 'Path to TLS key file' },
  tlsverify: { kind: 'bool', usage: 'Use TLS and verify the remote' },
};

/**
 * Takes the command line apart: `[docker's flags] NAME [words]` from the docker CLI, `[words]` standalone, where NAME may
 * stand first as well. Throws USAGE.
 */
export function readInvocation(argv: readonly string[], argv0: string, env: NodeJS.ProcessEnv): Invocation {
  const isPlugin = (env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'] ?? '') !== '';
  const [first = ''] = argv;
  if (!isPlugin && !pluginNames.includes(first)) {
    const name = basename(argv0).replace(/\.exe$/, '');
    const path = name.endsWith('buildx') ? name : 'docker-tsbuildx';
    return { mode: 'standalone', path, docker: {}, debug: false, words: argv };
  }
  const { flags, args } = sortWords(argv, dockerFlags, false);
  const values = readFlags(dockerFlags, flags);
  const [name = '', ...rest] = args;
  const isNamed = pluginNames.includes(name);
  return {
    mode: isPlugin ? 'plugin' : 'standalone',
    path: `docker ${isNamed ? name : 'tsbuildx'}`,
    docker: toDockerOptions(values),
    debug: values.debug,
    words: isNamed ? rest : args,
  };
}

function toDockerOptions(values: DockerFlagValues): DockerOptions {
  const usesTls = values.tls || values.tlsverify || [values.tlscacert, values.tlscert, values.tlskey].some(Boolean);
  const tls: DockerTlsOptions = {
    enabled: values.tls || values.tlsverify,
    verify: values.tlsverify,
    ca: values.tlscacert,
    cert: values.tlscert,
    key: values.tlskey,
  };
  return {
    configDir: values.config,
    context: values.context,
    host: values.host.at(-1),
    tls: usesTls ? tls : undefined,
  };
}
