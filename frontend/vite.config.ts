/** How the islands and the sheet are built: hashed names and a manifest that the page templates read. */
import { defineConfig } from "vite";

export default defineConfig(({ mode }) => ({
  base: mode === "gallery" ? "./" : "/static/dist/",
  build: {
    manifest: "manifest.json",
    outDir: "../app/web/static/dist",
    emptyOutDir: true,
    target: ["chrome100", "firefox104", "safari16"],
    assetsInlineLimit: 0, // the content policy allows no data: fonts or scripts
    modulePreload: { polyfill: false }, // it would be an inline script
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: mode === "gallery" ? ["gallery.html"] : ["src/style.css", "src/shell.ts"],
    },
  },
}));
