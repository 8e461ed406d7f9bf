/** Wires the buttons that make a graph larger and smaller. At first it is as wide as its frame, and never larger than drawn. */
export function setUpGraph(graph: HTMLElement): void {
  const frame = graph.querySelector<HTMLElement>('.frame');
  const svg = graph.querySelector('svg');
  const buttons = graph.querySelector<HTMLElement>('.controls');
  if (frame === null || svg === null || buttons === null) return;
  const { width, height } = svg.viewBox.baseVal;
  const fit = (): number => Math.min(1, frame.clientWidth / width);
  let scale = Math.max(fit(), 0.7);
  const show = (): void => {
    svg.style.width = `${width * scale}px`;
    svg.style.height = `${height * scale}px`;
  };
  const zoom = (next: number): void => {
    const middle = (frame.scrollLeft + frame.clientWidth / 2) / scale;
    const center = (frame.scrollTop + frame.clientHeight / 2) / scale;
    scale = Math.min(2, Math.max(0.05, next));
    show();
    frame.scrollTo(middle * scale - frame.clientWidth / 2, center * scale - frame.clientHeight / 2);
  };
  buttons.hidden = false;
  buttons.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const kind = target.dataset['zoom'];
    if (kind === 'in') zoom(scale * 1.4);
    else if (kind === 'out') zoom(scale / 1.4);
    else if (kind === 'all') zoom(Math.min(fit(), frame.clientHeight / height));
  });
  show();
}
