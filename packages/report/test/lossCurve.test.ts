import { expect, it } from 'vitest'
import { lossCurve, type TrainedEpoch } from '../src/index.ts'
import { numberOf, parsedSvg, pathPoints, texts } from './parsedSvg.ts'

const EPOCHS: TrainedEpoch[] = [
  { epoch: 2, loss: 0.5, validation: 0.1 },
  { epoch: 1, loss: 0.7 },
  { epoch: 3, loss: 0.4 },
  { epoch: 4, loss: 0.35, validation: 0.14 },
  { epoch: 6, loss: 0.3, validation: 0.12 },
  { epoch: 5, loss: Number.NaN },
]

const draw = (epochs: readonly TrainedEpoch[]): Document =>
  parsedSvg(lossCurve({ title: 'MF on data', metric: 'Recall@20', epochs }))

const curves = (document: Document) => [...document.querySelectorAll('g[aria-label="line"] path')].map(pathPoints)

it('draws loss and validation over the same epochs, in order', () => {
  const document = draw(EPOCHS)
  const [loss = [], validation = []] = curves(document)
  expect(loss).toHaveLength(5)
  expect(validation).toHaveLength(3)
  // Lower losses are further down; equal distances between epochs are equal on the page.
  expect(loss.map(({ y }) => y)).toEqual(loss.map(({ y }) => y).toSorted((a, b) => a - b))
  const [first, second, , fourth, sixth] = loss.map(({ x }) => x)
  expect((sixth ?? 0) - (fourth ?? 0)).toBeCloseTo(2 * ((second ?? 0) - (first ?? 0)), 1)
  expect(validation.map(({ x }) => x)).toEqual([second, fourth, sixth])
  expect(texts(document)).toEqual(
    expect.arrayContaining(['MF on data', 'training loss', 'validation Recall@20', 'epoch']),
  )
})

it('marks the best epoch', () => {
  const document = draw(EPOCHS)
  expect(texts(document)).toContain('5 epochs; best Recall@20 0.1400 at epoch 4')
  const [, validation = []] = curves(document)
  const ring = [...document.querySelectorAll('circle')].filter((circle) => circle.getAttribute('r') === '5')
  expect(ring).toHaveLength(1)
  expect(numberOf(ring[0], 'cx')).toBeCloseTo(validation[1]?.x ?? Number.NaN, 1)
  expect(numberOf(ring[0], 'cy')).toBeCloseTo(validation[1]?.y ?? Number.NaN, 1)
})

it('does without validation, with one epoch, and with none', () => {
  expect(curves(draw(EPOCHS.map(({ epoch, loss }) => ({ epoch, loss }))))).toHaveLength(1)
  expect(draw([{ epoch: 1, loss: 0.5 }]).querySelectorAll('circle')).toHaveLength(1)
  expect(texts(draw([]))).toContain('0 epochs, none validated')
})

it('labels whole epochs only', () => {
  for (const length of [2, 3, 5, 9, 100]) {
    const epochs = Array.from({ length }, (_, n) => ({ epoch: n + 1, loss: 1 / (n + 1) }))
    const labels = [...draw(epochs).querySelectorAll('g[aria-label="x-axis tick label"] text')]
    expect(labels.length).toBeGreaterThan(1)
    for (const label of labels) expect(label.textContent).toMatch(/^\d+$/)
  }
})
