import { createHash } from 'node:crypto';

/** The ARN of the machine itself, given its own or one with a map run's label. */
export const rootMachineArn = (machineArn: string): string => machineArn.split('/')[0] ?? machineArn;

/** The ARN of an execution of a machine. */
export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

const uuidShape = /^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/;

/** A child execution's name; it follows from its place, so that one started again after a crash is the same. */
export const childName = (mapRunArn: string, index: number): string =>
  createHash('sha256').update(`${mapRunArn}#${index}`).digest('hex').replace(uuidShape, '$1-$2-$3-$4-$5');

/** The last part of a map run's ARN, under which its results are written. */
export const mapRunId = (mapRunArn: string): string => mapRunArn.split(':').at(-1) ?? mapRunArn;
