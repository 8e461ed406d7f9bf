import { axisTimes } from '../axis.ts';
import { timeText } from '../texts.ts';
import type { Row } from './row.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';
/** Milliseconds that are shown at least. */
const smallest = 0.01;

/** The part of the time that the bars show. */
export class TimeWindow {
  readonly #axis: SVGSVGElement;
  readonly #lines: SVGSVGElement;
  readonly #rows: readonly Row[];
  readonly #duration: number;
  #from = 0;
  #to: number;

  constructor(axis: SVGSVGElement, lines: SVGSVGElement, rows: readonly Row[], duration: number) {
    this.#axis = axis;
    this.#lines = lines;
    this.#rows = rows;
    this.#duration = duration;
    this.#to = duration;
    this.#followPointer();
  }

  /** Shows `factor` times as much, around a place: 0 is the left end, 1 the right. */
  zoom(factor: number, around = 0.5): void {
    const middle = this.#from + (this.#to - this.#from) * around;
    this.show(middle - (middle - this.#from) * factor, middle + (this.#to - middle) * factor);
  }

  /** Moves by a part of what is shown. */
  move(part: number): void {
    const span = this.#to - this.#from;
    const from = Math.min(Math.max(0, this.#from + span * part), this.#duration - span);
    this.show(from, from + span);
  }

  show(from: number, to: number): void {
    this.#from = Math.max(0, from);
    this.#to = Math.min(this.#duration, Math.max(to, this.#from + smallest));
    this.draw();
  }

  showAll(): void {
    this.show(0, this.#duration);
  }

  /** Also after the width changed. */
  draw(): void {
    const span = this.#to - this.#from;
    for (const { bars } of this.#rows) {
      const lanes = bars?.viewBox.baseVal.height ?? 1;
      bars?.setAttribute('viewBox', `${this.#from} 0 ${span} ${lanes}`);
    }
    const most = Math.max(2, Math.floor(this.#axis.clientWidth / 90));
    const marks = axisTimes(this.#from, this.#to, most).map((time) => ({
      x: `${((time - this.#from) / span) * 100}%`,
      time,
    }));
    this.#axis.replaceChildren(
      ...marks
        .filter(({ time }) => time < this.#to - span * 0.04)
        .map(({ x, time }) => {
          const text = document.createElementNS(svgNamespace, 'text');
          text.setAttribute('x', x);
          text.setAttribute('y', '11');
          text.textContent = timeText(time);
          return text;
        }),
    );
    this.#lines.replaceChildren(
      ...marks.map(({ x }) => {
        const line = document.createElementNS(svgNamespace, 'line');
        for (const [name, value] of Object.entries({ x1: x, x2: x, y1: '0', y2: '100%' }))
          line.setAttribute(name, value);
        return line;
      }),
    );
  }

  /** A part of the axis that is dragged over is what is shown then; two clicks show all. */
  #followPointer(): void {
    const axis = this.#axis;
    const placeOf = ({ clientX }: PointerEvent): number => {
      const { left, width } = axis.getBoundingClientRect();
      return Math.min(1, Math.max(0, (clientX - left) / width));
    };
    let start: number | undefined;
    const mark = document.createElementNS(svgNamespace, 'rect');
    mark.setAttribute('height', '100%');
    axis.addEventListener('pointerdown', (event) => {
      start = placeOf(event);
      axis.setPointerCapture(event.pointerId);
    });
    axis.addEventListener('pointermove', (event) => {
      if (start === undefined) return;
      const place = placeOf(event);
      mark.setAttribute('x', `${Math.min(start, place) * 100}%`);
      mark.setAttribute('width', `${Math.abs(place - start) * 100}%`);
      axis.append(mark);
    });
    axis.addEventListener('pointerup', (event) => {
      const [a, b] = [start ?? 0, placeOf(event)].sort((one, other) => one - other);
      start = undefined;
      mark.remove();
      const span = this.#to - this.#from;
      if (a !== undefined && b !== undefined && b - a > 0.01) this.show(this.#from + span * a, this.#from + span * b);
    });
    axis.addEventListener('dblclick', () => this.showAll());
  }
}
