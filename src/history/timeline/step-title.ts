/** The name of a step, taken apart: `[linux/arm64 build 2/7] RUN make`. */
export interface StepTitle {
  /** `linux/arm64` of a build for several platforms. */
  readonly platform?: string | undefined;
  /** Of the Dockerfile; `internal` of what the builder does for itself. */
  readonly stage?: string | undefined;
  /** `2/7`. */
  readonly place?: string | undefined;
  /** What it does. */
  readonly text: string;
}

const BRACKETS = /^\[([^\]]{1,200})\]\s*/;

export function stepTitle(name: string): StepTitle {
  const [whole = '', inside = ''] = BRACKETS.exec(name) ?? [];
  const text = name.slice(whole.length);
  if (whole === '' || text === '') return { text: name };
  const words = inside.split(' ');
  const place = /^\d+\/\d+$/.test(words.at(-1) ?? '') ? words.pop() : undefined;
  const platform = words.length > 0 && /^\w+\/[\w/.-]+$/.test(words[0] ?? '') ? words.shift() : undefined;
  return { platform, stage: words.length === 0 ? undefined : words.join(' '), place, text };
}
