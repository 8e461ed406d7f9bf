// Matches buildx builder/builder.go Create and Leave: same order of checks, same error texts.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { normalizePlatform, parsePlatform } from '../../oci/index.ts';
import { driverFactory } from '../drivers/driver.ts';
import { type BuilderQuery, foundInstance } from '../find-builder.ts';
import { inspectFound } from '../inspect/inspect.ts';
import type { CreateBuilderOptions } from '../manage-builders.ts';
import { validName } from '../store/builder-name.ts';
import { withNode, withoutNode } from '../store/edit-instance.ts';
import type { InstanceDocument } from '../store/instance-document.ts';
import { instanceOf, readDocument } from '../store/instances.ts';
import { openStateDir } from '../store/index.ts';
import { forgetNode } from '../store/local-state.ts';
import { type LockedState, lockState, removeInstance, saveCurrent, saveInstance } from '../store/locked-state.ts';
import { buildkitdFlags } from './buildkitd-flags.ts';
import { currentEngine, isContext } from './current-engine.ts';
import { daemonConfig } from './daemon-config.ts';
import { defaultDriver, nodeEndpoint } from './new-node.ts';
import { randomBuilderName } from './random-name.ts';

export interface CreateSetting {
  /** 0 for no limit. */
  readonly timeoutMs: number;
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Makes a builder, or changes one; gives its name. When a node cannot be opened, all is as it was before. */
export async function createFound(
  options: CreateBuilderOptions,
  query: BuilderQuery,
  setting: CreateSetting,
): Promise<string> {
  const { append = false, node = '', endpoint = '' } = options;
  if (options.name === 'default') {
    throw invalid('default is a reserved name and cannot be used to identify builder instance');
  }
  if (append && !options.name) throw invalid('append requires a builder name');

  await using state = await lockState(openStateDir(query.config.dir, query.env), setting);
  const name = options.name || randomBuilderName((taken) => readDocument(state, taken) !== undefined);
  if (!append && (await isContext(name, query))) {
    throw invalid(`instance name ${goQuote(name)} already exists as context builder`);
  }
  validName(name);
  const found = readDocument(state, name);
  if (found === undefined && append) {
    throw new TsbuildxError('NOT_FOUND', `failed to find instance ${goQuote(name)} for append`);
  }
  const place = { builder: name, node, endpoint, buildkitHost: query.env['BUILDKIT_HOST'] ?? '' };
  const driver = options.driver || (found?.driver ?? defaultDriver(place));
  checkFound(found, { name, driver, node, append });
  const { allowsInstances } = await driverFactory(driver);
  if (!allowsInstances) throw invalid(`additional instances of driver ${goQuote(driver)} cannot be created`);

  const config = await daemonConfig(options.buildkitdConfig, driver, state);
  const flags = buildkitdFlags(options.buildkitdFlags ?? null, {
    driver,
    network: options.driverOpts?.['network'],
    configured: config?.entitlements ?? [],
  });
  const at = await nodeEndpoint(driver, place, query);
  const { instance, needsRestart } = withNode(found ?? { name, driver, nodes: [], dynamic: false, more: {} }, {
    name: node,
    endpoint: at.endpoint,
    endpointGiven: at.given,
    append,
    platforms: (options.platforms ?? []).map((platform) => normalizePlatform(parsePlatform(platform))),
    driverOpts: options.driverOpts ?? null,
    flags,
    files: config === undefined ? null : inBase64(config.files),
  });
  if (needsRestart) setting.onWarning('new settings may not be used until builder is restarted');

  saveInstance(state, instance, new Date());
  try {
    await checkNodes(instance, query, setting);
  } catch (error) {
    restore(state, instance, found);
    throw error;
  }
  if (options.use === true) {
    const { key } = await currentEngine(query);
    saveCurrent(state, { key, name: instance.name, global: false }, false);
  }
  return instance.name;
}

function inBase64(files: Readonly<Record<string, Uint8Array>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, data]): [string, string] => [name, Buffer.from(data).toString('base64')]),
  );
}

/** Takes a node away from a builder. Rejects with INVALID_ARGUMENT, NOT_FOUND, IO, CANCELED. */
export async function leaveFound(
  { name, node }: { readonly name: string; readonly node: string },
  query: BuilderQuery,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  if (name === '') throw invalid('leave requires instance name');
  if (node === '') throw invalid('leave requires node name');
  await using state = await lockState(openStateDir(query.config.dir, query.env), { signal });
  validName(name);
  const found = readDocument(state, name);
  if (found === undefined) {
    throw new TsbuildxError('NOT_FOUND', `failed to find instance ${goQuote(name)} for leave`);
  }
  const instance = withoutNode(found, node);
  forgetNode(state, instance.name, node);
  saveInstance(state, instance, new Date());
}

function checkFound(
  found: InstanceDocument | undefined,
  wanted: { readonly name: string; readonly driver: string; readonly node: string; readonly append: boolean },
): void {
  if (found === undefined) return;
  const name = goQuote(wanted.name);
  if (wanted.node === '' && !wanted.append) {
    throw invalid(
      `existing instance for ${name} but no append mode, specify the node name to make changes for existing instances`,
    );
  }
  if (wanted.driver !== found.driver) {
    throw invalid(`existing instance for ${name} but has mismatched driver ${goQuote(found.driver)}`);
  }
}

/** All nodes are asked; one that does not run is right, one that could not is not. */
async function checkNodes(
  document: InstanceDocument,
  query: BuilderQuery,
  { timeoutMs, signal }: CreateSetting,
): Promise<void> {
  const instance = instanceOf(document);
  const { nodes, error } = await inspectFound(foundInstance(instance, query), query, {
    timeoutMs,
    signal,
    bootstrap: undefined,
  });
  if (error !== undefined) throw error;
  const broken = nodes.find((node) => node.error !== undefined);
  if (broken?.error === undefined) return;
  const text = `failed to initialize builder ${instance.name} (${broken.name}): ${broken.error.message}`;
  throw new TsbuildxError(broken.error.code, text, { cause: broken.error });
}

function restore(state: LockedState, instance: InstanceDocument, before: InstanceDocument | undefined): void {
  try {
    if (before === undefined) removeInstance(state, instance.name);
    else saveInstance(state, before, new Date());
  } catch (error) {
    throw new TsbuildxError('IO', `could not rollback to previous state: ${messageOf(error)}`, { cause: error });
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
