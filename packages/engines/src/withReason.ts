import type { Engine } from '@gradrec/engine'

/**
 * The same engine, with everything it can do, and another reason for its device: only who chose it knows why. Methods run on the engine
 * itself, whose private fields no proxy has.
 */
export function withReason<Kind extends Engine>(engine: Kind, reason: string): Kind {
  const device = { ...engine.device, reason }
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'device') return device
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
