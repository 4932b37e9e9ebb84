import { useEffect, useSyncExternalStore } from 'react'
import type { AnyActorRef, SnapshotFrom } from 'xstate'

/** Starts the actor in the browser, stops it with the island, and returns its present snapshot. */
export function useRunningActor<Actor extends AnyActorRef>(actor: Actor): SnapshotFrom<Actor> {
  useEffect(() => {
    actor.start()
    return () => {
      actor.stop()
    }
  }, [actor])
  const present = (): SnapshotFrom<Actor> => actor.getSnapshot() as SnapshotFrom<Actor>
  return useSyncExternalStore(
    (changed) => {
      const subscription = actor.subscribe(changed)
      return () => subscription.unsubscribe()
    },
    present,
    present,
  )
}
