// Matches Go's Time.Local: a time in the zone of this machine, by the abbreviation that the zone database has for it.
import { readFileSync } from 'node:fs';
import { type GoTime, utcTime } from '../../base/go-time.ts';

/**
 * Nanoseconds since the epoch in the zone of this machine.
 * @param ruleOf the rule of a zone by its name, of this machine's own without one; undefined when it is not known
 */
export function localTime(
  unixNano: bigint,
  ruleOf: (name: string | undefined) => string | undefined = zoneRule,
): GoTime {
  const offset = new Date(Number(unixNano / 1_000_000n)).getTimezoneOffset() * -60;
  if (process.env['TZ'] === '') return utcTime(unixNano);
  const names = zoneNames(ruleOf(process.env['TZ']?.replace(/^:/, '')));
  return {
    unixNano,
    offset,
    zone: (offset === names.offset ? names.standard : names.summer) ?? (offset === 0 ? 'UTC' : ''),
  };
}

interface ZoneNames {
  readonly standard?: string | undefined;
  /** Seconds east of UTC in winter. */
  readonly offset?: number | undefined;
  readonly summer?: string | undefined;
}

/** The last line of a zone's file: `CET-1CEST,M3.5.0,M10.5.0/3`. */
function zoneRule(name: string | undefined): string | undefined {
  try {
    const file = name === undefined ? '/etc/localtime' : `/usr/share/zoneinfo/${name}`;
    return readFileSync(file, 'latin1').trimEnd().split('\n').at(-1);
  } catch {
    return undefined;
  }
}

function zoneNames(rule = ''): ZoneNames {
  const [, standard, sign, hours, minutes = '0', summer] =
    /^(<[^>]+>|[A-Za-z]+)([+-]?)(\d+)(?::(\d+))?(?::\d+)?(<[^>]+>|[A-Za-z]+)?/.exec(rule) ?? [];
  const west = (Number(hours) * 60 + Number(minutes)) * 60;
  return { standard: bare(standard), offset: (sign === '-' ? west : -west) + 0, summer: bare(summer) };
}

function bare(name: string | undefined): string | undefined {
  return name?.replaceAll(/[<>]/g, '');
}
