// Bundles the browser side into ../static/built. Every file is named after its content, so that a browser may keep
// it for ever; manifest.json says which plain name became which.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "static", "built");
const entries = ["src/site.ts", "src/map.ts", "src/worker.ts", "src/dashboard.ts", "css/site.css", "css/map.css", "css/dashboard.css"];

function hashedName(file) {
  const extension = extname(file.path);
  const hash = createHash("sha256").update(file.contents).digest("hex").slice(0, 12);
  return `${basename(file.path, extension)}.${hash}${extension}`;
}

function writeWhole(path, contents) {
  writeFileSync(`${path}.new`, contents); // a page asked for in between must not read half a file
  renameSync(`${path}.new`, path);
}

async function buildOnce() {
  const made = await build({
    entryPoints: entries.map((entry) => join(here, entry)),
    outdir: built,
    entryNames: "[name]",
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["es2022", "chrome105", "firefox115", "safari16.4"],
    loader: { ".svg": "dataurl", ".png": "dataurl" },
    legalComments: "none",
    logLevel: "warning",
  });
  mkdirSync(built, { recursive: true });
  const manifest = {};
  for (const file of made.outputFiles) {
    manifest[basename(file.path)] = hashedName(file);
    writeWhole(join(built, hashedName(file)), file.contents);
    writeWhole(join(built, `${hashedName(file)}.gz`), gzipSync(file.contents, { level: 9 })); // WhiteNoise sends it
  }
  dropOld(manifest);
  writeWhole(join(built, "manifest.json"), JSON.stringify(manifest, null, 1));
}

const DAY_MS = 24 * 3600 * 1000;

/** Keep yesterday's builds: a server that runs and a page that is open still ask for them. */
function dropOld(manifest) {
  const now = Object.values(manifest);
  const kept = new Set([...now, ...now.map((name) => `${name}.gz`), "manifest.json"]);
  for (const name of readdirSync(built)) {
    const path = join(built, name);
    if (!kept.has(name) && Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path);
  }
}

await buildOnce();
if (process.argv.includes("--watch")) {
  for (const folder of ["src", "css"])
    watch(join(here, folder), { recursive: true }, () => buildOnce().catch((error) => console.error(error.message)));
}
