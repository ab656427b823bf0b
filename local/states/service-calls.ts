import type { Activity } from './activity.ts';
import type { Frame, TaskPhase } from './frame.ts';
import type { TaskOutcome } from './settle.ts';

/** The calls of services under way for one execution, at most one a frame. */
export type ServiceCalls = {
  /** Calls the service for the frame's task, unless that is being done already. */
  ensure(frame: Frame, phase: TaskPhase): void;
  /** No longer cares for the frame's call, or for every call: its answer comes to nothing. */
  abandon(frameId?: string): void;
};

export const createServiceCalls = (
  activity: Activity,
  callService: (frame: Frame, phase: TaskPhase) => Promise<TaskOutcome>,
  onOutcome: (frame: Frame, phase: TaskPhase, outcome: TaskOutcome) => void,
): ServiceCalls => {
  const underWay = new Map<string, TaskPhase['scheduledEventId']>();

  const end = (frameId: string) => {
    if (underWay.delete(frameId)) activity.leave('task');
  };

  return {
    ensure(frame, phase) {
      if (underWay.get(frame.id) === phase.scheduledEventId) return;
      end(frame.id);
      underWay.set(frame.id, phase.scheduledEventId);
      activity.enter('task');
      callService(frame, phase).then((outcome) => {
        if (underWay.get(frame.id) !== phase.scheduledEventId) return;
        onOutcome(frame, phase, outcome);
        end(frame.id);
      });
    },
    abandon(frameId) {
      for (const id of frameId === undefined ? [...underWay.keys()] : [frameId]) end(id);
    },
  };
};
