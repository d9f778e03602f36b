// Bundles the map component into dist/. Names carry a hash of the content, so that no browser keeps an old one.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const worker = readFileSync(join(here, "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"), "utf8")
  .replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
const workerName = `worker-${createHash("sha256").update(worker).digest("hex").slice(0, 8)}.js`;
writeFileSync(join(dist, workerName), worker);

await build({
  absWorkingDir: here,
  entryPoints: { index: "src/index.ts", style: "src/style.css" },
  outdir: "dist",
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  loader: { ".svg": "dataurl" },
  define: { WORKER_NAME: JSON.stringify(workerName) },
  legalComments: "linked",
  logLevel: "warning",
});
