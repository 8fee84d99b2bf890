// Unpacks the browser (and the libraries it wants on a bare machine) into the folder named, once; prints where they are as JSON.
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar-fs";

const target = resolve(process.argv[2] ?? "browser");
const packed = resolve(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../../bin");

async function unpack() {
  const partial = `${target}.${process.pid}.partial`;
  mkdirSync(partial, { recursive: true });
  const read = (name) => [createReadStream(join(packed, name)), createBrotliDecompress()];
  await pipeline(...read("chromium.br"), createWriteStream(join(partial, "chromium"), { mode: 0o700 }));
  await pipeline(...read("swiftshader.tar.br"), extract(partial));
  await pipeline(...read("al2023.tar.br"), extract(join(partial, "al2023")));
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
}

if (!existsSync(join(target, "chromium"))) await unpack();
console.log(JSON.stringify({ executable: join(target, "chromium"), libraries: join(target, "al2023", "lib") }));
