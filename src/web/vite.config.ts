import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** Where the local cloud serves the built client; the dev server takes its config.json from there. */
const localCloud = "http://localhost:7070";

export default defineConfig({
  plugins: [vue()],
  build: {
    target: "es2023",
    // Momento's stubs and MSAL are large; protobuf has an eval that is never reached (and that the CSP would stop).
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { checks: { eval: false } },
  },
  server: { port: 5173, strictPort: true, proxy: { "/config.json": localCloud } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
