import { type Html, html } from '../page/html.ts';
import { pairHtml } from '../page/pairs.ts';
import { countText, sizeText } from '../page/texts.ts';
import type { ReportModel, ReportParameters, SourceLines } from './report-model.ts';
import type { Section } from './report-page.ts';
import { lastLines, shortName, stepId } from './step-rows.ts';

/** Characters of a log beside the failure. */
const LOG_LIMIT = 8_000;
const VALUE_LIMIT = 4_000;
const MATERIAL_LIMIT = 500;

export function failureSection({ failure, steps, status, gaps }: ReportModel): Section | undefined {
  if (failure === undefined && gaps.length === 0) return undefined;
  const step = failure?.step === undefined ? undefined : steps[failure.step];
  const log = lastLines(step?.log ?? [], LOG_LIMIT);
  return {
    id: 'failure',
    title: failure === undefined ? 'Not all could be read' : status === 'canceled' ? 'Canceled' : 'Why it failed',
    ...(status === 'failed' && { tone: 'failure' }),
    body: html`<div class="inside">${failure && html`<p class="message">${failure.message.slice(0, VALUE_LIMIT)}</p>`}${
      step !== undefined &&
      failure?.step !== undefined &&
      html`<p class="caption">In <a class="mono" href="#${stepId(failure.step)}">${shortName(step)}</a></p>`
    }${failure?.sources.map(sourceHtml)}${
      log !== '' && html`<p class="caption">The end of its output</p><pre class="log" tabindex="0">${log}</pre>`
    }${gaps.map((gap) => html`<p class="caption">${gap}</p>`)}</div>`,
  };
}

export function warningsSection({ warnings }: ReportModel): Section | undefined {
  if (warnings.length === 0) return undefined;
  return {
    id: 'warnings',
    title: countText(warnings.length, 'warning'),
    body: html`<div class="inside"><ol class="list">${warnings.map(
      ({ text, details, url, source }) =>
        html`<li><strong>${text}</strong>${details.map((detail) => html`<p class="caption">${detail}</p>`)}${
          url !== undefined &&
          /^https?:\/\//.test(url) &&
          html`<p class="caption"><a href="${url}" rel="noreferrer">${url}</a></p>`
        }${source && sourceHtml(source)}</li>`,
    )}</ol></div>`,
  };
}

export function resultsSection({ results }: ReportModel): Section | undefined {
  if (results.length === 0) return undefined;
  return {
    id: 'results',
    title: 'Results',
    body: html`<div class="inside"><div class="groups">${results.map(
      ({ platform, digest, mediaType, size, layers, attestations }) =>
        html`<div><h3>${platform || (mediaType.includes('index') || mediaType.includes('list') ? 'Index' : 'Image')}</h3><dl class="pairs">${[
          pairHtml('Digest', digest),
          pairHtml('Media type', mediaType),
          size !== undefined &&
            pairHtml('Layers', `${countText(layers.length, 'layer')}, ${sizeText(size)} compressed`),
          ...layers
            .slice(0, 60)
            .map((layer, index) => pairHtml(`Layer ${index + 1}`, `${sizeText(layer.size)}  ${layer.digest}`)),
          ...attestations.map(({ type, digest: blob }) => pairHtml(type, blob)),
        ]}</dl></div>`,
    )}</div></div>`,
  };
}

export function materialsSection({ materials }: ReportModel): Section | undefined {
  if (materials.length === 0) return undefined;
  return {
    id: 'materials',
    title: 'Materials',
    note: 'What the build read from elsewhere, as its provenance tells.',
    body: html`<div class="inside"><ul class="list">${materials
      .slice(0, MATERIAL_LIMIT)
      .map(
        ({ uri, digests }) =>
          html`<li><span class="mono">${uri.slice(0, VALUE_LIMIT)}</span>${digests.map((digest) => html`<p class="caption mono">${digest}</p>`)}</li>`,
      )}</ul></div>`,
  };
}

export function parametersSection({ parameters }: ReportModel): Section | undefined {
  if (parameters.length === 0) return undefined;
  return {
    id: 'parameters',
    title: 'Parameters',
    body: html`<div class="inside groups">${parameters.map(parametersHtml)}</div>`,
  };
}

function parametersHtml({ title, entries }: ReportParameters): Html {
  return html`<div><h3>${title}</h3><dl class="pairs">${entries.map(({ name, value }) => pairHtml(name, value.slice(0, VALUE_LIMIT)))}</dl></div>`;
}

function sourceHtml({ filename, lines }: SourceLines): Html {
  const width = String(lines.at(-1)?.number ?? 0).length;
  return html`<p class="caption mono">${filename}</p><pre class="source" tabindex="0">${lines.map(
    ({ number, text, isMarked }) => {
      const line = html`<i>${String(number).padStart(width)} ${isMarked ? '▸' : ' '} </i>${text}`;
      return isMarked ? html`<mark>${line}</mark>\n` : html`${line}\n`;
    },
  )}</pre>`;
}
