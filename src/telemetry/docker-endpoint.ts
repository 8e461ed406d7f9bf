// Matches docker/cli command/telemetry_docker.go dockerExporterOTLPEndpoint: where the docker CLI and its plugins send metrics.
import { parseGoUrl } from '../base/go-url.ts';
import { textMember } from '../base/json-object.ts';
import { dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import { chooseEndpoint, type DockerFlags, readContextField } from '../docker/contexts/index.ts';
import { type Env, type OtlpSettings, otlpSettings } from './otlp-settings.ts';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';

export interface EndpointQuery {
  readonly env: Env;
  readonly docker: DockerFlags & { readonly configDir?: string | undefined };
}

/** The collector that the environment or the docker context names; undefined when neither does. */
export async function dockerEndpoint(query: EndpointQuery): Promise<OtlpSettings | undefined> {
  const text = query.env[`DOCKER_CLI_${ENDPOINT}`] || (await ofContext(query));
  if (text === '') return undefined;
  const url = parsed(text);
  if (url === undefined) return undefined;
  const isSocket = url.scheme === 'unix';
  const host = isSocket ? url.path : url.host;
  return { ...otlpSettings(query.env, 'grpc'), host, encrypted: url.scheme === 'https' };
}

async function ofContext({ env, docker }: EndpointQuery): Promise<string> {
  const configDir = dockerConfigDir(docker.configDir, env);
  const { currentContext } = await loadDockerConfig(configDir);
  const choice = chooseEndpoint({ flags: docker, env, currentContext, configDir });
  if (choice.kind !== 'context') return '';
  return textMember(await readContextField(configDir, choice.name, 'otel'), ENDPOINT);
}

function parsed(text: string): ReturnType<typeof parseGoUrl> | undefined {
  try {
    return parseGoUrl(text);
  } catch {
    return undefined;
  }
}
