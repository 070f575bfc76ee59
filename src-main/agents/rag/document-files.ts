/** Finds the documents of a folder and those below it, links to other folders included, each folder once. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

const EXTENSIONS = new Set(['.md', '.markdown', '.txt', '.text', '.rst', '.org', '.csv', '.html', '.htm']);
/** Bigger ones are data rather than documents. */
const LARGEST_FILE = 5_000_000;
const MOST_FILES = 10_000;

/** @returns when each file was changed and how long it was then, by its path in the folder. @throws where `root` can't be read */
export async function documentFiles(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const seen = new Set<string>();

  async function walk(folder: string): Promise<void> {
    const path = await realpath(join(root, folder));
    if (seen.has(path)) return;
    seen.add(path);
    for (const name of (await readdir(path)).sort()) {
      if (found.size === MOST_FILES) return;
      // Hidden: of programs, not of people.
      if (name.startsWith('.')) continue;
      const file = join(folder, name);
      const info = await stat(join(root, file)).catch(() => null);
      if (info?.isDirectory()) await walk(file).catch(() => {});
      else if (info?.isFile() && info.size <= LARGEST_FILE && EXTENSIONS.has(extname(name).toLowerCase())) {
        found.set(file, `${info.mtimeMs}/${info.size}`);
      }
    }
  }

  await walk('');
  return found;
}
