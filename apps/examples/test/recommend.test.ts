import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rowColumns } from '@gradrec/engine'
import { simulate } from '@gradrec/data'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../recommend.mjs', import.meta.url))
const readme = fileURLToPath(new URL('../../../README.md', import.meta.url))

test('the example is short, stands in the README, and runs', async () => {
  const code = await readFile(script, 'utf8')
  expect(code.split('\n').filter((line) => line !== '').length).toBeLessThan(15)
  expect(await readFile(readme, 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``)

  const folder = await mkdtemp(join(tmpdir(), 'gradrec-example-'))
  try {
    const { parts, users, items } = await simulate({
      users: 80,
      items: 50,
      trainInteractions: 1200,
      validationInteractions: 10,
      testInteractions: 10,
      biasedTestInteractions: 10,
    })
    const lines = ['user,item']
    for (let user = 0; user < users.size; user++) {
      for (const item of rowColumns(parts.train, user)) lines.push(`${users.idOf(user)},${items.idOf(item)}`)
    }
    await writeFile(join(folder, 'ratings.csv'), `${lines.join('\n')}\n`)
    const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: folder })
    expect(stdout).toMatch(/^\{ alphaItem: [\d.]+, alphaUser: [\d.]+ \} \[/)
    expect(stdout.match(/isKnown: true/g)).toHaveLength(2)
  } finally {
    await rm(folder, { recursive: true })
  }
})
