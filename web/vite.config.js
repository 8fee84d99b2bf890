import { defineConfig } from "vite";

const api = process.env.API ?? "http://127.0.0.1:8000";

export default defineConfig({
  // Nothing inline: the pages run under a policy of `default-src 'self'` (no data: fonts, no inline polyfill).
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: ["chrome105", "firefox110", "safari16"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // `npm run dev` beside a running system: API=http://127.0.0.1:PORT npm run dev
  server: { host: "127.0.0.1", proxy: { "/v1": api, "/docs": api, "/openapi.json": api, "/local": api } },
});
