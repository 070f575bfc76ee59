/** How the three parts of the desktop app are bundled: the core as ESM beside its packages, the preload as one CommonJS file, the window for its own scheme. */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/**
 * `new URL('./name-worker.ts', import.meta.url)` runs as it is under Node; in the bundle the file is another,
 * made from the same source.
 */
function bundleWorkerThreads(): Plugin {
  const pattern = /new URL\('(\.[^']+-worker)\.ts', import\.meta\.url\)/g;
  return {
    name: 'squelch:worker-threads',
    transform(code, id) {
      if (!code.includes('-worker.ts')) return null;
      return code.replace(pattern, (_, path: string) => {
        const reference = this.emitFile({ type: 'chunk', id: resolve(id, '..', `${path}.ts`) });
        return `new URL(import.meta.ROLLUP_FILE_URL_${reference})`;
      });
    },
  };
}

export default defineConfig({
  main: {
    plugins: [bundleWorkerThreads()],
    build: {
      outDir: 'out/main',
      target: 'node24',
      rollupOptions: { input: { index: resolve(root, 'src-main/index.ts') }, output: { format: 'es' } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'chrome150',
      // A sandboxed preload can require nothing of its own.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve(root, 'src-preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      rollupOptions: { input: { index: resolve(root, 'src-renderer/index.html') } },
    },
  },
});
