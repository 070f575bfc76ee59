/** Sessions to be read: who said what and when, what was not heard, what went wrong. Words that look like Markdown stay words. */

import { stepLine } from '../reading/step-line.ts';
import { type Exported, type ExportedTurn, type PlacedFault, speakerOf } from './exported.ts';
import { faultLine, troubleAt } from './fault-line.ts';
import { redactionLine } from './redaction-line.ts';
import { clock, localDateTime } from './times.ts';
import { turnFacts } from './turn-facts.ts';

export function* markdown({ sessions, anchor }: Exported): Generator<string, void> {
  let separator = '';
  for (const { session, turns, faultsWithoutTurn, partial } of sessions()) {
    yield `${separator}# ${escapeMarkdown(session.title || 'Session')}\n\n`;
    separator = '\n';
    const all = session.turnCount === 1 ? '1 turn' : `${session.turnCount} turns`;
    const count = partial ? `${turns.length} of ${all}` : all;
    yield `${localDateTime(session.startedAt)} · ${escapeMarkdown(session.agentId)} · ${count} · ${session.id}\n`;
    for (const fault of faultsWithoutTurn) yield `\n${trouble(fault)}\n`;
    for (const turn of turns) {
      yield `\n## ${clock(turn.place.startMs)} · ${turn.view.outcome ?? 'in flight'}\n`;
      for (const paragraph of paragraphs(turn)) yield `\n${paragraph}\n`;
    }
  }
  if (anchor) yield `\n<!-- ${JSON.stringify(anchor)} -->\n`;
}

function paragraphs({ view, faults }: ExportedTurn): string[] {
  const { user, steps, reply, redactions, error } = view;
  const lines: string[] = [];
  if (user.committed) lines.push(`**${escapeMarkdown(speakerOf(view))}** ${escapeMarkdown(user.committed)}`);
  for (const step of steps) {
    const { label, text } = stepLine(step);
    lines.push(`*${label} ${escapeMarkdown(text)}*`);
  }
  const heard = reply.text.slice(0, reply.heardLength);
  const unheard = reply.text.slice(reply.heardLength);
  if (reply.text) {
    const parts = [heard && escapeMarkdown(heard), unheard && `~~${escapeMarkdown(unheard.trim())}~~ (not heard)`];
    lines.push(`**Agent** ${parts.filter(Boolean).join(' ')}`);
  }
  for (const redaction of redactions) lines.push(`*${escapeMarkdown(redactionLine(redaction))}*`);
  for (const fault of faults) lines.push(trouble(fault));
  if (error) lines.push(`**Failed** ${escapeMarkdown(`${error.message} ${error.hint}`)}`);
  lines.push(`<sub>${turnFacts(view).map(escapeMarkdown).join(' · ')}</sub>`);
  return lines;
}

function trouble(fault: PlacedFault): string {
  return `*${troubleAt(fault)}, ${escapeMarkdown(faultLine(fault))}*`;
}

/** Every character that Markdown or HTML could take for its own; line breaks stay within the paragraph. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!|~>]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\s*\n\s*/g, '  \n');
}
