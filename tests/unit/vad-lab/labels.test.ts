import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LABEL_FORMATS,
  type LabelFormatName,
  readLabelsOf,
  writeLabels,
} from '../../../src-main/vad-lab/labels/files.ts';
import { fitLabels, type Label } from '../../../src-main/vad-lab/labels/label.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NAMES = Object.keys(LABEL_FORMATS) as LabelFormatName[];
const read = (format: LabelFormatName, text: string) => LABEL_FORMATS[format].read(text, 'clip');
const times = (labels: readonly Label[]) => labels.map(({ startMs, endMs }) => [startMs, endMs]);

/** Ordered, disjoint, in whole milliseconds. */
const anyLabels = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000 })), { maxLength: 20 })
  .map((spans) => {
    let at = 0;
    return spans.map(([gap, length], i): Label => {
      const startMs = at + gap;
      at = startMs + length;
      return { startMs, endMs: at, text: i % 2 ? 'he said "yes"' : 'speech' };
    });
  });

describe.each(NAMES)('%s', (format) => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(anyLabels, fc.integer({ min: 1, max: 3_000 }), (labels, rest) => {
        const durationMs = (labels.at(-1)?.endMs ?? 0) + rest;
        const back = read(format, LABEL_FORMATS[format].write(labels, 'clip', durationMs));
        expect(back.length).toBe(labels.length);
        for (const [i, { startMs, endMs }] of back.entries()) {
          expect(startMs).toBeCloseTo(labels[i]?.startMs ?? Number.NaN, 3);
          expect(endMs).toBeCloseTo(labels[i]?.endMs ?? Number.NaN, 3);
        }
      }),
    );
  });

  test('is read whatever its line ends', () => {
    const labels = [
      { startMs: 500, endMs: 1_500, text: 'one' },
      { startMs: 2_000, endMs: 2_250, text: 'two' },
    ];
    const text = LABEL_FORMATS[format].write(labels, 'clip', 3_000);
    expect(times(read(format, `\uFEFF${text.replaceAll('\n', '\r\n')}`))).toEqual(times(labels));
  });
});

describe('what others write', () => {
  test('Audacity: frequencies are skipped, what is no speech too, decimal commas are read', () => {
    const text = '0.5\t1.0\thello\n\\\t100.0\t8000.0\n1,5\t2,0\t\n3.0\t4.0\tnoise\n';
    expect(times(read('audacity', text))).toEqual([
      [500, 1_000],
      [1_500, 2_000],
    ]);
  });

  test('RTTM: comments, other types and other recordings are skipped', () => {
    const text = [
      ';; made by hand',
      'SPKR-INFO clip 1 <NA> <NA> <NA> unknown ann <NA>',
      'SPEAKER other 1 0.0 9.0 <NA> <NA> ann <NA> <NA>',
      'SPEAKER clip 1 1.25 0.50 <NA> <NA> ann <NA> <NA>',
    ].join('\n');
    expect(read('rttm', text)).toEqual([{ startMs: 1_250, endMs: 1_750, text: 'ann' }]);
  });

  test('TextGrid: the short form, several tiers, points', () => {
    const short = [
      'File type = "ooTextFile"',
      'Object class = "TextGrid"',
      '',
      '0',
      '3',
      '<exists>',
      '2',
      '"IntervalTier"',
      '"words"',
      '0',
      '3',
      '3',
      '0',
      '1',
      '""',
      '1',
      '2',
      '"a ""word"""',
      '2',
      '3',
      '"sil"',
      '"TextTier"',
      '"clicks"',
      '0',
      '3',
      '1',
      '1.5',
      '"click"',
    ];
    expect(read('textgrid', short.join('\n'))).toEqual([{ startMs: 1_000, endMs: 2_000, text: 'a "word"' }]);
    const marked = short
      .join('\n')
      .replace('"TextTier"\n"clicks"\n0\n3\n1\n1.5\n"click"', '"IntervalTier"\n"VAD"\n0\n3\n1\n0.5\n2.5\n"x"');
    expect(times(read('textgrid', marked))).toEqual([[500, 2_500]]);
  });

  test('WebVTT: identifiers, settings, notes, hours left out', () => {
    const text =
      'WEBVTT - words\n\nNOTE\nby hand\n\n1\n00:01.000 --> 00:02.500 align:start\nhello\nthere\n\n01:00:00.000 --> 01:00:01.000\nbye';
    expect(read('webvtt', text)).toEqual([
      { startMs: 1_000, endMs: 2_500, text: 'hello there' },
      { startMs: 3_600_000, endMs: 3_601_000, text: 'bye' },
    ]);
  });

  test('TEN: silence is left out', () => {
    expect(times(read('scv', 'clip,0.000,0.403,0,0.403,1.204,1,1.204,1.440,0'))).toEqual([[403, 1_204]]);
  });
});

describe('broken files name their line', () => {
  test.each<[LabelFormatName, string, number, string]>([
    ['audacity', '0.5\t1.0\ta\n\n1.5 2.0 b\n', 3, 'start, tab, end'],
    ['audacity', '0.5\tx\ta\n', 1, '“x” is not a number'],
    ['audacity', '0.5\t1.0\ta\n2.0\t1.0\tb\n', 2, 'ends before it begins'],
    ['audacity', '-0.5\t1.0\ta\n', 1, 'before the recording'],
    ['rttm', 'SPEAKER clip 1 0.0 1.0\nSPEAKER clip 1 2.0\n', 2, 'a start and a duration'],
    ['rttm', 'SPEAKER clip 1 1.0 -1.0\n', 1, 'ends before it begins'],
    ['rttm', ';;\nSPEAKER other 1 0.0 1.0\n', 2, 'it is for other, not for clip'],
    ['textgrid', 'File type = "ooBinaryFile"\n"x"', 1, 'not a TextGrid'],
    [
      'textgrid',
      'File type = "ooTextFile"\nObject class = "TextGrid"\nxmin = 0\nxmax = 1\ntiers? <exists>\nsize = 1\n',
      6,
      'it ends where',
    ],
    ['textgrid', 'File type = "ooTextFile"\nObject class = "TextGrid\nxmin = 0\n', 2, 'never closed'],
    ['textgrid', 'File type = "ooTextFile"\nObject class = "TextGrid"\nxmin = "a"\n', 3, 'a number should stand'],
    ['webvtt', '1\n00:00.000 --> 00:01.000\na', 1, 'WEBVTT'],
    ['webvtt', 'WEBVTT\n\n00:00.000 --> 00:61.000\na', 3, 'hh:mm:ss.ttt'],
    ['webvtt', 'WEBVTT\n\n00:02.000 --> 00:01.000\na', 3, 'ends before it begins'],
    ['scv', 'clip,0.0,1.0,1\nother,0.0,1.0,1', 2, 'it is for other'],
    ['scv', 'clip,0.0,1.0', 1, 'threes'],
    ['scv', 'clip,0.0,1.0,2', 1, 'neither 0 nor 1'],
  ])('%s %j', (format, text, line, message) => {
    expect(() => read(format, text)).toThrow(
      expect.objectContaining({ line, message: expect.stringContaining(message) }),
    );
  });

  test('in a fault with the path', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'clip.txt'), '1.0\t2.0\ta\nnonsense\n');
    await expect(readLabelsOf(join(folder, 'clip.wav'))).rejects.toMatchObject({
      code: 'labels-broken',
      message: expect.stringContaining('clip.txt:2: '),
    });
  });
});

describe('files', () => {
  test('are found beside the recording, and there need be none', async () => {
    const folder = await temporaryFolder();
    const labels = [{ startMs: 100, endMs: 900, text: 'speech' }];
    const recording = join(folder, 'clip.flac');
    expect(await readLabelsOf(recording)).toBeNull();
    const path = await writeLabels(folder, recording, 'textgrid', labels, 1_000);
    expect(await readLabelsOf(recording)).toEqual({ path, labels });
  });

  test('in UTF-16, as Praat writes them, are read', async () => {
    const folder = await temporaryFolder();
    const text = LABEL_FORMATS.textgrid.write([{ startMs: 100, endMs: 900, text: 'čaj' }], 'clip', 1_000);
    await writeFile(join(folder, 'clip.TextGrid'), Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect((await readLabelsOf(join(folder, 'clip.wav')))?.labels).toEqual([{ startMs: 100, endMs: 900, text: 'čaj' }]);
  });
});

describe('labels are made fit', () => {
  const label = (startMs: number, endMs: number) => ({ startMs, endMs, text: '' });

  test('by joining those that overlap, and saying so', () => {
    const { labels, warnings } = fitLabels([label(500, 900), label(0, 600), label(900, 950), label(100, 200)], 1_000);
    expect(times(labels)).toEqual([
      [0, 900],
      [900, 950],
    ]);
    expect(warnings).toEqual(['2 labels overlap another and count as one with it']);
  });

  test('by cutting what lies past the end, and saying so unless it is rounding', () => {
    expect(fitLabels([label(500, 1_040)], 1_000)).toEqual({ labels: [label(500, 1_000)], warnings: [] });
    const { labels, warnings } = fitLabels([label(500, 2_000), label(3_000, 4_000)], 1_000);
    expect(times(labels)).toEqual([[500, 1_000]]);
    expect(warnings).toEqual([
      '1 label lies past the end and counts for nothing',
      '1 label reaches past the end and is cut there',
    ]);
  });

  test('not at all when every one lies past the end', () => {
    expect(() => fitLabels([label(2_000, 3_000)], 1_000)).toThrow(
      expect.objectContaining({ code: 'labels-elsewhere', message: expect.stringContaining('1.000 s') }),
    );
  });
});
