// Bundle the browser parts into assetmgr/static/bundle/. Run by hatch_build.py; needs node_modules/ of package-lock.json.
import { build } from "esbuild";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../assetmgr/static/bundle/", import.meta.url));

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: [`${here}app.js`, `${here}app.css`],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  legalComments: "linked",
  logLevel: "warning",
});
