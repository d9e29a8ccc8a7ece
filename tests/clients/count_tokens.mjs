// Prints how many cl100k tokens the text on standard input has.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { encode } = createRequire(process.argv[2])("gpt-tokenizer/encoding/cl100k_base");
console.log(encode(readFileSync(0, "utf8")).length);
