// Matches client-go plugin/pkg/client/auth/exec: a program prints credentials, which are kept until they expire.
import { type ChildProcess, spawn } from 'node:child_process';
import { isatty } from 'node:tty';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { member, textMember } from '../../base/json-object.ts';
import { Secret } from '../../base/secret.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import type { Env } from '../../transport/index.ts';
import type { ChosenContext } from '../kubeconfig/choose.ts';
import type { ExecConfig } from '../kubeconfig/kubeconfig.ts';
import type { Authenticator, Credentials } from './authenticator.ts';
import { clusterInfo } from './cluster-info.ts';

const VERSIONS: readonly string[] = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** More than any credentials have. */
const MAX_OUTPUT = 1 << 20;

interface Cached {
  readonly credentials: Credentials;
  /** Milliseconds since 1970; infinite when it is not told. */
  readonly expires: number;
}

/** Asks the program at first use, and again when what it gave has expired or was not accepted. Throws INVALID_ARGUMENT. */
export function execAuthenticator(config: ExecConfig, { cluster }: ChosenContext, env: Env): Authenticator {
  if (!VERSIONS.includes(config.apiVersion)) {
    throw new TsbuildxError('INVALID_ARGUMENT', `exec plugin: invalid apiVersion ${goQuote(config.apiVersion)}`);
  }
  let running: Promise<Cached> | undefined;
  let cached: Cached | undefined;
  const ask = async (signal: AbortSignal): Promise<Cached> => {
    const interactive = isInteractive(config);
    const spec = { interactive, ...(config.provideClusterInfo ? { cluster: await clusterInfo(cluster) } : {}) };
    const info = JSON.stringify({ kind: 'ExecCredential', apiVersion: config.apiVersion, spec });
    return parseCredentials(await run(config, { info, interactive, env, signal }), config.apiVersion);
  };
  return {
    async credentials(signal) {
      if (cached !== undefined && cached.expires > Date.now()) return cached.credentials;
      // one program at a time: it may ask its user something
      running ??= ask(signal).finally(() => {
        running = undefined;
      });
      try {
        cached = await running;
      } catch (error) {
        const code = error instanceof TsbuildxError ? error.code : 'AUTH';
        // another caller wanted it first, and has gone
        if (code === 'CANCELED' && !signal.aborted) return await this.credentials(signal);
        throw new TsbuildxError(code, `getting credentials: ${messageOf(error)}`, { cause: error });
      }
      return cached.credentials;
    },
    reject(credentials) {
      if (cached?.credentials === credentials) cached = undefined;
      return true;
    },
  };
}

function isInteractive({ interactiveMode }: ExecConfig): boolean {
  const isTerminal = isatty(0);
  if (interactiveMode === 'Always' && !isTerminal) {
    throw failed('exec plugin cannot support interactive mode: standard input is not a terminal');
  }
  return interactiveMode !== 'Never' && isTerminal;
}

interface RunContext {
  readonly info: string;
  readonly interactive: boolean;
  readonly env: Env;
  readonly signal: AbortSignal;
}

async function run(config: ExecConfig, { info, interactive, env, signal }: RunContext): Promise<string> {
  const own = Object.fromEntries(config.env.map(({ name, value }) => [name, value]));
  const child = spawn(config.command, config.args, {
    env: { ...env, ...own, KUBERNETES_EXEC_INFO: info },
    // its words to the user go to the user
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    windowsHide: true,
    signal,
  });
  const [output] = await Promise.all([readOutput(child), ended(child, config, signal)]);
  return output;
}

async function readOutput(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) {
    output += String(chunk);
    if (output.length > MAX_OUTPUT) {
      child.kill();
      throw failed('exec plugin printed too much');
    }
  }
  return output;
}

function ended(child: ChildProcess, config: ExecConfig, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      if (signal.aborted) {
        reject(new TsbuildxError('CANCELED', 'the exec plugin was canceled', { cause: signal.reason }));
      } else if (systemErrorCode(cause) === 'ENOENT') {
        const hint = config.installHint === '' ? '' : `\n\n${printable(config.installHint)}`;
        reject(failed(`exec: executable ${config.command} not found${hint}`, cause));
      } else reject(failed(`exec: ${messageOf(cause)}`, cause));
    });
    child.once('close', (code, killer) => {
      if (code === 0) resolve();
      else reject(failed(`exec: executable ${config.command} failed with ${ending(code, killer)}`));
    });
  });
}

function ending(code: number | null, killer: string | null): string {
  return code === null ? `signal ${killer}` : `exit code ${code}`;
}

function parseCredentials(output: string, apiVersion: string): Cached {
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    throw failed('decoding stdout: it is not valid JSON'); // it may have a token in it: nothing of it is shown
  }
  const version = textMember(parsed, 'apiVersion');
  if (version !== apiVersion) {
    throw failed(
      `exec plugin is configured to use API version ${apiVersion}, plugin returned version ${version || 'none'}`,
    );
  }
  const status = member(parsed, 'status');
  if (typeof status !== 'object' || status === null) throw failed("exec plugin didn't return a status field");
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) =>
    textMember(status, name),
  );
  if (!token && !cert && !key) throw failed("exec plugin didn't return a token or cert/key pair");
  if (Boolean(cert) !== Boolean(key)) throw failed('exec plugin returned only certificate or key, not both');
  const expires = Date.parse(textMember(status, 'expirationTimestamp'));
  return {
    credentials: {
      authorization: token ? new Secret(`Bearer ${token}`) : undefined,
      certificate: cert && key ? { cert, key } : undefined,
    },
    expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
  };
}

/** A text from a file without what a terminal would take as a command. */
function printable(text: string): string {
  return text.replace(
    /[^\P{C}\t-\r]/gu,
    (c) => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

function failed(message: string, cause?: unknown): TsbuildxError {
  return new TsbuildxError('AUTH', message, { cause });
}
