// Matches buildx util/ghutil: what a run of GitHub Actions is, for the provenance of its builds.
import { readFile } from 'node:fs/promises';
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import { parseGoBool } from '../../../base/go-bool.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Variables by their names in the context. A group is told whole or not at all. */
const GROUPS: readonly Readonly<Record<string, string>>[] = [
  {
    github_actor: 'GITHUB_ACTOR',
    github_actor_id: 'GITHUB_ACTOR_ID',
    github_triggering_actor: 'GITHUB_TRIGGERING_ACTOR',
  },
  {
    github_ref: 'GITHUB_REF',
    github_ref_name: 'GITHUB_REF_NAME',
    github_ref_protected: 'GITHUB_REF_PROTECTED',
    github_ref_type: 'GITHUB_REF_TYPE',
  },
  {
    github_repository: 'GITHUB_REPOSITORY',
    github_repository_id: 'GITHUB_REPOSITORY_ID',
    github_repository_owner: 'GITHUB_REPOSITORY_OWNER',
    github_repository_owner_id: 'GITHUB_REPOSITORY_OWNER_ID',
  },
  {
    github_job: 'GITHUB_JOB',
    github_run_attempt: 'GITHUB_RUN_ATTEMPT',
    github_run_id: 'GITHUB_RUN_ID',
    github_run_number: 'GITHUB_RUN_NUMBER',
    github_server_url: 'GITHUB_SERVER_URL',
    github_workflow: 'GITHUB_WORKFLOW',
    github_workflow_ref: 'GITHUB_WORKFLOW_REF',
    github_workflow_sha: 'GITHUB_WORKFLOW_SHA',
  },
  {
    github_runner_image_os: 'ImageOS',
    github_runner_image_version: 'ImageVersion',
    github_runner_os: 'RUNNER_OS',
    github_runner_arch: 'RUNNER_ARCH',
    github_runner_environment: 'RUNNER_ENVIRONMENT',
    github_runner_tracking_id: 'RUNNER_TRACKING_ID',
    github_runner_name: 'RUNNER_NAME',
  },
];

/** The run that this process is part of, as JSON; undefined outside of one. Rejects with IO and INVALID_ARGUMENT (the event). */
export async function githubContext(env: Env): Promise<Uint8Array | undefined> {
  if (parseGoBool(env['GITHUB_ACTIONS'] ?? '') !== true) return undefined;
  const { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path } = env;
  if (!event || !path) return undefined;
  const context: [string, unknown][] = [
    ['github_event_name', event],
    ['github_event_payload', await readEvent(path)],
  ];
  for (const group of GROUPS) {
    const values = Object.entries(group).map(([name, variable]): [string, string] => [name, env[variable] ?? '']);
    if (values.every(([, value]) => value !== '')) context.push(...values);
  }
  return Buffer.from(JSON.stringify(Object.fromEntries(context.toSorted(([a], [b]) => (a < b ? -1 : 1)))));
}

async function readEvent(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const what = `failed to read GITHUB_EVENT_PATH ${JSON.stringify(path)}`;
    throw new TsbuildxError('IO', `${what}: ${messageOf(cause)}`, { cause });
  }
  const what = `failed to unmarshal GitHub event payload from ${JSON.stringify(path)}`;
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `${what}: ${messageOf(cause)}`, { cause });
  }
  if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event;
  throw new TsbuildxError('INVALID_ARGUMENT', `${what}: it is no object`);
}
