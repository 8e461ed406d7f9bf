// Matches compose-go loader/interpolate.go: what interpolated texts must be.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { PathTable } from './tree-path.ts';
import type { ComposeValue } from './value.ts';

/** Throws INVALID_ARGUMENT. */
export type Cast = (text: string, onWarning?: (message: string) => void) => ComposeValue;

const integer = (call: string): Cast => {
  return (text) => {
    if (!/^[+-]?[0-9]+$/.test(text)) throw notANumber(call, text, 'invalid syntax');
    const value = BigInt(text.replace(/^\+/, ''));
    if (BigInt.asIntN(64, value) !== value) throw notANumber(call, text, 'value out of range');
    return value;
  };
};

const toInt = integer('Atoi');
const toInt64 = integer('ParseInt');

const floatStyle = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|infinity|nan)$/i;

const toFloat: Cast = (text) => {
  if (!floatStyle.test(text)) throw notANumber('ParseFloat', text, 'invalid syntax');
  return Number(text);
};

function notANumber(call: string, text: string, why: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `strconv.${call}: parsing ${goQuote(text)}: ${why}`);
}

const booleans = new Map([
  ...['true', 'y', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', 'n', 'no', 'off'].map((word) => [word, false] as const),
]);

/** A boolean of YAML 1.2, or one of the words that 1.1 had, of which it warns. Throws INVALID_ARGUMENT. */
export const toBoolean: Cast = (text, onWarning) => {
  const word = text.toLowerCase();
  const value = booleans.get(word);
  if (value === undefined) throw new TsbuildxError('INVALID_ARGUMENT', `invalid boolean: ${text}`);
  if (word !== String(value)) {
    onWarning?.(`${goQuote(text)} for boolean is not supported by YAML 1.2, please use \`${value}\``);
  }
  return value;
};

const ofServices: Readonly<Record<string, Cast>> = {
  cpu_count: toInt64,
  cpu_percent: toFloat,
  cpu_period: toInt64,
  cpu_quota: toInt64,
  cpu_rt_period: toInt64,
  cpu_rt_runtime: toInt64,
  cpus: toFloat,
  cpu_shares: toInt64,
  init: toBoolean,
  'depends_on.*.required': toBoolean,
  'depends_on.*.restart': toBoolean,
  'deploy.replicas': toInt,
  'deploy.update_config.parallelism': toInt,
  'deploy.update_config.max_failure_ratio': toFloat,
  'deploy.rollback_config.parallelism': toInt,
  'deploy.rollback_config.max_failure_ratio': toFloat,
  'deploy.restart_policy.max_attempts': toInt,
  'deploy.placement.max_replicas_per_node': toInt,
  'healthcheck.retries': toInt,
  'healthcheck.disable': toBoolean,
  oom_kill_disable: toBoolean,
  oom_score_adj: toInt64,
  pids_limit: toInt64,
  'ports.[].target': toInt,
  privileged: toBoolean,
  read_only: toBoolean,
  scale: toInt,
  stdin_open: toBoolean,
  tty: toBoolean,
  'ulimits.*': toInt,
  'ulimits.*.hard': toInt,
  'ulimits.*.soft': toInt,
  'volumes.[].read_only': toBoolean,
  'volumes.[].volume.nocopy': toBoolean,
};

const ofOthers: Readonly<Record<string, Cast>> = {
  'networks.*.external': toBoolean,
  'networks.*.internal': toBoolean,
  'networks.*.attachable': toBoolean,
  'networks.*.enable_ipv4': toBoolean,
  'networks.*.enable_ipv6': toBoolean,
  'volumes.*.external': toBoolean,
  'secrets.*.external': toBoolean,
  'configs.*.external': toBoolean,
};

export const casts: PathTable<Cast> = new PathTable({
  ...Object.fromEntries(Object.entries(ofServices).map(([path, cast]) => [`services.*.${path}`, cast])),
  ...ofOthers,
});
