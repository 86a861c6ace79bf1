import assert from "node:assert/strict";
import { it } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** In bytes: what somebody's page has to load for all of this package. */
const mostGzipped = 60 * 1024;

it("All of the package, minified, is at most 60 KB gzipped, and has nothing of anybody else's in it", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ["dist/index.js"],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    metafile: true,
  });
  const [bundle] = outputFiles;
  const gzipped = gzipSync(bundle!.contents).length;
  console.log(`${bundle!.contents.length} bytes, ${gzipped} gzipped`);
  assert.ok(gzipped <= mostGzipped, `${gzipped} bytes`);
  assert.deepEqual(Object.keys(metafile.inputs).filter((input) => !input.startsWith("dist/")), []);
});
