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
const common = {
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: ["es2022", "chrome105", "firefox115", "safari16.4"],
  loader: { ".svg": "dataurl", ".png": "dataurl" },
  legalComments: "none",
  logLevel: "warning",
};

function hashedName(file) {
  const extension = extname(file.path);
  const hash = createHash("sha256").update(file.contents).digest("hex").slice(0, 12);
  return `${basename(file.path, extension)}.${hash}${extension}`;
}

function writeWhole(path, contents) {
  writeFileSync(`${path}.new`, contents); // a page asked for in between must not read half a file
  renameSync(`${path}.new`, path);
}

/** One file an entry, named after its content by us. */
async function buildPages() {
  const made = await build({
    ...common,
    entryPoints: entries.map((entry) => join(here, entry)),
    outdir: built,
    entryNames: "[name]",
  });
  return made.outputFiles.map((file) => ({ plain: basename(file.path), name: hashedName(file), contents: file.contents }));
}

/** The field page comes in pieces that a phone fetches as it needs them; esbuild names these, as they name each other. */
async function buildField() {
  const made = await build({
    ...common,
    entryPoints: {
      field: join(here, "src/field.ts"),
      "field-look": join(here, "css/field.css"),
      "field-map": join(here, "css/field-map.css"),
    },
    outdir: built,
    entryNames: "[name].[hash]",
    chunkNames: "field-part.[hash]",
    splitting: true,
    charset: "utf8",
  });
  return made.outputFiles.map((file) => {
    const name = basename(file.path);
    return { plain: name.replace(/\.[0-9A-Z]{8}\./, "."), name, contents: file.contents };
  });
}

/** The field page's service worker: not a file of its own address, but put behind the list of what it keeps. */
async function buildKeeper() {
  const made = await build({ ...common, format: "iife", entryPoints: [join(here, "src/field/keeper.ts")], outdir: built });
  return made.outputFiles.map((file) => ({ plain: basename(file.path), name: hashedName(file), contents: file.contents }));
}

async function buildOnce() {
  const [pages, field, keeper] = await Promise.all([buildPages(), buildField(), buildKeeper()]);
  mkdirSync(built, { recursive: true });
  const manifest = {};
  for (const { plain, name, contents } of [...pages, ...field, ...keeper]) {
    if (!plain.startsWith("field-part.")) manifest[plain] = name;
    writeWhole(join(built, name), contents);
    writeWhole(join(built, `${name}.gz`), gzipSync(contents, { level: 9 })); // WhiteNoise sends it
  }
  const parts = field.map(({ name }) => name).sort();
  dropOld([...Object.values(manifest), ...parts]);
  writeWhole(join(built, "field.json"), JSON.stringify(parts, null, 1)); // what a phone keeps
  writeWhole(join(built, "manifest.json"), JSON.stringify(manifest, null, 1));
}

const DAY_MS = 24 * 3600 * 1000;

/** Keep yesterday's builds: a server that runs and a page that is open still ask for them. */
function dropOld(now) {
  const kept = new Set([...now, ...now.map((name) => `${name}.gz`), "field.json", "manifest.json"]);
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
