import type { Artefact } from './artefact.ts'
import { fig1 } from './artefacts/fig1.ts'
import { fig4 } from './artefacts/fig4.ts'
import { fig7 } from './artefacts/fig7.ts'
import { fig8 } from './artefacts/fig8.ts'
import { fig5, fig6 } from './artefacts/popularityFigures.ts'
import { table1 } from './artefacts/table1.ts'
import { table2 } from './artefacts/table2.ts'
import { table3 } from './artefacts/table3.ts'
import { table4 } from './artefacts/table4.ts'
import { table5 } from './artefacts/table5.ts'

/** Everything of the paper that can be reproduced, in the order of its numbers. `artefactNames.ts` has their names alone. */
export const ARTEFACTS: readonly Artefact[] = [
  table1,
  table2,
  table3,
  table4,
  table5,
  fig1,
  fig4,
  fig5,
  fig6,
  fig7,
  fig8,
]
