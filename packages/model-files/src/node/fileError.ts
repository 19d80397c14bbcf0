import { ModelFileError } from '../errors.ts'

/** What the system says about a file, in words. Anything else that was thrown comes back as it is. */
export function fileError(path: string, verb: 'read' | 'written', cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause) || !('code' in cause)) return cause
  return new ModelFileError(path, `${reasonOf(String(cause.code), verb)}`, { cause })
}

function reasonOf(code: string, verb: 'read' | 'written'): string {
  if (code === 'ENOENT') return verb === 'read' ? 'there is no such file; check the path' : 'there is no such folder'
  if (code === 'EISDIR') return 'this is a folder; expected a file'
  if (code === 'EACCES' || code === 'EPERM')
    return `the file may not be ${verb}; check its permissions and its folder’s`
  if (code === 'ENOSPC') return 'the disk is full; the file that was there before is unchanged'
  return `the file could not be ${verb} (${code})`
}
