/** Presets that ship, and the user's own: a file each in the folder `vad-presets` of the data folder. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VadPresetView } from '../../../src-preload/vad-lab-contract.ts';
import { Fault } from '../../fault.ts';
import {
  modelWarning,
  type Preset,
  parsePreset,
  presetsIn,
  shippedPresets,
  writePreset,
} from '../../vad-lab/presets.ts';

export class OwnPresets {
  readonly #shippedFolder: string;
  readonly #folder: string;
  readonly #modelSha256: string;
  readonly #onBroken: (fault: Fault) => void;

  /** @param onBroken is told of files that are no presets; they are left out */
  constructor(shippedFolder: string, home: string, modelSha256: string, onBroken: (fault: Fault) => void) {
    this.#shippedFolder = shippedFolder;
    this.#folder = join(home, 'vad-presets');
    this.#modelSha256 = modelSha256;
    this.#onBroken = onBroken;
  }

  async all(): Promise<VadPresetView[]> {
    const own = existsSync(this.#folder) ? await presetsIn(this.#folder, this.#onBroken) : new Map<string, Preset>();
    return [
      ...[...(await shippedPresets(this.#shippedFolder))].map(([id, preset]) => this.#view(id, 'shipped', preset)),
      ...[...own].map(([id, preset]) => this.#view(id, 'own', preset)),
    ];
  }

  /** @throws Fault `preset-unknown` */
  async find(id: string): Promise<VadPresetView> {
    const found = (await this.all()).find((one) => one.id === id);
    if (found) return found;
    throw new Fault('preset-unknown', `There is no preset ${id}`, { hint: 'It may have been deleted meanwhile.' });
  }

  /** @param id null makes a new one. @throws Fault `preset-shipped`, `preset-unknown`, `preset-not-written` */
  async save(id: string | null, preset: Preset): Promise<VadPresetView> {
    const all = await this.all();
    if (id !== null) this.#refuseShipped(await this.find(id));
    const saved = id ?? freeId(preset.name, new Set(all.map((one) => one.id)));
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writePreset(this.#pathOf(saved), preset);
    return this.#view(saved, 'own', preset);
  }

  /** @throws Fault `preset-broken` */
  import(text: string): Promise<VadPresetView> {
    return this.save(null, parsePreset('The file', text));
  }

  /** @throws Fault `preset-shipped`, `preset-unknown` */
  async delete(id: string): Promise<void> {
    this.#refuseShipped(await this.find(id));
    await rm(this.#pathOf(id));
  }

  #refuseShipped({ kind, preset }: VadPresetView): void {
    if (kind === 'own') return;
    throw new Fault('preset-shipped', `${preset.name} comes with Squelch and stays as it is`, {
      hint: 'Save it under another name.',
    });
  }

  #view(id: string, kind: VadPresetView['kind'], preset: Preset): VadPresetView {
    return { id, kind, preset, warning: modelWarning(preset, this.#modelSha256) };
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

/** The name in small letters; with a number when another preset has it. */
function freeId(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  const base = plain || 'preset';
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(id)) return id;
  }
}
