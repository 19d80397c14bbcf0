import { expect, test } from 'vitest'
import { detectFormat } from '../../src/index.ts'

test.each([
  ['u.data', '1\t2\t3\t4', 'u.data'],
  ['/data/ml-1m/ratings.dat', '', 'ratings.dat'],
  ['a.CSV', 'anything', 'csv'],
  ['a.tsv.gz', 'anything', 'csv'],
  ['ml.inter', 'user_id:token\titem_id:token', 'csv'],
  ['part.npz', '', 'npz'],
  ['data', 'PK\u0003\u0004', 'npz'],
  ['a.csv', 'PAR1\u0015', 'parquet'],
  ['a.parquet', '', 'parquet'],
  ['data', '1::2::5::978300760\n', 'ratings.dat'],
  ['data', '\n"User ID";"Movie ID"\n', 'csv'],
  ['data', '1\t2\t3\t881250949\n', 'u.data'],
  ['data', '0 3 10 19 28 \n', 'list'],
  ['data', '7\n0 3\n', 'list'],
])('tells what %s is that begins with %j', (source, head, format) => {
  expect(detectFormat(source, new TextEncoder().encode(head))).toBe(format)
})
