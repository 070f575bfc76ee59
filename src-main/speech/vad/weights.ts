/**
 * The weights on disk, held to the hash in the manifest beside them: other bytes would give other segments
 * without anybody noticing, so they are refused.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../../fault.ts';

const manifestSchema = z.object({ models: z.array(z.object({ file: z.string(), sha256: z.string() })) });

const HINT = 'Run `node scripts/weights.mjs` in the source folder, or install Squelch again';

/**
 * @param file a model of `manifest.json`
 * @returns its bytes and their sha256, hex
 * @throws Fault `weights-missing`, `weights-altered`
 */
export async function readWeights(modelsFolder: string, file: string): Promise<{ bytes: Uint8Array; sha256: string }> {
  const expected = await expectedHash(modelsFolder, file);
  const path = join(modelsFolder, file);
  const bytes = await readFile(path).catch((cause) => {
    throw new Fault('weights-missing', `The voice detection model ${path} can't be read`, {
      hint: HINT,
      stage: 'vad',
      cause,
    });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== expected) {
    throw new Fault('weights-altered', `The voice detection model ${path} is not the one that was released`, {
      hint: HINT,
      stage: 'vad',
    });
  }
  return { bytes, sha256 };
}

async function expectedHash(modelsFolder: string, file: string): Promise<string> {
  const path = join(modelsFolder, 'manifest.json');
  try {
    const { models } = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const model = models.find((candidate) => candidate.file === file);
    if (!model) throw new Error(`no entry for ${file}`);
    return model.sha256;
  } catch (cause) {
    throw new Fault('weights-missing', `The list of models ${path} can't be read`, {
      hint: HINT,
      stage: 'vad',
      cause,
    });
  }
}
