import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** Where the local cloud serves the built client; the dev server takes its config.json from there. */
const localCloud = "http://localhost:7070";

export default defineConfig({
  plugins: [vue()],
  // Far above what Momento's SDK weighs; it is said when something as heavy comes in beside it.
  build: { target: "es2023", chunkSizeWarningLimit: 2000 },
  server: { port: 5173, strictPort: true, proxy: { "/config.json": localCloud } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
