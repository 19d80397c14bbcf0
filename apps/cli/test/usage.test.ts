import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../src/index.ts'
import { temporaryFolder } from './temporaryFolder.ts'
import { testContext, TINY } from './testContext.ts'

async function errorOf(...argv: string[]): Promise<string> {
  const context = testContext()
  const exitCode = await run(argv, context)
  expect(context.out()).toBe('')
  expect(context.err().split('\n')).toHaveLength(2)
  return `${exitCode} ${context.err().trimEnd()}`
}

async function configError(content: string, ...argv: string[]): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'run.yaml'), content)
  return (await errorOf('train', '--config', join(folder, 'run.yaml'), ...argv)).replace(folder, '')
}

describe('wrong flags', () => {
  it('are named with the nearest right one', async () => {
    expect(await errorOf('trian')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: "trian" is not a command of gradrec; did you mean train?"`,
    )
    expect(await errorOf('train', '--learing-rate', '1')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --learing-rate is not a flag of gradrec train; did you mean --learning-rate?"`,
    )
    expect(await errorOf('train', '--epoch=3')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --epoch is not a flag of gradrec train; did you mean --epochs?"`,
    )
    expect(await errorOf('train', '-k', '20')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: -k is not a flag of gradrec train; did you mean --k?"`,
    )
    expect(await errorOf('train', '--no-seed')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --no-seed is not a flag of gradrec train; see gradrec train --help"`,
    )
    expect(await errorOf('train', 'ml100k')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: "ml100k" stands alone; gradrec train takes flags only: see gradrec train --help"`,
    )
    expect(await errorOf('doctor', '--jsn')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --jsn is not a flag of gradrec doctor; did you mean --json?"`,
    )
  })

  it('of the wrong type say what was expected', async () => {
    expect(await errorOf('train', '--learning-rate=fast')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --learning-rate is "fast"; expected a number"`,
    )
    expect(await errorOf('train', '--seed')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --seed lacks its value; expected --seed <integer>"`,
    )
    expect(await errorOf('train', '--seed', '--quiet')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --seed is "--quiet"; expected a number"`,
    )
    expect(await errorOf('train', '--seed=')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --seed is ""; expected a number"`,
    )
    expect(await errorOf('train', '--backbone', 'gcn')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --backbone is "gcn"; expected one of mf, lgn"`,
    )
    expect(await errorOf('train', '--mask-validation=maybe')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --mask-validation is "maybe"; expected no value, true or false"`,
    )
    expect(await errorOf('train', '--name', '../elsewhere')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --name is "../elsewhere"; expected a folder’s name of letters, digits, spaces and . _ @ + -"`,
    )
  })

  it('out of range say what the range is', async () => {
    expect(await errorOf('train', '--dimension', '0')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --dimension is 0; expected a multiple of 4 from 4 to 512 (the nearest is 4)"`,
    )
    expect(await errorOf('train', '--dimension', '6')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --dimension is 6; expected a multiple of 4 from 4 to 512 (the nearest is 8)"`,
    )
    expect(await errorOf('train', '--learning-rate', '-1')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --learning-rate is -1; expected a number above 0"`,
    )
    expect(await errorOf('train', '--epochs', '1.5')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --epochs is 1.5; expected a whole number, 1 or more"`,
    )
    expect(await errorOf('train', '--k', '5000')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --k is 5000; expected a whole number from 1 to 1024"`,
    )
    expect(await errorOf('train', '--watch', 'gini@20')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --watch is "gini@20"; expected a metric and the length of its list, up to 1024: recall@20, hitRate@20, ndcg@20, precision@20, mrr@20, map@20"`,
    )
    expect(await errorOf('train', '--users', '3')).toMatchInlineSnapshot(
      `"2 error [E_DATA_OPTION]: simulate: 45000 interactions are wanted of 3 users × 600 items; expected at most half of the pairs: ask for fewer interactions, or for more users or items"`,
    )
  })

  it('that mean nothing together are refused', async () => {
    expect(await errorOf('train', '--layers', '3')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --layers means nothing with backbone mf; it goes with backbone lgn"`,
    )
    expect(await errorOf('train', '--optimizer', 'sgd', '--beta1', '0.5')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --beta1 means nothing with optimizer sgd; it goes with optimizer adam"`,
    )
    expect(await errorOf('train', '--method', 'original', '--alpha-item', '1')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --alpha-item means nothing with method original; it goes with method gradient"`,
    )
    expect(await errorOf('train', '--rate-factor', '0.5')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --rate-factor means nothing with schedule constant; it goes with schedule plateau"`,
    )
    expect(await errorOf('train', '--dropout', '0.1')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --dropout means nothing with backbone mf; it goes with backbone lgn"`,
    )
    expect(await errorOf('train', '--recording', 'none')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --recording is "none"; expected vector or gradient, or directions from learned embeddings"`,
    )
    expect(await errorOf('train', '--dataset', 'ml100k', '--users', '50')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --users means nothing with dataset ml100k; it goes with simulated data"`,
    )
    expect(await errorOf('train', '--user-column', 'who')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --user-column means nothing with dataset simulated; it goes with a file"`,
    )
  })
})

describe('runs that cannot go on', () => {
  it('are named, with what can be done', async () => {
    expect(await errorOf('train', '--resume', 'no-such-run')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --resume is "no-such-run"; expected the folder of a run, but there is no such folder"`,
    )
    const folder = await temporaryFolder()
    expect((await errorOf('train', '--resume', folder)).replace(folder, '<folder>')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --resume is "<folder>"; expected the folder of a run, but it has no config.json"`,
    )
    expect(await errorOf('train', '--resume', 'runs/x', '--seed', '3')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --seed cannot stand beside --resume: the run goes on as it began, and only --epochs, --engine, --threads, --adapter, --json and --quiet can be given; for another run start from --config runs/x/config.json"`,
    )
    expect(await errorOf('train', '--resume', 'runs/x', '--config', 'x.yaml')).toMatch(
      /^2 .*--config cannot stand beside/,
    )
  })

  it('are not shortened, nor changed between two halves', async () => {
    const runs = await temporaryFolder()
    const folder = join(runs, 'x')
    expect(await run(['train', ...TINY, '--alpha-item', '1', '--runs', runs, '--name', 'x'], testContext())).toBe(0)
    expect(await errorOf('train', '--resume', folder, '--epochs', '1')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --epochs is 1; expected 2 or more, since the run has 2"`,
    )
    const config = join(folder, 'config.json')
    await writeFile(config, (await readFile(config, 'utf8')).replace('"seed": 1,', '"seed": 2,'))
    const context = testContext()
    expect(await run(['train', '--resume', folder], context)).toBe(1)
    expect(context.err().trimEnd().split('\n').at(-1)).toMatchInlineSnapshot(
      `"error [E_CHECKPOINT]: the checkpoint was trained with seed 1, and the run asks for 2; only epochs can change on resuming"`,
    )
  })
})

describe('data sets that are not there', () => {
  it('by name and by path', async () => {
    expect(await errorOf('train', '--dataset', 'ml10k')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --dataset is "ml10k", which is neither a known data set nor a file; did you mean ml10m?"`,
    )
    expect(await errorOf('train', '--dataset', 'spotify')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --dataset is "spotify", which is neither a known data set nor a file; expected simulated, ml10m, netflix, adressa, gowalla, ml100k, ml-latest-small or the path of a file"`,
    )
    expect(await errorOf('train', '--dataset', 'no/such.csv')).toMatchInlineSnapshot(
      `"1 error [E_DATA_MISSING]: --dataset is "no/such.csv"; there is no such file: check the path"`,
    )
    const missing = await errorOf('train', '--dataset', 'ml100k', '--data-root', 'no-such-folder')
    expect(missing).toMatch(/^1 error \[E_DATA_MISSING\]: ml100k: u\.data is not in no-such-folder/)
  })
})

describe('configuration files', () => {
  it('are refused at line and column', async () => {
    expect(await configError('epochs: 2\nlearnRate: 0.1\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:2:1: "learnRate" is not a setting; did you mean learningRate?"`,
    )
    expect(await configError('# d\ndimension: sixty\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:2:1: dimension is "sixty"; expected a number"`,
    )
    expect(await configError('{"dimension": 8,\n "k": 0}')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:2:2: k is 0; expected a whole number from 1 to 1024"`,
    )
    expect(await configError('epochs: 2\nepochs: 3\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:2:1: Map keys must be unique"`,
    )
    expect(await configError('epochs: [2\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]"`,
    )
    expect(await configError('- epochs\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:1:1: expected settings, one "key: value" a line"`,
    )
    expect(await configError('layers: 3\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:1:1: layers means nothing with backbone mf; it goes with backbone lgn"`,
    )
    expect(await configError('recipe: best\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:1:1: recipe is "best"; expected one of default, macr, dice"`,
    )
    expect(await configError('k: {a: 1}\n')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: /run.yaml:1:1: k is a list or map; expected a number"`,
    )
  })

  it('give way to flags, errors included', async () => {
    expect(await configError('dimension: 6\n', '--dimension', '7')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --dimension is 7; expected a multiple of 4 from 4 to 512 (the nearest is 8)"`,
    )
  })

  it('that are not there', async () => {
    expect(await errorOf('train', '--config', 'no-such.yaml')).toMatchInlineSnapshot(
      `"2 error [E_USAGE]: --config is "no-such.yaml"; expected a YAML or JSON file, but there is no such file"`,
    )
  })
})

describe('help', () => {
  it.each([['--help'], ['train', '--help'], ['doctor', '-h']])('%s %s goes to stdout', async (...argv) => {
    const context = testContext()
    expect(await run(argv, context)).toBe(0)
    expect(context.out()).toContain('USAGE gradrec')
    expect(context.out()).not.toContain('\u001B')
    expect(context.err()).toBe('')
  })

  it('is what a bare call shows, as an error', async () => {
    expect(await run([], testContext())).toBe(2)
  })

  it('names the version', async () => {
    const context = testContext()
    expect(await run(['--version'], context)).toBe(0)
    expect(context.out()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
