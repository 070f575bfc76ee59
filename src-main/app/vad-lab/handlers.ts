/** What the commands of the VAD Lab do. */
import type { vadLabCommands } from '../../../src-preload/vad-lab-contract.ts';
import { PRESET_FORMAT } from '../../../src-preload/vad-preset.ts';
import { labelText, parseLabels } from '../../vad-lab/labels/files.ts';
import { presetText } from '../../vad-lab/presets.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../handler.ts';
import { usePreset } from './use-preset.ts';

export function vadLabHandlers(core: Core): Pick<Handlers, keyof typeof vadLabCommands> {
  const { lab } = core;
  return {
    'vadLab.upload': (piece) => {
      lab.uploads.add(piece);
      return {};
    },
    'vadLab.open': (request) => lab.open(request),
    'vadLab.cancel': ({ id }) => {
      lab.cancel(id);
      return {};
    },
    'vadLab.close': ({ sourceId }) => {
      lab.close(sourceId);
      return {};
    },
    'vadLab.listen': (request) => {
      lab.listen(request);
      return {};
    },
    'vadLab.stopListening': ({ sourceId }) => lab.stopListening(sourceId),
    'vadLab.segment': (request) => lab.segment(request),

    'vadLab.setLabels': ({ sourceId, recordingId, labels }) => lab.source(sourceId).setLabels(recordingId, labels),
    'vadLab.saveLabels': async ({ sourceId, recordingId }) => ({
      file: await lab.source(sourceId).saveLabels(recordingId),
    }),
    'vadLab.readLabels': ({ sourceId, recordingId, name, text }) => {
      const source = lab.source(sourceId);
      const read = parseLabels(name, text, source.labelsOf(recordingId).name);
      return source.setLabels(recordingId, read);
    },
    'vadLab.writeLabels': ({ sourceId, recordingId, format }) => {
      const { name, labels, durationMs } = lab.source(sourceId).labelsOf(recordingId);
      return labelText(name, format, labels, durationMs);
    },

    'vadLab.score': async ({ sourceId, settings, cost }) => {
      const scores = await lab.source(sourceId).bench.ask('score', settings, cost);
      return scores.map(({ pooled, files }) => ({
        pooled,
        files: files.map(({ path: recordingId, scores: own }) => ({ recordingId, scores: own })),
      }));
    },
    'vadLab.curves': ({ sourceId }) => lab.source(sourceId).bench.ask('curves'),
    'vadLab.tune': (request) => lab.tune(request),
    'vadLab.compare': async ({ sourceId, settings }) => {
      const { agreements, places } = await lab.source(sourceId).bench.ask('compare', settings);
      return { agreements, places: places.map(({ path: recordingId, ...place }) => ({ recordingId, ...place })) };
    },

    'vadLab.presets': () => lab.presets.all(),
    'vadLab.savePreset': ({ id, preset }) => lab.presets.save(id, { format: PRESET_FORMAT, ...preset }),
    'vadLab.deletePreset': async ({ id }) => {
      await lab.presets.delete(id);
      return {};
    },
    'vadLab.importPreset': ({ text }) => lab.presets.import(text),
    'vadLab.exportPreset': async ({ id }) => ({
      name: `${id}.json`,
      text: presetText((await lab.presets.find(id)).preset),
    }),
    'vadLab.use': ({ preset, agentId }) => usePreset(core, preset, agentId),

    'vadLab.report': async ({ sourceId, preset, tuningId, cost }) => {
      const source = lab.source(sourceId);
      const tuning = tuningId === null ? undefined : source.tunings.get(tuningId);
      return core.exports.report((path) =>
        source.bench.ask('report', path, {
          title: `Voice detection: ${preset.name}`,
          modelSha256: source.modelSha256,
          preset: { format: PRESET_FORMAT, ...preset },
          ...(tuning ? { tuning } : {}),
          ...(cost ? { weights: cost } : {}),
        }),
      );
    },
  };
}
