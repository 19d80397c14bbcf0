/**
 * The folder name of a run that was given none: data set, backbone and the time in UTC, such as
 * `simulated-mf-20260131-093000`.
 */
export function defaultRunName(dataset: string, backbone: string, time: Date): string {
  const stamp = time
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z$/g, '')
    .replace('T', '-')
  return `${folderNameOf(dataset)}-${backbone}-${stamp}`
}

/** Whether a name can be a folder's on every platform. */
export function isRunName(name: string): boolean {
  return /^[\w.@+-][\w.@+ -]*$/.test(name) && !/^\.+$/.test(name)
}

function folderNameOf(dataset: string): string {
  return dataset.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '') || 'data'
}
