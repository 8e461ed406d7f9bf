import type { BuildMeter, EventReader } from '../../index.ts';

/** Builds, and lets a meter take in what the build tells and how it ends. */
export async function withMeter<T>(
  meter: BuildMeter | undefined,
  onEvent: EventReader,
  build: (onEvent: EventReader) => Promise<T>,
): Promise<T> {
  if (meter === undefined) return await build(onEvent);
  try {
    const result = await build((event) => {
      meter.note(event);
      return onEvent(event);
    });
    meter.end();
    return result;
  } catch (error) {
    meter.end(error);
    throw error;
  }
}
