import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SolveStatus } from '../buildkit/control/index.ts';
import { dockerConfigDir } from '../docker/config/index.ts';
import type { EndpointQuery } from './docker-endpoint.ts';

/** A build within a measured command. */
export interface BuildMeter {
  /** Takes in what the build tells: first the driver of its builder, then its progress. */
  note(event: MeasuredEvent): void;
  /** The build has ended. `error`: why it failed. */
  end(error?: unknown): void;
}

/** Events of other kinds are passed over. */
export type MeasuredEvent =
  | { readonly kind: 'builder'; readonly driver: string }
  | { readonly kind: 'status'; readonly status: SolveStatus }
  | { readonly kind: 'warning' };

export interface MeasuredBuild {
  readonly command: 'build' | 'bake';
  /** The builder that was asked for; empty for the current one. */
  readonly builder: string;
  /** What tells this build from others; only a hash of it is sent. */
  readonly identity: readonly string[];
}

/** Starts the measuring of a build. */
export type StartBuildMeter = (build: MeasuredBuild) => BuildMeter;

export interface MeasureOptions extends EndpointQuery {
  /** As the docker CLI has it: `buildx build`. */
  readonly name: string;
  /** Name of the program. */
  readonly program: string;
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** The exit code of a command that failed with this error, or did not. */
  readonly exitCodeOf: (error: unknown) => number;
}

/**
 * Runs a command and sends how long it took, and what was measured of its builds, to the collector that
 * `DOCKER_CLI_OTEL_EXPORTER_OTLP_ENDPOINT` or the metadata `otel` of the docker context names. Without one it only runs the command.
 * A collector that fails or is slow is told of to nobody, and waited for half a second at most. Rejects as `work` does.
 */
export async function measureCommand(
  options: MeasureOptions,
  work: (meter: StartBuildMeter | undefined) => Promise<void>,
): Promise<void> {
  if (!mayHaveEndpoint(options)) return await work(undefined);
  const { runMeasured } = await import('./measured-command.ts');
  await runMeasured(options, work);
}

/** Most machines have neither, and need not load what looks for an endpoint. */
function mayHaveEndpoint({ env, docker }: EndpointQuery): boolean {
  if (env['DOCKER_CLI_OTEL_EXPORTER_OTLP_ENDPOINT']) return true;
  return existsSync(join(dockerConfigDir(docker.configDir, env), 'contexts', 'meta'));
}
