import { gradient } from './gradient.ts'
import type { Method } from './method.ts'
import type { MethodConfig } from './methodConfig.ts'
import { original } from './original.ts'

/** The method of a configuration. */
export function methodOf(config: MethodConfig): Method {
  switch (config.kind) {
    case 'original':
      return original
    case 'gradient':
      return gradient(config)
  }
}
