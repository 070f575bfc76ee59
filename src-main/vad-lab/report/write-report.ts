/** A report to share: one HTML file that needs nothing else, and the same figures as JSON beside it. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault } from '../../fault.ts';
import type { Curves } from '../metrics/curves.ts';
import type { Score } from '../metrics/score.ts';
import type { Preset } from '../presets.ts';
import type { Recording } from '../recordings.ts';
import { segmentTrack } from '../segmentation.ts';
import type { Tuning } from '../tuning/tune.ts';
import { paretoPicture, precisionRecallPicture, recordingPicture } from './pictures.ts';

export interface ReportContent {
  readonly title: string;
  readonly modelSha256: string;
  readonly preset: Preset;
  readonly recordings: readonly Recording[];
  readonly score?: Score;
  readonly curves?: Curves;
  readonly tuning?: Tuning;
}

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; padding: 0 1rem; color: #22201c; background: #faf9f6 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } td, th { text-align: left; padding: 2px 24px 2px 0 }
svg { width: 100%; display: block } .square { max-width: 320px }
.probability { fill: none; stroke: #4a463e; stroke-width: 1 } .threshold { stroke: #b3aea2; stroke-dasharray: 4 4 }
.found { fill: #2f6f9f } .label { fill: #8a857a } .frame { fill: none; stroke: #d8d4c9 } circle { fill: #2f6f9f }
@media (prefers-color-scheme: dark) { body { color: #e6e8ea; background: #15181b } .probability { stroke: #b9bec4 } }`;

/** @param path of the HTML file. @throws Fault `report-not-written` */
export async function writeReport(path: string, content: ReportContent): Promise<void> {
  const document = JSON.stringify(documentOf(content), null, 2);
  try {
    await writeFile(path, pageOf(content));
    await writeFile(path.replace(/(\.html?)?$/i, '.json'), `${document}\n`);
  } catch (cause) {
    throw new Fault('report-not-written', `${path} can't be written: ${(cause as Error).message}`, {
      hint: 'Give --report a file in a folder that can be written',
      cause,
    });
  }
}

function documentOf({ modelSha256, preset, recordings, score, curves, tuning }: ReportContent) {
  return {
    modelSha256,
    preset,
    files: recordings.map(({ path, audioSha256, durationMs, track, labels }) => ({
      file: path,
      audioSha256,
      durationMs,
      segments: segmentTrack(track, preset.parameters).map(({ startSample, endSample }) => ({
        startMs: (startSample * 1000) / track.sampleRate,
        endMs: (endSample * 1000) / track.sampleRate,
      })),
      labels,
    })),
    score: score ? { ...score, curves } : null,
    tuning: tuning ?? null,
  };
}

function pageOf({ title, modelSha256, preset, recordings, score, curves, tuning }: ReportContent): string {
  const sections = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(preset.name)}: ${escapeHtml(preset.note)}</p>`,
    table(Object.entries(preset.parameters).map(([name, value]) => [name, value ?? '–'])),
    `<p>Model ${modelSha256}</p>`,
  ];
  if (preset.score?.cost) {
    const { miss, falseAlarm } = preset.score.cost;
    sections.push(`<p>Tuned with a miss at ${miss} and a false alarm at ${falseAlarm}</p>`);
  }
  if (tuning) {
    const { train, heldOut, rivals, pareto } = tuning;
    const rows: [string, string | number][] = [['Tuned, on the recordings it was chosen by', train.value]];
    if (heldOut) rows.push(['Tuned, on recordings it was not chosen by', heldOut.value]);
    for (const { id, value } of rivals) rows.push([id, value]);
    sections.push('<h2>Against the shipped presets</h2>', table(rows));
    sections.push('<h2>Speech missed (up) against the delay of the end (right)</h2>');
    sections.push(`<div class="square">${paretoPicture(pareto)}</div>`);
  }
  if (score) {
    const scores = Object.entries(score.pooled).flatMap(([name, value]): [string, string | number][] =>
      typeof value === 'object' && value !== null
        ? [[name, `median ${value.medianMs?.toFixed(0) ?? '–'} ms, p95 ${value.p95Ms?.toFixed(0) ?? '–'} ms`]]
        : [[name, value ?? '–']],
    );
    sections.push('<h2>All recordings together</h2>', table(scores));
  }
  if (curves) {
    sections.push('<h2>Precision (up) and recall (right) of the probabilities</h2>');
    sections.push(`<p>ROC-AUC ${curves.auc?.toFixed(4) ?? '–'}</p>`);
    sections.push(`<div class="square">${precisionRecallPicture(curves.points)}</div>`);
  }
  const f1 = new Map(score?.files.map(({ path, scores }) => [path, scores.f1]));
  const rank = new Map(score?.files.map(({ path }, i) => [path, i]));
  const ordered = [...recordings].sort((a, b) => (rank.get(a.path) ?? 0) - (rank.get(b.path) ?? 0));
  sections.push(
    '<h2>Recordings</h2><p>Probability of speech and both thresholds; below, what was found, and the labels.</p>',
  );
  for (const recording of ordered) {
    const own = f1.get(recording.path);
    const facts = `${(recording.durationMs / 1000).toFixed(1)} s${own === undefined ? '' : `, F1 ${own.toFixed(4)}`}`;
    sections.push(`<h3>${escapeHtml(basename(recording.path))}, ${facts}</h3>`);
    sections.push(recordingPicture(recording, preset.parameters));
  }
  const head = `<meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body>${sections.join('\n')}</body></html>\n`;
}

function table(rows: readonly (readonly [string, string | number | boolean])[]): string {
  const cell = (value: string | number | boolean) =>
    escapeHtml(typeof value === 'number' ? String(Math.round(value * 10_000) / 10_000) : String(value));
  return `<table>${rows.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${cell(value)}</td></tr>`).join('')}</table>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
