/** What of the paper can be reproduced, as it is called on the command line; `artefacts.ts` makes them. */
export const ARTEFACT_NAMES = [
  'table1',
  'table2',
  'table3',
  'table4',
  'table5',
  'fig1',
  'fig4',
  'fig5',
  'fig6',
  'fig7',
  'fig8',
] as const
