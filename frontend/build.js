// Bundle the browser parts into assetmgr/static/bundle/. Run by hatch_build.py; needs node_modules/ of package-lock.json.
import { build } from "esbuild";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const out = path("../assetmgr/static/bundle/");

const { metafile } = await build({
  entryPoints: ["app.js", "app.css", "logo.svg"].map(path),
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "copy" },
  assetNames: "[name]",
  metafile: true,
  logLevel: "warning",
});

// Whoever passes the bundle on passes on the licences of what is in it.
const licences = ["htmx.org", "@fontsource-variable/inter"].map((name) => {
  const home = path(`../node_modules/${name}/`);
  const { version } = JSON.parse(readFileSync(`${home}package.json`, "utf8"));
  return `${name} ${version}\n\n${readFileSync(`${home}LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(`${out}LICENSES.txt`, licences.join(`\n${"-".repeat(80)}\n\n`));

// What an earlier build left; only afterwards, since a running service may be serving from here.
const made = new Set([...Object.keys(metafile.outputs).map((name) => basename(name)), "LICENSES.txt"]);
for (const name of readdirSync(out)) if (!made.has(name)) rmSync(`${out}${name}`);
