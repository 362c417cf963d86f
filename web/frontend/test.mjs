// Runs the unit tests under Node's own runner. Bundled first, because Node 20 does not read TypeScript.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const compiled = join(here, "node_modules", ".tests");
const tests = readdirSync(join(here, "tests")).filter((name) => name.endsWith(".test.ts"));

rmSync(compiled, { recursive: true, force: true });
await build({
  entryPoints: tests.map((name) => join(here, "tests", name)),
  outdir: compiled,
  bundle: true,
  platform: "node",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
  logLevel: "warning",
});
const files = tests.map((name) => join(compiled, name.replace(/\.ts$/, ".mjs")));
const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
process.exit(run.status ?? 1);
