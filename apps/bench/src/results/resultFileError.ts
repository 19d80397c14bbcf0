import * as v from 'valibot'
import { GradrecError } from '@gradrec/engine'

/** A result file that says something it cannot mean: which one, which field, what was expected. Code `E_RESULT_FILE`. */
export class ResultFileError extends GradrecError {
  constructor(name: string, issue: v.BaseIssue<unknown>, within?: string) {
    const field = [within, v.getDotPath(issue)].filter((part) => part !== undefined && part !== null).join('.')
    const found = issue.expected === null ? issue.message : `${issue.received}; expected ${issue.expected}`
    super('E_RESULT_FILE', `${name}: ${field === '' ? 'it' : field} is ${found}: measure it again with pnpm bench`)
  }
}
