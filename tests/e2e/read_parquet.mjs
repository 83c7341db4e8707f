// Reads a Parquet file with libraries that are not ours and prints its rows as lines of JSON:
//   node read_parquet.mjs MODULES FILE        MODULES: a node_modules with hyparquet and fzstd
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [modules, path] = process.argv.slice(2)
const find = createRequire(modules + '/')
const load = async name => import(pathToFileURL(find.resolve(name)).href)
const { parquetReadObjects } = await load('hyparquet')
const { decompress } = await load('fzstd')

const bytes = readFileSync(path)
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
const rows = await parquetReadObjects({ file, compressors: { ZSTD: input => decompress(input) } })
for (const row of rows)
  console.log(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
