/** How the three parts of the desktop app are bundled: the core as ESM beside its packages, the preload as one CommonJS file, the window for its own scheme. */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node24',
      rollupOptions: {
        input: {
          index: resolve(root, 'src-main/index.ts'),
          // Threads of their own, found beside whoever starts them.
          'flite-worker': resolve(root, 'src-main/providers/practice/flite-worker.ts'),
          'measure-worker': resolve(root, 'src-main/vad-lab/measure-worker.ts'),
          'tune-worker': resolve(root, 'src-main/vad-lab/tuning/tune-worker.ts'),
          'workbench-worker': resolve(root, 'src-main/vad-lab/workbench-worker.ts'),
          'sound-copy-worker': resolve(root, 'src-main/vad-lab/sound-copy-worker.ts'),
          'export-worker': resolve(root, 'src-main/audit/export/export-worker.ts'),
          'verify-worker': resolve(root, 'src-main/audit/verify/verify-worker.ts'),
        },
        output: { format: 'es', chunkFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
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
      minify: true,
      // The content security policy allows no data: but images.
      assetsInlineLimit: 0,
      rollupOptions: {
        input: {
          index: resolve(root, 'src-renderer/index.html'),
          // Pages of their own: what a room needs is loaded when there is one.
          room: resolve(root, 'src-renderer/room.html'),
          guest: resolve(root, 'src-renderer/guest.html'),
        },
      },
    },
  },
});
