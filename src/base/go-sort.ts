// Gives the order of Go's sort.Slice (pattern-defeating quicksort), which is not stable: what the reference sorts
// this way, and prints, has its equal elements in an order of its own.

/** Up to this length it is an insertion sort, and stable. */
const MAX_INSERTION = 12;
const NINTHER = 50;
const MAX_SWAPS = 12;

/** A copy of the list, in the order that Go's sort.Slice gives it. */
export function goSort<T>(list: readonly T[], isLess: (a: T, b: T) => boolean): T[] {
  const sorter = new Sorter([...list], isLess);
  sorter.sort(0, list.length, bitLength(list.length));
  return sorter.items;
}

class Sorter<T> {
  readonly items: T[];
  readonly #isLess: (a: T, b: T) => boolean;
  /** Inversions met while the last pivot was chosen. */
  #swaps = 0;

  constructor(items: T[], isLess: (a: T, b: T) => boolean) {
    this.items = items;
    this.#isLess = isLess;
  }

  /** Sorts from `start` up to `end`; after `badChoices` lopsided partitions it turns to a heap. */
  sort(start: number, end: number, badChoices: number): void {
    let wasBalanced = true;
    let wasPartitioned = true;
    while (end - start > MAX_INSERTION) {
      if (badChoices === 0) {
        this.#heapSort(start, end);
        return;
      }
      if (!wasBalanced) {
        this.#breakPatterns(start, end);
        badChoices--;
      }
      let pivot = this.#choosePivot(start, end);
      if (this.#swaps === MAX_SWAPS) {
        this.#reverse(start, end);
        pivot = end - 1 - (pivot - start);
        this.#swaps = 0;
      }
      if (wasBalanced && wasPartitioned && this.#swaps === 0 && this.#finishNearlySorted(start, end)) return;
      if (start > 0 && !this.#less(start - 1, pivot)) {
        start = this.#partitionEqual(start, end, pivot);
        continue;
      }
      const { middle, untouched } = this.#partition(start, end, pivot);
      wasPartitioned = untouched;
      wasBalanced = Math.min(middle - start, end - middle) >= Math.floor((end - start) / 8);
      if (middle - start < end - middle) {
        this.sort(start, middle, badChoices);
        start = middle + 1;
      } else {
        this.sort(middle + 1, end, badChoices);
        end = middle;
      }
    }
    this.#insertionSort(start, end);
  }

  #less(i: number, j: number): boolean {
    return this.#isLess(this.items[i] as T, this.items[j] as T);
  }

  #swap(i: number, j: number): void {
    const item = this.items[i] as T;
    this.items[i] = this.items[j] as T;
    this.items[j] = item;
  }

  #insertionSort(start: number, end: number): void {
    for (let i = start + 1; i < end; i++) this.#sinkLeft(i, start + 1);
  }

  /** Moves the element down to its place, not below `lowest - 1`. */
  #sinkLeft(from: number, lowest: number): void {
    for (let i = from; i >= lowest && this.#less(i, i - 1); i--) this.#swap(i, i - 1);
  }

  /** The median of three, or of three medians; counts the inversions on the way. */
  #choosePivot(start: number, end: number): number {
    const quarter = Math.floor((end - start) / 4);
    const [i, j, k] = [start + quarter, start + 2 * quarter, start + 3 * quarter];
    this.#swaps = 0;
    if (end - start < NINTHER) return this.#median(i, j, k);
    const low = this.#median(i - 1, i, i + 1);
    const middle = this.#median(j - 1, j, j + 1);
    return this.#median(low, middle, this.#median(k - 1, k, k + 1));
  }

  #median(a: number, b: number, c: number): number {
    const [low, high] = this.#ordered(a, b);
    const [middle] = this.#ordered(high, c);
    return this.#ordered(low, middle)[1];
  }

  #ordered(a: number, b: number): [number, number] {
    if (!this.#less(b, a)) return [a, b];
    this.#swaps++;
    return [b, a];
  }

  #reverse(start: number, end: number): void {
    for (let i = start, j = end - 1; i < j; i++, j--) this.#swap(i, j);
  }

  /** Repairs up to five inversions, in long lists only; true when nothing is left to do. */
  #finishNearlySorted(start: number, end: number): boolean {
    let i = start + 1;
    for (let step = 0; step < 5; step++) {
      while (i < end && !this.#less(i, i - 1)) i++;
      if (i === end) return true;
      if (end - start < NINTHER) return false;
      this.#swap(i, i - 1);
      if (i - start >= 2) this.#sinkLeft(i - 1, 1);
      if (end - i >= 2) for (let j = i + 1; j < end && this.#less(j, j - 1); j++) this.#swap(j, j - 1);
    }
    return false;
  }

  /** Gathers what equals the pivot on the left; where the rest begins. */
  #partitionEqual(start: number, end: number, pivot: number): number {
    this.#swap(start, pivot);
    let i = start + 1;
    let j = end - 1;
    while (true) {
      while (i <= j && !this.#less(start, i)) i++;
      while (i <= j && this.#less(start, j)) j--;
      if (i > j) return i;
      this.#swap(i++, j--);
    }
  }

  /** Smaller ones to the left of the pivot, others to the right; where the pivot ends up. */
  #partition(start: number, end: number, pivot: number): { middle: number; untouched: boolean } {
    this.#swap(start, pivot);
    let i = start + 1;
    let j = end - 1;
    let untouched = true;
    while (true) {
      while (i <= j && this.#less(i, start)) i++;
      while (i <= j && !this.#less(j, start)) j--;
      if (i > j) break;
      this.#swap(i++, j--);
      untouched = false;
    }
    this.#swap(j, start);
    return { middle: j, untouched };
  }

  /** Scatters three elements around the middle, by a generator seeded with the length. */
  #breakPatterns(start: number, end: number): void {
    const length = end - start;
    const modulus = 1n << BigInt(bitLength(length));
    const middle = start + Math.floor(length / 4) * 2 - 1;
    let random = BigInt(length);
    for (let i = 0; i < 3; i++) {
      random ^= BigInt.asUintN(64, random << 13n);
      random ^= random >> 7n;
      random ^= BigInt.asUintN(64, random << 17n);
      const other = Number(random % modulus);
      this.#swap(middle - 1 + i, start + (other >= length ? other - length : other));
    }
  }

  #heapSort(start: number, end: number): void {
    const length = end - start;
    for (let i = Math.floor((length - 1) / 2); i >= 0; i--) this.#siftDown(i, length, start);
    for (let i = length - 1; i >= 0; i--) {
      this.#swap(start, start + i);
      this.#siftDown(0, i, start);
    }
  }

  #siftDown(from: number, length: number, start: number): void {
    let root = from;
    while (true) {
      let child = 2 * root + 1;
      if (child >= length) return;
      if (child + 1 < length && this.#less(start + child, start + child + 1)) child++;
      if (!this.#less(start + root, start + child)) return;
      this.#swap(start + root, start + child);
      root = child;
    }
  }
}

/** Digits of the number in base 2. */
function bitLength(value: number): number {
  return value === 0 ? 0 : 32 - Math.clz32(value);
}
