/**
 * Praat's TextGrid, long and short: the values in their order are the same, so the words around them are skipped.
 * Speech is what the tier named `speech` or `vad` marks, else every interval tier.
 * Source: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html
 */
import { inSeconds, type Label, LabelError, type LabelFormat, makeLabel, marksSpeech, numberedLines } from './label.ts';

interface Value {
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
}

interface Tier {
  readonly name: string;
  readonly labels: Label[];
}

export const textGrid: LabelFormat = {
  extension: '.TextGrid',
  read(text) {
    const reader = new ValueReader(valuesOf(text));
    if (reader.string() !== 'ooTextFile' || reader.string() !== 'TextGrid') {
      throw new LabelError(1, 'it is not a TextGrid in text form');
    }
    reader.number();
    reader.number();
    if (reader.flag() !== '<exists>') return [];
    const tiers = Array.from({ length: reader.number() }, () => readTier(reader)).filter((tier) => tier !== null);
    const marked = tiers.find(({ name }) => /^(speech|vad)$/i.test(name));
    return (marked ? [marked] : tiers).flatMap(({ labels }) => labels);
  },
  write(labels, _recording, durationMs) {
    const intervals: string[] = [];
    const add = (startMs: number, endMs: number, text: string) => {
      if (endMs <= startMs) return;
      const at = `        intervals [${intervals.length + 1}]:\n`;
      const times = `            xmin = ${inSeconds(startMs, 6)}\n            xmax = ${inSeconds(endMs, 6)}\n`;
      intervals.push(`${at}${times}            text = "${text.replaceAll('"', '""')}"\n`);
    };
    let at = 0;
    for (const { startMs, endMs, text } of labels) {
      add(at, startMs, '');
      add(startMs, endMs, marksSpeech(text) ? text.replace(/\s+/g, ' ') : 'speech');
      at = endMs;
    }
    add(at, durationMs, '');
    const span = `xmin = 0\nxmax = ${inSeconds(durationMs, 6)}\n`;
    const head = `File type = "ooTextFile"\nObject class = "TextGrid"\n\n${span}tiers? <exists>\nsize = 1\nitem []:\n`;
    const tier = `class = "IntervalTier"\nname = "speech"\n${span}intervals: size = ${intervals.length}\n`;
    return `${head}    item [1]:\n${tier.replace(/^(?=.)/gm, '        ')}${intervals.join('')}`;
  },
};

function readTier(reader: ValueReader): Tier | null {
  const kind = reader.string();
  const name = reader.string();
  reader.number();
  reader.number();
  const labels: Label[] = [];
  const size = reader.number();
  for (let i = 0; i < size; i++) {
    const { line } = reader;
    const startMs = reader.number() * 1000;
    if (kind !== 'IntervalTier') {
      reader.string();
      continue;
    }
    const label = makeLabel(startMs, reader.number() * 1000, reader.string(), line);
    if (marksSpeech(label.text)) labels.push(label);
  }
  return kind === 'IntervalTier' ? { name, labels } : null;
}

/** Numbers, quoted strings (a quote in one is doubled) and flags that stand free; numbers in `[1]` do not. */
function valuesOf(text: string): Value[] {
  const values: Value[] = [];
  let open: { text: string; line: number } | null = null;
  for (const [line, content] of numberedLines(text)) {
    let rest: string = content;
    while (rest !== '') {
      if (open) {
        const end = /^((?:[^"]|"")*)"(?!")/.exec(rest);
        open.text += end ? end[1] : `${rest}\n`;
        rest = end ? rest.slice(end[0].length) : '';
        if (!end) break;
        values.push({ text: open.text.replaceAll('""', '"'), quoted: true, line: open.line });
        open = null;
      } else if (rest.startsWith('"')) {
        open = { text: '', line };
        rest = rest.slice(1);
        if (rest === '') open.text = '\n';
      } else {
        const word = /^(\s+|![^\n]*|[^\s"]+)/.exec(rest)?.[0] ?? rest;
        if (/^([+-]?\d[\d.]*(e[+-]?\d+)?%?|<\w+>)$/i.test(word)) values.push({ text: word, quoted: false, line });
        rest = rest.slice(word.length);
      }
    }
  }
  if (open) throw new LabelError(open.line, 'a quotation mark is never closed');
  return values;
}

class ValueReader {
  private readonly values: readonly Value[];
  private next = 0;

  constructor(values: readonly Value[]) {
    this.values = values;
  }

  /** Of the next value. */
  get line(): number {
    return (this.values[this.next] ?? this.values.at(-1))?.line ?? 1;
  }

  string(): string {
    return this.take('a quoted text', ({ quoted }) => quoted).text;
  }

  number(): number {
    return Number(this.take('a number', ({ text, quoted }) => !quoted && Number.isFinite(Number(text))).text);
  }

  flag(): string {
    return this.take('<exists> or <absent>', ({ text, quoted }) => !quoted && text.startsWith('<')).text;
  }

  private take(expected: string, fits: (value: Value) => boolean): Value {
    const value = this.values[this.next];
    if (!value) throw new LabelError(this.line, `it ends where ${expected} should follow`);
    if (!fits(value)) throw new LabelError(value.line, `${expected} should stand where “${value.text}” is`);
    this.next++;
    return value;
  }
}
