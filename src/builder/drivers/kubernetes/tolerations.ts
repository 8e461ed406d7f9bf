// Matches buildx driver/kubernetes/factory.go: `key=a,operator=Equal,value=b,effect=NoSchedule;key=c`.
import { goQuote } from '../../../base/go-quote.ts';
import { invalidOption as invalid } from '../options.ts';

/** As Kubernetes has it; what is empty is absent. */
export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

/** Throws INVALID_ARGUMENT. A part without one `=` is passed over, as buildx does. */
export function parseTolerations(text: string): readonly Toleration[] {
  return text.split(';').map((part) => {
    const toleration: Toleration = {};
    for (const pair of part.split(',')) {
      const [name, value, ...rest] = pair.split('=');
      if (name === undefined || value === undefined || rest.length > 0) continue;
      set(toleration, name, value, text);
    }
    return toleration;
  });
}

function set(toleration: Toleration, name: string, value: string, whole: string): void {
  switch (name) {
    case 'key':
    case 'operator':
    case 'value':
    case 'effect':
      if (value === '') delete toleration[name];
      else toleration[name] = value;
      break;
    case 'tolerationSeconds':
      toleration.tolerationSeconds = seconds(value);
      break;
    default:
      throw invalid(`invalid tolaration ${goQuote(whole)}`); // buildx's own spelling
  }
}

function seconds(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw invalid(`strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw invalid(`strconv.Atoi: parsing ${goQuote(text)}: value out of range`);
  return value;
}
