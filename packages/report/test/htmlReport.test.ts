import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { htmlReport, lossCurve, type Report } from '../src/index.ts'

const REPORT: Report = {
  title: 'MF on <data>',
  facts: [
    ['data set', 'a & b'],
    ['model', '<script>alert(1)</script>'],
  ],
  sections: [
    {
      title: 'Results "here"',
      blocks: [
        { kind: 'text', text: 'means & <more>' },
        {
          kind: 'table',
          caption: 'Test <part>',
          table: {
            columns: [{ label: 'Recall@20' }],
            rows: [{ label: '<b>MF</b>', values: { 'Recall@20': { value: 0.5 } } }],
          },
        },
      ],
    },
    {
      title: 'Training',
      blocks: [
        { kind: 'figure', svg: lossCurve({ title: 'MF', metric: 'Recall@20', epochs: [{ epoch: 1, loss: 0.5 }] }) },
        { kind: 'code', code: 'a < b\n  c' },
      ],
    },
  ],
}

it('has title, facts and sections in order, with all text as text', () => {
  const { document } = parseHTML(htmlReport(REPORT))
  expect(document.querySelector('title')?.textContent).toBe('MF on <data>')
  expect(document.querySelector('h1')?.textContent).toBe('MF on <data>')
  expect([...document.querySelectorAll('dt, dd')].map((each) => each.textContent)).toEqual([
    'data set',
    'a & b',
    'model',
    '<script>alert(1)</script>',
  ])
  expect([...document.querySelectorAll('h2')].map((each) => each.textContent)).toEqual(['Results "here"', 'Training'])
  expect(document.querySelector('p')?.textContent).toBe('means & <more>')
  expect(document.querySelector('tbody th')?.textContent).toBe('<b>MF</b>')
  expect(document.querySelector('figcaption')?.textContent).toBe('Test <part>')
  expect(document.querySelector('pre')?.textContent).toBe('a < b\n  c')
  expect(document.querySelectorAll('figure svg')).not.toHaveLength(0)
})

it('asks for nothing outside itself, and forbids it', () => {
  const page = htmlReport(REPORT)
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<script|href=|src=/)
  expect(page).toContain("default-src 'none'")
})

it('is a page for light and dark', () => {
  const page = htmlReport({ title: 'x', facts: [], sections: [] })
  expect(page).toContain('prefers-color-scheme: dark')
  expect(page).toContain('color-scheme')
  expect(page).not.toContain('<dl>')
})
