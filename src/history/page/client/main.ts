// What a page does beyond what its markup does by itself. Bundled into generated.js by `npm run generate`.
import { setUpGraph } from './graph.ts';
import { setUpKeys } from './keys.ts';
import { setUpTheme } from './theme.ts';
import { WaterfallView } from './waterfall-view.ts';

const root = document.querySelector<HTMLElement>('.waterfall');
const view = root === null ? undefined : new WaterfallView(root);
const switchTheme = setUpTheme();
setUpKeys({ view, switchTheme });
for (const graph of document.querySelectorAll<HTMLElement>('.graph')) setUpGraph(graph);
for (const tools of document.querySelectorAll<HTMLElement>('.tools')) tools.hidden = false;
document.documentElement.dataset['drawn'] = String(Math.round(performance.now()));
