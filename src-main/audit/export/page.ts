/**
 * Sessions as one web page that reads and plays without a network: beside `audio.mp3`, as the bundle has it, a click
 * on a turn plays it, and the turn that plays is marked. It loads nothing else, and runs only its own script.
 */
import { createHash } from 'node:crypto';
import { stepLine } from '../reading/step-line.ts';
import {
  type Exported,
  type ExportedSession,
  type ExportedTurn,
  type PlacedFault,
  speakerOf,
  titleOf,
} from './exported.ts';
import { faultLine, troubleAt } from './fault-line.ts';
import { redactionLine } from './redaction-line.ts';
import { clock, localDateTime } from './times.ts';
import { turnFacts } from './turn-facts.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #201d1a; --faint: #6b655e; --line: #ddd7cf; --paper: #faf8f5; --mark: #efe9e0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e9ec; --faint: #9a9fa8; --line: #2c3038; --paper: #15171b; --mark: #21252c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 16px 64px; max-width: 46rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 24px; line-height: 1.25; }
h2 { margin: 32px 0 0; font-size: 18px; line-height: 1.25; }
header p, .facts, .at { color: var(--faint); font-size: 13px; font-variant-numeric: tabular-nums; }
audio { position: sticky; top: 8px; width: 100%; margin: 16px 0; }
article { display: grid; grid-template-columns: 5rem 1fr; gap: 0 16px; padding: 12px 8px; border-top: 1px solid var(--line); }
article[aria-current] { background: var(--mark); }
.at { padding: 0; border: 0; background: none; text-align: left; cursor: pointer; font-family: inherit; }
.at:hover { text-decoration: underline; }
p { margin: 0 0 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
.who { color: var(--faint); }
.unheard { color: var(--faint); text-decoration: line-through; }
`;

const SCRIPT = `
const player = document.querySelector('audio');
const turns = [...document.querySelectorAll('article')];
for (const turn of turns) {
  turn.querySelector('button').addEventListener('click', () => {
    player.currentTime = Number(turn.dataset.start) / 1000;
    player.play();
  });
}
player.addEventListener('timeupdate', () => {
  const now = player.currentTime * 1000;
  const current = turns.findLast((turn) => Number(turn.dataset.start) <= now);
  for (const turn of turns) {
    if (turn === current && !player.paused) turn.setAttribute('aria-current', 'true');
    else turn.removeAttribute('aria-current');
  }
});
`;

const POLICY = [
  "default-src 'none'",
  `style-src '${sourceHash(STYLE)}'`,
  `script-src '${sourceHash(SCRIPT)}'`,
  "media-src 'self' file:",
].join('; ');

/** @param sounds whether there is an `audio.mp3` beside it */
export function* page(exported: Exported, sounds: boolean): Generator<string, void> {
  const { sessions, sessionCount, timeline, anchor } = exported;
  const title = escapeHtml(titleOf(exported));
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${escapeHtml(`${localDateTime(timeline.startedAt)} · ${clock(timeline.durationMs)}`)}</p>
</header>
<main>
${sounds ? '<audio controls preload="metadata" src="audio.mp3"></audio>\n' : ''}`;
  for (const session of sessions()) {
    yield heading(session, sessionCount > 1);
    for (const fault of session.faultsWithoutTurn) yield `${trouble(fault)}\n`;
    for (const turn of session.turns) yield article(turn, sounds);
  }
  yield `</main>
${anchor ? `<footer class="facts"><p>Log head ${anchor.seq} ${anchor.head}</p></footer>` : ''}
${sounds ? `<script>${SCRIPT}</script>` : ''}
</body>
</html>
`;
}

function heading({ session, turns, partial }: ExportedSession, titled: boolean): string {
  const count = partial ? `${turns.length} of ${session.turnCount} turns` : '';
  const facts = [localDateTime(session.startedAt), session.agentId, count, `session ${session.id}`];
  const line = `<p class="facts">${escapeHtml(facts.filter(Boolean).join(' · '))}</p>`;
  return `${titled ? `<h2>${escapeHtml(session.title || 'Session')}</h2>\n` : ''}${line}\n`;
}

function article({ view, place, faults }: ExportedTurn, sounds: boolean): string {
  const { user, steps, reply, redactions, error, outcome } = view;
  const heard = reply.text.slice(0, reply.heardLength);
  const unheard = reply.text.slice(reply.heardLength);
  const paragraphs = [];
  if (user.committed) paragraphs.push(said(escapeHtml(speakerOf(view)), escapeHtml(user.committed)));
  for (const step of steps) {
    const { label, text } = stepLine(step);
    paragraphs.push(said(label, escapeHtml(text)));
  }
  if (reply.text) {
    const rest = unheard && `<span class="unheard">${escapeHtml(unheard)}</span>`;
    paragraphs.push(said('Agent', escapeHtml(heard) + rest));
  }
  for (const redaction of redactions) paragraphs.push(said('Redacted', escapeHtml(redactionLine(redaction))));
  for (const fault of faults) paragraphs.push(trouble(fault));
  if (error) paragraphs.push(said('Failed', escapeHtml(`${error.message} ${error.hint}`)));
  const facts = [outcome ?? 'in flight', ...turnFacts(view)];
  const at = sounds
    ? `<button class="at" type="button" title="Play from here">${clock(place.startMs)}</button>`
    : `<p class="at">${clock(place.startMs)}</p>`;
  return `<article id="${escapeHtml(view.id)}" data-start="${Math.round(place.startMs)}">
${at}
<div>${paragraphs.join('\n')}
<p class="facts">${escapeHtml(facts.join(' · '))}</p></div>
</article>
`;
}

function trouble(fault: PlacedFault): string {
  return said(troubleAt(fault), escapeHtml(faultLine(fault)));
}

/** Both are already escaped. */
function said(who: string, html: string): string {
  return `<p><span class="who">${who}</span> ${html}</p>`;
}

function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

function sourceHash(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}
