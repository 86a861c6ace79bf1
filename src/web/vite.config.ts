import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** Where the local cloud serves the built client; the dev server takes its config.json from there. */
const localCloud = "http://localhost:7070";

export default defineConfig({
  plugins: [vue()],
  // Its sources, so that nothing has to be built before.
  resolve: { alias: { "chat-functions-client": fileURLToPath(new URL("../client/src/index.ts", import.meta.url)) } },
  build: {
    target: "es2023",
  },
  server: { port: 5173, strictPort: true, proxy: { "/config.json": localCloud } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
