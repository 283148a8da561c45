import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';
import { first, preloads } from './first.js';
import { licences } from './licences.js';

// Everything lies below the path that the plane serves it at. Nothing is put
// into the page itself: its policy forbids inline code and styles.
export default defineConfig({
  base: '/_tamachi/console/',
  plugins: [react(), licences(), preloads()],
  build: {
    outDir: '../internal/console/web/dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { output: { codeSplitting: { groups: [{ debugName: 'first', name: first(import.meta.dirname), includeDependenciesRecursively: false }] } } },
  },
});
