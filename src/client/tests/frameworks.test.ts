import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { Window } from "happy-dom";
import { effectScope, type ShallowRef } from "vue";
import { LiveValue, type Live } from "../src/live/live.ts";

type UseLive<Result> = (live: Live<number>) => Result;

const folder = await mkdtemp("build/examples-");
after(() => rm(folder, { recursive: true }));

/** What README.md shows for a framework, as it stands there. */
async function exampleFor<Result>(framework: string): Promise<UseLive<Result>> {
  const readme = await readFile("README.md", "utf8");
  const [, code] = readme.match(new RegExp(`\`\`\`js\\n// ${framework}\\n(.*?)\`\`\``, "s"))!;
  const file = `${folder}/${framework}.mjs`;
  await writeFile(file, code!);
  return ((await import(pathToFileURL(file).href)) as { useLive: UseLive<Result> }).useLive;
}

describe("The example of the README", () => {
  it("for Vue shows what changes, until the scope ends", async () => {
    const useLive = await exampleFor<ShallowRef<number>>("Vue");
    const live = new LiveValue(1);
    const scope = effectScope();
    const state = scope.run(() => useLive(live))!;
    live.set(2);
    assert.equal(state.value, 2);
    scope.stop();
    live.set(3);
    assert.equal(state.value, 2);
  });

  it("for React shows what changes, until the component goes", async () => {
    const window = new Window();
    Object.assign(globalThis, { window, document: window.document, navigator: window.navigator, IS_REACT_ACT_ENVIRONMENT: true });
    const { act, createElement } = await import("react");
    const { createRoot } = await import("react-dom/client");
    const useLive = await exampleFor<number>("React");
    const live = new LiveValue(1);
    let renders = 0;
    const Shown = () => {
      renders++;
      return createElement("p", null, useLive(live));
    };
    const place = document.createElement("div");
    const root = createRoot(place);
    await act(() => root.render(createElement(Shown)));
    assert.equal(place.textContent, "1");
    await act(() => live.set(2));
    assert.deepEqual([place.textContent, renders], ["2", 2]);
    await act(() => root.unmount());
    live.set(3);
    assert.equal(renders, 2);
  });
});
