/** 16 random bytes in hexadecimal, not all of them zero. Ids of spans need not be unguessable. */
export function newTraceId(): string {
  return `${newSpanId()}${newSpanId()}`;
}

/** 8 random bytes in hexadecimal, not all of them zero. */
export function newSpanId(): string {
  const half = (): string =>
    Math.floor(Math.random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  const id = half() + half();
  return id === '0000000000000000' ? '0000000000000001' : id;
}
