import type { WaterfallView } from './waterfall-view.ts';

/** Keys that work everywhere on a page but in fields, and the list of them. */
export function setUpKeys({
  view,
  switchTheme,
}: {
  readonly view: WaterfallView | undefined;
  readonly switchTheme: () => void;
}): void {
  const help = document.querySelector<HTMLDialogElement>('#help');
  const actions: Readonly<Record<string, () => void>> = {
    '/': () => view?.focusSearch(),
    '?': () => help?.showModal(),
    '+': () => view?.zoom(1 / 2),
    '=': () => view?.zoom(1 / 2),
    '-': () => view?.zoom(2),
    '0': () => view?.showAll(),
    t: switchTheme,
  };
  document.getElementById('keys')?.addEventListener('click', () => help?.showModal());
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    const isTyping = target instanceof HTMLElement && (target.tagName === 'INPUT' || target.isContentEditable);
    if (isTyping || help?.open === true || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
