/** Keeps what Node makes of the sources, types taken out and compiled: only the first start pays for it. */
import module from 'node:module';
import { join } from 'node:path';

/** For this process, where its Node can do it, and for those that it starts. */
export function keepCompiled(root) {
  process.env.NODE_COMPILE_CACHE ??= join(root, '.setup', 'compiled');
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}
