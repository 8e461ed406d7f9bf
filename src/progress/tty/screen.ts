// The small terminal in which a running step's output is followed: what programs redraw is shown as they mean it.
/* oxlint-disable no-control-regex -- control characters are what this is about */
import { cellWidth, isMark } from './cell-width.ts';

/** Control sequences of a terminal, and single control characters. */
const control =
  /\u001b(?:\[([ -?]*)([@-~])|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*([0-~]))|\u009b([ -?]*)([@-~])|[\0-\u001f\u007f-\u009f]/g;
/** A sequence of which the end is still to come. */
const unfinished = /(?:\u001b(?:\[[ -?]*|[\]PX^_][^\u0007\u001b]*\u001b?|[ -/]*)?|\u009b[ -?]*)$/;
const maxUnfinished = 4096;
/** Bytes of output that nobody has looked at yet. */
const maxWaiting = 65_536;
/** UTF-16 units of a character with its marks. */
const maxCellLength = 16;

export class Screen {
  #width: number;
  #height: number;
  /** Cells; the second one of a wide character is empty. */
  #rows: string[][];
  #row = 0;
  #column = 0;
  #saved = { row: 0, column: 0 };
  #rest = '';
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  readonly #decoder = new TextDecoder();
  /** Bytes received so far. */
  written = 0;

  constructor(width: number, height: number) {
    this.#width = Math.max(width, 1);
    this.#height = Math.max(height, 1);
    this.#rows = this.#blankRows(this.#height);
  }

  /** Rows that are not blank, without trailing spaces. */
  get lines(): readonly string[] {
    this.#processWaiting();
    return this.#rows.map((row) => row.join('').trimEnd()).filter((line) => line !== '');
  }

  resize(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    this.#processWaiting();
    this.#width = Math.max(width, 1);
    this.#rows = this.#rows.map((row) => row.slice(0, this.#width).concat(blank(this.#width - row.length)));
    if (height < this.#rows.length) {
      const dropped = Math.min(this.#rows.length - height, Math.max(0, this.#row - height));
      this.#rows = this.#rows.slice(dropped, dropped + height);
      this.#row -= dropped;
    } else this.#rows.push(...this.#blankRows(height - this.#rows.length));
    this.#height = height;
    this.#row = Math.min(this.#row, height);
    this.#column = Math.min(this.#column, this.#width);
  }

  write(output: Uint8Array): void {
    this.written += output.length;
    this.#waiting.push(output);
    this.#waitingBytes += output.length;
    if (this.#waitingBytes > maxWaiting) this.#processWaiting();
  }

  /** Output is looked at when somebody wants to see it: most of it has left the screen by then. */
  #processWaiting(): void {
    const text = this.#waiting.map((output) => this.#decoder.decode(output, { stream: true })).join('');
    this.#waiting = [];
    this.#waitingBytes = 0;
    const all = this.#rest + text;
    const cut = unfinished.exec(all)?.index ?? all.length;
    this.#rest = all.length - cut > maxUnfinished ? '' : all.slice(cut);
    this.#process(this.#withoutScrolled(all.slice(0, cut)));
  }

  /** The end of the text that can still be seen when all of it was written. */
  #withoutScrolled(text: string): string {
    let start = text.length;
    for (let lines = 0; lines <= 2 * this.#height; lines++) {
      start = text.lastIndexOf('\n', start - 1);
      if (start <= 0) return text;
    }
    for (const row of this.#rows) row.fill(' ');
    this.#row = this.#height;
    this.#column = 0;
    return text.slice(start + 1);
  }

  #process(text: string): void {
    let at = 0;
    for (const match of text.matchAll(control)) {
      for (const char of text.slice(at, match.index)) this.#put(char);
      this.#control(match);
      at = match.index + match[0].length;
    }
    for (const char of text.slice(at)) this.#put(char);
  }

  #control([whole, args, csi, escape, c1Args, c1Csi]: RegExpExecArray): void {
    if (csi !== undefined) this.#sequence(csi, args ?? '');
    else if (c1Csi !== undefined) this.#sequence(c1Csi, c1Args ?? '');
    else if (escape === '7') this.#save();
    else if (escape === '8') this.#restore();
    else if (whole.length === 1) this.#controlCharacter(whole);
  }

  #put(char: string): void {
    const width = cellWidth(char);
    if (width === 0) {
      this.#combine(char);
      return;
    }
    if (this.#column + width > this.#width) {
      this.#nextLine();
    }
    if (this.#row === this.#height) this.#scroll();
    const row = this.#rows[this.#row];
    if (row === undefined) return;
    // Half of a wide character that is written over is blank.
    if (row[this.#column] === '' && this.#column > 0) row[this.#column - 1] = ' ';
    row[this.#column] = char;
    if (width === 2 && this.#column + 1 < this.#width) row[this.#column + 1] = '';
    const after = this.#column + width;
    if (row[after] === '') row[after] = ' ';
    this.#column = after;
  }

  /** Puts a mark onto the character before it. */
  #combine(mark: string): void {
    if (!isMark(mark)) return;
    const row = this.#rows[this.#row];
    const at = row?.[this.#column - 1] === '' ? this.#column - 2 : this.#column - 1;
    const cell = row?.[at];
    if (row !== undefined && cell !== undefined && cell.length < maxCellLength) row[at] = cell + mark;
  }

  /** The line below the last one is made when something is written to it, so that no row is lost for an empty one. */
  #nextLine(): void {
    this.#row++;
    this.#column = 0;
    if (this.#row > this.#height) this.#scroll();
  }

  #scroll(): void {
    const first = this.#rows.shift();
    if (first !== undefined) this.#rows.push(first.fill(' '));
    this.#row--;
  }

  #controlCharacter(char: string): void {
    switch (char) {
      case '\n':
        this.#nextLine();
        break;
      case '\r':
        this.#column = 0;
        break;
      case '\b':
        this.#column = Math.max(0, Math.min(this.#column, this.#width) - 1);
        break;
      case '\t':
        this.#column = Math.min(this.#width - 1, (this.#column >> 3) * 8 + 8);
        break;
      default:
      // The others have no place on a screen.
    }
  }

  #sequence(command: string, args: string): void {
    const numbers = args.split(';').map((arg) => (/^\d{1,6}$/.test(arg) ? Number(arg) : undefined));
    const first = numbers[0];
    const count = Math.max(first ?? 1, 1);
    switch (command) {
      case 'A':
        return this.#move(this.#row - count, this.#column);
      case 'B':
        return this.#move(this.#row + count, this.#column);
      case 'C':
        return this.#move(this.#row, this.#column + count);
      case 'D':
        return this.#move(this.#row, this.#column - count);
      case 'E':
        return this.#move(this.#row + count, 0);
      case 'F':
        return this.#move(this.#row - count, 0);
      case 'G':
        return this.#move(this.#row, count - 1);
      case 'H':
      case 'f':
        return this.#move(count - 1, Math.max(numbers[1] ?? 1, 1) - 1);
      case 'J':
        return this.#eraseRows(first ?? 0);
      case 'K':
        return this.#eraseColumns(first ?? 0);
      case 's':
        return this.#save();
      case 'u':
        return this.#restore();
      default:
      // Colours and modes change nothing that is shown here.
    }
  }

  #move(row: number, column: number): void {
    this.#row = Math.max(0, Math.min(row, this.#height - 1));
    this.#column = Math.max(0, Math.min(column, this.#width - 1));
  }

  #save(): void {
    this.#saved = { row: this.#row, column: this.#column };
  }

  #restore(): void {
    this.#move(this.#saved.row, this.#saved.column);
  }

  /** 0: from the cursor on, 1: up to the cursor, 2: the whole line. */
  #eraseColumns(part: number): void {
    const row = this.#rows[this.#row];
    row?.fill(' ', part === 0 ? this.#column : 0, part === 1 ? this.#column + 1 : this.#width);
  }

  #eraseRows(part: number): void {
    const first = part === 0 ? this.#row : 0;
    const last = part === 1 ? this.#row : this.#height - 1;
    for (let row = first; row <= last; row++) this.#rows[row]?.fill(' ');
  }

  #blankRows(count: number): string[][] {
    return Array.from({ length: count }, () => blank(this.#width));
  }
}

function blank(width: number): string[] {
  return Array<string>(Math.max(width, 0)).fill(' ');
}
