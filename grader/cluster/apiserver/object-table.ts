// The objects of one resource, in key order. What changes often (a Node's heartbeat, a Pod's status) must not cost a sort:
// the order of keys is kept, and a list is made from it when somebody asks.
import { compareStrings } from '../../api/compare.ts'
import { type KubeObject, keyOf } from '../../api/meta.ts'

export interface Slot {
  readonly name: string
  /** `namespace/name`, made once: indexes that share the very string need not hash it again. */
  readonly key: string
  /** Undefined once the object is gone; the slot leaves the order when the next list is made. */
  object: KubeObject | undefined
}

const EMPTY: readonly KubeObject[] = []

/** The objects of one namespace (or all of a cluster-scoped resource), by name. */
class Space {
  readonly slots = new Map<string, Slot>()
  private ordered: Slot[] = []
  private arrived: Slot[] = []
  private left = 0
  private snapshot: readonly KubeObject[] | undefined = EMPTY

  add(name: string, object: KubeObject): Slot {
    this.snapshot = undefined
    const slot = { name, key: keyOf(object), object }
    this.slots.set(name, slot)
    this.arrived.push(slot)
    return slot
  }

  changed(): void {
    this.snapshot = undefined
  }

  remove(name: string): void {
    const slot = this.slots.get(name)
    if (slot === undefined) return
    slot.object = undefined
    this.slots.delete(name)
    this.left++
    this.snapshot = undefined
  }

  list(): readonly KubeObject[] {
    if (this.snapshot !== undefined) return this.snapshot
    if (this.arrived.length > 0 || this.left > 0) this.reorder()
    const objects: KubeObject[] = new Array(this.ordered.length)
    for (let i = 0; i < objects.length; i++) objects[i] = this.ordered[i]!.object!
    this.snapshot = objects
    return objects
  }

  /** Merges what came into the order and drops what went. */
  private reorder(): void {
    const arrived = this.arrived
      .filter((slot) => slot.object !== undefined)
      .sort((a, b) => compareStrings(a.name, b.name))
    const merged: Slot[] = []
    let next = 0
    for (const slot of this.ordered) {
      if (slot.object === undefined) continue
      while (next < arrived.length && arrived[next]!.name < slot.name) merged.push(arrived[next++]!)
      merged.push(slot)
    }
    while (next < arrived.length) merged.push(arrived[next++]!)
    this.ordered = merged
    this.arrived = []
    this.left = 0
  }
}

/** All objects of one resource. Namespaces are ordered as their keys are in etcd: `a-b/x` comes before `a/x`. */
export class ObjectTable {
  private readonly spaces = new Map<string, Space>()
  private spaceOrder: readonly string[] | undefined
  private snapshot: readonly KubeObject[] | undefined
  private size = 0

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.spaces.get(namespace ?? '')?.slots.get(name)?.object
  }

  slot(namespace: string | undefined, name: string): Slot | undefined {
    return this.spaces.get(namespace ?? '')?.slots.get(name)
  }

  /** Puts another version into a slot that is taken. */
  replace(slot: Slot, object: KubeObject): void {
    slot.object = object
    this.snapshot = undefined
    this.spaces.get(object.metadata.namespace ?? '')!.changed()
  }

  add(object: KubeObject): Slot {
    const { namespace = '', name } = object.metadata
    let space = this.spaces.get(namespace)
    if (space === undefined) {
      space = new Space()
      this.spaces.set(namespace, space)
      this.spaceOrder = undefined
    }
    this.size++
    this.snapshot = undefined
    return space.add(name, object)
  }

  remove(object: KubeObject): void {
    const { namespace = '', name } = object.metadata
    const space = this.spaces.get(namespace)
    if (space === undefined) return
    const before = space.slots.size
    space.remove(name)
    this.size += space.slots.size - before
    if (space.slots.size === 0) {
      this.spaces.delete(namespace)
      this.spaceOrder = undefined
    }
    this.snapshot = undefined
  }

  /** The objects in key order; the array is never changed afterwards. */
  list(namespace?: string): readonly KubeObject[] {
    if (namespace !== undefined) return this.spaces.get(namespace)?.list() ?? EMPTY
    if (this.snapshot !== undefined) return this.snapshot
    if (this.spaces.size === 1) this.snapshot = this.spaces.values().next().value!.list()
    else {
      this.spaceOrder ??= [...this.spaces.keys()].sort((a, b) => compareStrings(`${a}/`, `${b}/`))
      const all: KubeObject[] = []
      for (const space of this.spaceOrder) for (const object of this.spaces.get(space)!.list()) all.push(object)
      this.snapshot = all
    }
    return this.snapshot
  }

  count(namespace?: string): number {
    return namespace === undefined ? this.size : (this.spaces.get(namespace)?.slots.size ?? 0)
  }
}
