// Matches client-go tools/clientcmd/{client_config,validation}.go: what a configuration says of one context, same error texts.
import { accessSync, constants } from 'node:fs';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import type { Cluster, Context, Kubeconfig, User } from './kubeconfig.ts';

export interface ChosenContext {
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly user: User;
}

const NO_CONFIGURATION = 'no configuration has been provided, try setting KUBERNETES_MASTER environment variable';

/** What a context means; the current one when `name` is empty. Throws INVALID_ARGUMENT. */
export function chooseContext(config: Kubeconfig, name = ''): ChosenContext {
  const wanted = name || config.currentContext;
  const context = config.contexts.get(wanted);
  if (name !== '' && context === undefined) throw invalid(`context ${goQuote(name)} does not exist`);
  const cluster = config.clusters.get(context?.cluster ?? '');
  const user = config.users.get(context?.user ?? '');
  const problems = [
    ...(wanted !== '' && context === undefined ? [`context was not found for specified context: ${wanted}`] : []),
    ...(user === undefined ? [] : userProblems(context?.user ?? '', user)),
    ...(cluster === undefined ? ['cluster has no server defined'] : clusterProblems(context?.cluster ?? '', cluster)),
  ];
  if (cluster === undefined || problems.length > 0) {
    const isEmpty = problems.length === 1 && cluster === undefined;
    const all = isEmpty ? NO_CONFIGURATION : problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`;
    throw invalid(`invalid configuration: ${all}`);
  }
  return { namespace: namespaceOf(context), cluster, user: user ?? nobody };
}

function namespaceOf(context: Context | undefined): string {
  return context?.namespace || 'default';
}

/** Who says nothing about itself. */
export const nobody: User = {
  certFile: '',
  certData: Buffer.alloc(0),
  keyFile: '',
  keyData: Buffer.alloc(0),
  token: '',
  tokenFile: '',
  username: '',
  password: '',
  impersonate: { user: '', uid: '', groups: [], extra: {} },
  exec: undefined,
  authProvider: undefined,
};

function clusterProblems(name: string, cluster: Cluster): string[] {
  const problems: string[] = [];
  if (cluster.server === '') problems.push(`no server found for cluster ${goQuote(name)}`);
  if (cluster.proxyUrl !== '' && !isProxyUrl(cluster.proxyUrl)) {
    problems.push(`invalid 'proxy-url' ${goQuote(redacted(cluster.proxyUrl))} for cluster ${goQuote(name)}`);
  }
  if (cluster.caFile !== '' && cluster.caData.length > 0) {
    problems.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    );
  }
  problems.push(...unreadable('certificate-authority', cluster.caFile, name));
  return problems;
}

function userProblems(name: string, user: User): string[] {
  const problems: string[] = [];
  const hasCert = user.certFile !== '' || user.certData.length > 0;
  if (hasCert) {
    if (user.certFile !== '' && user.certData.length > 0) {
      problems.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`);
    }
    if (user.keyFile !== '' && user.keyData.length > 0) {
      problems.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
    }
    if (user.keyFile === '' && user.keyData.length === 0) {
      problems.push(
        `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
      );
    }
    problems.push(...unreadable('client-cert', user.certFile, name), ...unreadable('client-key', user.keyFile, name));
  }
  problems.push(...execProblems(name, user));
  if (user.token !== '' && (user.username !== '' || user.password !== '')) {
    problems.push(
      `more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`,
    );
  }
  const { uid, groups, extra, user: as } = user.impersonate;
  if (as === '' && (uid !== '' || groups.length > 0 || Object.keys(extra).length > 0)) {
    problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  }
  return problems;
}

function execProblems(name: string, { exec, authProvider }: User): string[] {
  if (exec === undefined) return [];
  const problems: string[] = [];
  const missing = (what: string): string => `${what} must be specified for ${name} to use exec authentication plugin`;
  if (authProvider !== undefined) {
    problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
  }
  if (exec.command === '') problems.push(missing('command'));
  if (exec.apiVersion === '') problems.push(missing('apiVersion'));
  for (const entry of exec.env) if (entry.name === '') problems.push(missing('env variable name'));
  if (exec.interactiveMode === '') problems.push(missing('interactiveMode'));
  else if (!['Never', 'IfAvailable', 'Always'].includes(exec.interactiveMode)) {
    problems.push(`invalid interactiveMode for ${name}: ${goQuote(exec.interactiveMode)}`);
  }
  return problems;
}

function unreadable(what: string, file: string, name: string): string[] {
  if (file === '') return [];
  try {
    accessSync(file, constants.R_OK);
    return [];
  } catch (error) {
    return [`unable to read ${what} ${file} for ${name} due to ${messageOf(error)}`];
  }
}

function isProxyUrl(text: string): boolean {
  return /^(?:https?|socks5h?):$/.test(URL.parse(text)?.protocol ?? '');
}

/** A proxy's password is nobody's business. */
function redacted(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//***@');
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
