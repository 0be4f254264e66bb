import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const host = process.env.COMMAND_CENTER_HOST ?? 'http://127.0.0.1:5080'

export default defineConfig({
  plugins: [vue()],
  define: {
    // Options API and devtools hooks of the libraries are not used; leaving them out saves the phone some bytes.
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    rollupOptions: {
      input: {
        landing: here('./index.html'),
        worker: here('./worker/index.html'),
        desk: here('./desk/index.html'),
        wall: here('./wall/index.html'),
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      // Not the modules of this folder's api/.
      '^/api/(?!.*\\.ts(\\?|$))': { target: host },
      '/health': { target: host },
      '/hubs': { target: host, ws: true },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    env: { TZ: 'UTC' },
    // On a machine that does other things too, mounting a whole page can take long.
    testTimeout: 30_000,
  },
})
