// Bundles the browser side into ../static/built. Every file is named after its content, so that a browser may keep
// it for ever; manifest.json says which plain name became which.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { icons } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "static", "built");
const entries = ["src/site.ts", "src/map.ts", "src/worker.ts", "src/dashboard.ts", "src/resident.ts", "src/resident-map.ts", "src/plan.ts", "src/features.ts", "css/site.css", "css/map.css", "css/dashboard.css", "css/resident-map.css", "css/plan.css", "css/features.css"];
/** The view the field page opens with: the first of these there is. */
const FIRST_VIEWS = ["src/field/day/view.ts", "src/field/waiting.ts"];
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
    charset: "utf8", // the server finds the words of the page in it (web/field/words.py)
    metafile: true,
  });
  const files = made.outputFiles.map((file) => {
    const name = basename(file.path);
    return { plain: name.replace(/\.[0-9A-Z]{8}\./, "."), name, contents: file.contents };
  });
  return { files, first: firstPieces(made.metafile.outputs) };
}

/** What the page needs before its first view can be used: fetched at once rather than one after the other. */
function firstPieces(outputs) {
  const named = (ending) => Object.keys(outputs).find((path) => outputs[path].entryPoint?.endsWith(ending));
  const wanted = new Set();
  const want = (path) => {
    if (!path || wanted.has(path)) return;
    wanted.add(path);
    for (const { path: next, kind } of outputs[path].imports) if (kind === "import-statement") want(next);
  };
  want(named("src/field.ts"));
  want(named(FIRST_VIEWS.find(named)));
  return [...wanted].map((path) => basename(path));
}

/** The field page's service worker: not a file of its own address, but put behind the list of what it keeps. */
async function buildKeeper() {
  const made = await build({ ...common, format: "iife", entryPoints: [join(here, "src/field/keeper.ts")], outdir: built });
  return made.outputFiles.map((file) => ({ plain: basename(file.path), name: hashedName(file), contents: file.contents }));
}

async function buildOnce() {
  const [pages, { files: field, first }, keeper] = await Promise.all([buildPages(), buildField(), buildKeeper()]);
  const pictures = icons(readFileSync(join(here, "..", "static", "web", "icon.svg"), "utf8"));
  mkdirSync(built, { recursive: true });
  const manifest = {};
  for (const { plain, name, contents } of [...pages, ...field, ...keeper, ...pictures]) {
    if (!plain.startsWith("field-part.")) manifest[plain] = name;
    writeWhole(join(built, name), contents);
    writeWhole(join(built, `${name}.gz`), gzipSync(contents, { level: 9 })); // WhiteNoise sends it
  }
  const parts = field.map(({ name }) => name).sort();
  dropOld([...Object.values(manifest), ...parts]);
  writeWhole(join(built, "field.json"), JSON.stringify({ files: parts, first }, null, 1)); // what a phone keeps
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
