import { type Row, readRows, visibleRows } from './row.ts';
import { TimeWindow } from './time-window.ts';

/** A waterfall that can be searched, narrowed, zoomed, and walked through with keys. */
export class WaterfallView {
  readonly #root: HTMLElement;
  readonly #rows: readonly Row[];
  readonly #byItem: ReadonlyMap<Element, Row>;
  readonly #search: HTMLInputElement | null;
  readonly #time: TimeWindow | undefined;
  #visible: readonly Row[];
  #kind = '';

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#rows = readRows(root);
    this.#byItem = new Map(this.#rows.map((row) => [row.item, row]));
    this.#visible = this.#rows;
    this.#search = root.querySelector('input[type=search]');
    const axis = root.querySelector<SVGSVGElement>('.axis');
    const lines = root.querySelector<SVGSVGElement>('.lines');
    if (axis !== null && lines !== null) {
      this.#time = new TimeWindow(axis, lines, this.#rows, Number(root.dataset['duration']));
    }
    for (const { summary } of this.#rows) summary.tabIndex = -1;
    if (this.#rows[0] !== undefined) this.#rows[0].summary.tabIndex = 0;
    this.#listen();
    this.#goToHash();
  }

  focusSearch(): void {
    this.#search?.focus();
    this.#search?.select();
  }

  zoom(factor: number): void {
    this.#time?.zoom(factor);
  }

  showAll(): void {
    this.#time?.showAll();
  }

  #listen(): void {
    const controls = this.#root.querySelector<HTMLElement>('.controls');
    if (controls !== null) controls.hidden = false;
    controls?.addEventListener('click', (event) => this.#onControl(event));
    this.#search?.addEventListener('input', () => this.#narrow());
    this.#search?.addEventListener('keydown', (event) => this.#onSearchKey(event));
    const list = this.#root.querySelector<HTMLElement>('.rows');
    list?.addEventListener('keydown', (event) => this.#onRowKey(event));
    list?.addEventListener('click', (event) => this.#onRowClick(event));
    list?.addEventListener('focusin', ({ target }) => {
      const row = this.#rowOf(target);
      if (row !== undefined && target === row.summary) this.#letFocus(row);
    });
    list?.addEventListener('wheel', (event) => this.#onWheel(event), { passive: false });
    window.addEventListener('hashchange', () => this.#goToHash());
    if (this.#time !== undefined) {
      new ResizeObserver(() => this.#time?.draw()).observe(this.#root);
    }
  }

  #onControl({ target }: Event): void {
    if (!(target instanceof HTMLElement)) return;
    const { kind, zoom } = target.dataset;
    if (kind !== undefined) {
      this.#kind = kind;
      for (const button of this.#root.querySelectorAll<HTMLElement>('[data-kind]'))
        button.setAttribute('aria-pressed', String(button === target));
      this.#narrow();
    }
    if (zoom === 'in') this.zoom(1 / 2);
    else if (zoom === 'out') this.zoom(2);
    else if (zoom === 'all') this.showAll();
  }

  #onSearchKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.#search !== null) {
      this.#search.value = '';
      this.#narrow();
      this.#search.blur();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      this.#focus(this.#visible[0]);
    }
  }

  #onRowKey(event: KeyboardEvent): void {
    const row = this.#rowOf(event.target);
    if (row === undefined || event.target !== row.summary || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = this.#visible.indexOf(row);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#focus(this.#visible[index + 1]),
      ArrowUp: () => this.#focus(this.#visible[index - 1]),
      Home: () => this.#focus(this.#visible[0]),
      End: () => this.#focus(this.#visible.at(-1)),
      ArrowRight: () => this.#openRow(row),
      ArrowLeft: () => this.#closeRow(row, index),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  /** A closed branch is opened first, then the details. */
  #openRow(row: Row): void {
    if (row.isCollapsed) this.#collapse(row, false);
    else row.details.open = true;
  }

  /** The details are closed first, then the branch, then one goes up. */
  #closeRow(row: Row, index: number): void {
    if (row.details.open) row.details.open = false;
    else if (row.isBranch && !row.isCollapsed) this.#collapse(row, true);
    else this.#focus(this.#visible.slice(0, index).findLast(({ depth }) => depth < row.depth));
  }

  #onRowClick(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || !target.classList.contains('twist')) return;
    event.preventDefault();
    const row = this.#rowOf(target);
    if (row !== undefined) this.#collapse(row, !row.isCollapsed);
  }

  #onWheel(event: WheelEvent): void {
    const along = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey) this.#time?.zoom(event.deltaY > 0 ? 1.25 : 0.8);
    else if (Math.abs(along) > Math.abs(event.shiftKey ? 0 : event.deltaY)) this.#time?.move(along / 1000);
    else return;
    event.preventDefault();
  }

  #collapse(row: Row, isCollapsed: boolean): void {
    row.isCollapsed = isCollapsed;
    row.item.classList.toggle('collapsed', isCollapsed);
    this.#narrow();
  }

  #narrow(): void {
    const words = (this.#search?.value ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const visible = visibleRows(this.#rows, this.#kind, words);
    for (const row of this.#rows) row.item.hidden = !visible.has(row);
    this.#visible = this.#rows.filter((row) => visible.has(row));
    const first = this.#visible[0];
    if (first !== undefined && !this.#visible.some(({ summary }) => summary.tabIndex === 0)) this.#letFocus(first);
    const none = this.#root.querySelector<HTMLElement>('.none');
    if (none !== null) none.hidden = this.#visible.length > 0;
    const found = this.#root.querySelector('.found');
    const isAll = words.length === 0 && this.#kind === '';
    if (found !== null) found.textContent = isAll ? '' : `${this.#visible.length} of ${this.#rows.length}`;
  }

  #goToHash(): void {
    const item = document.getElementById(location.hash.slice(1));
    const row = item === null ? undefined : this.#byItem.get(item);
    if (row === undefined) return;
    if (row.item.hidden && this.#search !== null) {
      this.#search.value = '';
      this.#root.querySelector<HTMLElement>('[data-kind=""]')?.click();
      for (const other of this.#rows) other.isCollapsed = false;
      this.#narrow();
    }
    row.details.open = true;
    this.#focus(row);
  }

  #focus(row: Row | undefined): void {
    row?.summary.focus({ preventScroll: true });
    row?.summary.scrollIntoView({ block: 'nearest' });
  }

  /** Of all rows only one is a stop of the Tab key. */
  #letFocus(row: Row): void {
    for (const { summary } of this.#rows) if (summary.tabIndex === 0) summary.tabIndex = -1;
    row.summary.tabIndex = 0;
  }

  #rowOf(target: EventTarget | null): Row | undefined {
    const item = target instanceof Element ? target.closest('.row') : null;
    return item === null ? undefined : this.#byItem.get(item);
  }
}
