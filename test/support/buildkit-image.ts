// An image whose containers a builder can be made of.
import { existsSync } from 'node:fs';
import { baseImage, type TestEngine } from './engine.ts';

export interface BuildkitImage {
  readonly name: string;
  /** Options without which its containers reach nothing. */
  readonly driverOpts: Readonly<Record<string, string>>;
}

/** Ends at once when it is told so, and where its configuration is missing; else it is there until it is stopped. */
const buildkitd = `#!/bin/sh
for word in "$@"; do
  case "$word" in
    --version) echo "buildkitd github.com/moby/buildkit v0.25.0 0123456789abcdef"; exit 0 ;;
    --nonsense) echo "flag provided but not defined: -nonsense" >&2; exit 1 ;;
    /etc/*) [ -e "$word" ] || { echo "no $word" >&2; exit 1; } ;;
  esac
done
echo "running: $*" >&2
exec busybox sleep 3600
`;

const buildctl = (port: number): string => `#!/bin/sh
case "$1" in
  dial-stdio) exec busybox nc 127.0.0.1 ${port} ;;
  debug) exit 0 ;;
esac
exit 1
`;

/**
 * The image: of a real BuildKit where `TSBUILDX_TEST_BUILDKIT_IMAGE` names one (an archive, or a reference to pull), else one
 * whose `buildctl dial-stdio` leads to a BuildKit at `port` of this machine.
 */
export async function buildkitImage(engine: TestEngine, port: number): Promise<BuildkitImage> {
  const given = process.env['TSBUILDX_TEST_BUILDKIT_IMAGE'];
  if (given !== undefined) return { name: await realImage(engine, given), driverOpts: {} };
  const name = `tsbuildx-test/buildkit:${port}`;
  const maker = `tsbuildx-image-${process.pid}-${port}`;
  const script = 'for p in buildkitd buildctl; do eval "printf %s \\"\\$$p\\"" > /bin/$p; chmod 755 /bin/$p; done';
  const env = ['-e', `buildkitd=${buildkitd}`, '-e', `buildctl=${buildctl(port)}`];
  await docker(engine, ['run', '--name', maker, ...env, baseImage, 'sh', '-c', script]);
  const changes = ['ENTRYPOINT ["buildkitd"]', 'CMD []', 'ENV buildkitd= buildctl='].flatMap((c) => ['--change', c]);
  await docker(engine, ['commit', ...changes, maker, name]);
  await docker(engine, ['rm', maker]);
  // nc reaches this machine only without a network of its own
  return { name, driverOpts: { network: 'host' } };
}

async function realImage(engine: TestEngine, given: string): Promise<string> {
  if (!existsSync(given)) {
    await docker(engine, ['pull', given]);
    return given;
  }
  const loaded = await docker(engine, ['load', '-i', given]);
  const name = /Loaded image: (\S+)/.exec(loaded)?.[1];
  if (name === undefined) throw new Error(`${given} has no named image: ${loaded}`);
  return name;
}

async function docker(engine: TestEngine, args: readonly string[]): Promise<string> {
  const ran = await engine.docker(args);
  if (ran.code !== 0) throw new Error(`docker ${args[0] ?? ''} failed: ${ran.stderr}`);
  return ran.stdout;
}
