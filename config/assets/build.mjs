/**
 * Builds config/static from the sources here. The result is committed, so that nobody who only
 * runs the service needs Node.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const modules = join(here, "node_modules");

// The footer's coat of arms belongs to GOV.UK.
const withoutCrest = (css) => css.replace(/url\("images\/govuk-crest\.svg"\)/g, "none");

// A collector of static files would look for the map that such a comment names.
const withoutMaps = (text) => text.replace(/\n?\/[/*][#@] sourceMappingURL=[^\n*]*(\*\/)?/g, "");

function styles() {
  const { css } = sass.compile(join(here, "scss", "app.scss"), {
    loadPaths: [here, modules],
    style: "compressed",
    quietDeps: true,
    logger: sass.Logger.silent,
  });
  writeFileSync(join(out, "app.css"), withoutMaps(withoutCrest(css)).replace(/^\uFEFF/, "") + "\n");
}

async function script(entry, name, options = {}) {
  const result = await build({
    entryPoints: [join(here, "js", entry)],
    bundle: true,
    minify: true,
    write: false,
    legalComments: "inline",
    target: "es2020",
    logLevel: "warning",
    ...options,
  });
  writeFileSync(join(out, name), withoutMaps(result.outputFiles[0].text));
}

function copies() {
  mkdirSync(join(out, "images"), { recursive: true });
  mkdirSync(join(out, "fonts"), { recursive: true });
  const wanted = readFileSync(join(out, "app.css"), "utf8").matchAll(/images\/([\w-]+\.\w+)/g);
  for (const name of new Set([...wanted].map((match) => match[1]))) {
    cpSync(
      join(modules, "@ministryofjustice/frontend/moj/assets/images", name),
      join(out, "images", name),
    );
  }
  cpSync(join(here, "images"), join(out, "images"), { recursive: true });
  const inter = join(modules, "@fontsource-variable/inter");
  cpSync(join(inter, "files/inter-latin-wght-normal.woff2"), join(out, "fonts/inter.woff2"));
  cpSync(join(inter, "LICENSE"), join(out, "fonts/inter-licence.txt"));
}

mkdirSync(out, { recursive: true });
styles();
copies();
await script("app.js", "app.js", { format: "esm" });
await script("budget.js", "budget.js", { format: "esm" });
await script("charts.js", "charts.js", { format: "esm" });
await script("echarts.js", "echarts.js", { format: "iife" });
