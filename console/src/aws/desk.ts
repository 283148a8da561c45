import { call } from './signed';

const desk = <T>(operation: string, input: object) => call<T>('desk', `Desk.${operation}`, { ...input });
const Language = () => document.documentElement.lang;

// Sentence is what the desk says, in both languages.
export interface Sentence { En: string; Ja: string }

// said is a sentence in the reader's language.
export const said = (s?: Sentence): string => (s ? (Language() === 'ja' ? s.Ja : s.En) : '');

// Plan is what a duty proposes to change, and how far it is; moments are in
// seconds.
export interface Plan {
  PlanId: string;
  Duty: string;
  By: string;
  Reason?: string;
  Undoes?: string;
  MadeAt: number;
  Steps: number;
  Done: number;
  Failed: number;
  Begun: boolean;
  Running: boolean;
  RequestId?: string;
  RequestState?: string;
}

// Step is one change of a plan; its inputs are JSON.
export interface Step {
  Number: number;
  Resource: string;
  Owner?: string;
  Account: string;
  Region: string;
  What?: Sentence;
  Why?: Sentence;
  Lost?: Sentence;
  Cli?: string;
  Action: string;
  Input?: string;
  UndoInput?: string;
  State?: string;
  Note?: string;
  Now?: string; // what it is seen as while it is waited for
  Changed?: boolean; // it is done, and was not so before
  At?: number;
}

// Request asks people to agree.
export interface Request {
  RequestId: string;
  Subject: string;
  PlanId?: string;
  Duty: string;
  Title?: Sentence;
  By: string;
  Person?: string;
  For?: string[];
  Reason?: string;
  Evidence?: string;
  MadeAt: number;
  ExpiresAt: number;
  State: string;
  Stage: number;
  Asked?: string[];
  Mine: boolean;
  Stages?: { Name?: string; Of?: string[]; Need: number }[];
  Votes?: { At: number; Person: string; Via: string; Agree: boolean; Reason?: string; Stage: number }[];
}

// Whole is a plan with all that is known of it.
export interface Whole {
  Plan: Plan;
  Places?: { Account: string; Region: string; Role?: string; Endpoint?: string }[];
  Notes?: Sentence[];
  Steps?: Step[];
  Events?: { At: number; Kind: string; By?: string; Note?: string }[];
  Request?: Request;
  Elsewhere?: string;
  Window?: string;
  OpensAt?: number;
  Approvers?: string[]; // who must agree and was not asked yet
  NextToken?: string;
}

// plans lists every plan, the newest first.
export async function plans(): Promise<Plan[]> {
  const all: Plan[] = [];
  let NextToken: string | undefined;
  do {
    const page = await desk<{ Plans?: Plan[]; NextToken?: string }>('ListPlans', { MaxResults: 1000, NextToken });
    all.push(...page.Plans ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

// plan is one with its first steps, a thousand at most.
export const plan = (PlanId: string) => desk<Whole>('DescribePlan', { PlanId, MaxResults: 1000, Language: Language() });

// apply begins to apply a plan, or goes on with it.
export const apply = (PlanId: string) => desk<object>('ApplyPlan', { PlanId, Language: Language() });

// Verb is what can be done to desktops.
export type Verb = 'start' | 'stop' | 'reboot' | 'auto-stop' | 'always-on' | 'restore' | 'rebuild' | 'terminate';

export const verbs: Verb[] = ['start', 'stop', 'reboot', 'auto-stop', 'always-on', 'restore', 'rebuild', 'terminate'];

// Asked is what people are asked, and who the desk takes the caller for.
export interface Asked { Person?: string; Requests: Request[] }

// requests lists what people were asked to agree to, the newest first.
export async function requests(): Promise<Asked> {
  const out: Asked = { Requests: [] };
  let NextToken: string | undefined;
  do {
    const page = await desk<Partial<Asked> & { NextToken?: string }>('ListRequests', { MaxResults: 1000, NextToken });
    out.Requests.push(...page.Requests ?? []);
    out.Person = page.Person;
    NextToken = page.NextToken;
  } while (NextToken);
  return out;
}

// decide votes.
export const decide = (RequestId: string, Agree: boolean, Reason: string) =>
  desk<object>('DecideRequest', { RequestId, Agree, Reason: Reason || undefined, Language: Language() });

// Maintenance is the next time of work on desktops of a mode, or the next opening
// of a maintenance window.
export interface Maintenance {
  Name?: string;
  DirectoryId?: string;
  RunningMode?: string;
  From: number;
  To: number;
}

// maintenance is what comes next, the soonest first.
export const maintenance = async () => (await desk<{ Maintenance?: Maintenance[] }>('ListMaintenance', {})).Maintenance ?? [];

// Values are the options of a duty by their names at a terminal; "of" is whom it
// is about.
export type Values = [name: string, value: string][];

// Report is what a duty says, as at a terminal.
export interface Report {
  At: number;
  Text: string;
  Found: boolean;
  PlanId?: string;
  Command: string;
}

// given are those of a form that were filled in.
export const given = (of: Values): Values => of.filter(([, value]) => value);

const listed = (of: Values) => of.map(([Name, Value]) => ({ Name, Value }));

// run does a duty that only looks; it takes some seconds.
export const run = async (Duty: string, of: Values) =>
  (await desk<{ Report: Report }>('RunDuty', { Duty, Values: listed(of), Language: Language() })).Report;

// Wish is what a plan is wished for with.
export interface Wish { Fix?: string; Feed?: string; Reason?: string }

// propose has a duty make a plan of what it would change.
export const propose = async (Duty: string, of: Values, wish: Wish) =>
  (await desk<{ Report: Report }>('PlanDuty', { Duty, Values: listed(of), Fix: wish.Fix || undefined, Feed: wish.Feed || undefined, Reason: wish.Reason || undefined, Language: Language() })).Report;

// Costs is a month so far; amounts are decimal numbers, and missing where nobody
// knows them.
export interface Costs {
  Month: string;
  At: number;
  Modes: { RunningMode: string; Desktops: number; RunningSeconds: number; Cost?: string }[];
  RunningSeconds: number;
  Cost?: string;
  Currency?: string;
  Unpriced?: Sentence;
  Untold?: number;
  Systems?: string[];
  Prices?: string[];
  Missing?: string[];
  BreakEvens?: { ComputeTypeName: string; OperatingSystem: string; RootVolumeSizeGib: number; UserVolumeSizeGib: number; Desktops: number; Hours: string }[];
  Changes?: number;
  Savings?: { Currency: string; Promised: string; Realised: string }[];
  Unanswered?: string[];
}

// costs adds up this month; system is that of desktops that do not tell theirs.
export const costs = async (system: string) =>
  (await desk<{ Summary: Costs }>('DescribeCostSummary', { OperatingSystem: system || undefined, Language: Language() })).Summary;

// ImageSeat is a desktop and the image that it is on.
export interface ImageSeat {
  WorkspaceId: string;
  UserName: string;
  BundleId: string;
  ImageId?: string;
  Standing: string; // current, earlier or unclear
  State: string;
}

// imageSeats tells which image each desktop is on.
export async function imageSeats(): Promise<ImageSeat[]> {
  const all: ImageSeat[] = [];
  let NextToken: string | undefined;
  do {
    const page = await desk<{ Seats?: ImageSeat[]; NextToken?: string }>('ListImageSeats', { MaxResults: 1000, NextToken, Language: Language() });
    all.push(...page.Seats ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

// ImageCheck is how an image stands against the acceptance list.
export interface ImageCheck {
  At: number;
  MadeAt?: number;
  Master?: string;
  NodeId?: string;
  Accepted: boolean;
  Unprobed?: string;
  Items?: { Kind: string; Name: string; Ok: boolean; Evidence?: Sentence; Next?: string }[];
}

// checkImage holds an image, or a desktop that will be one, against the list; it
// takes some seconds.
export const checkImage = async (ImageId: string, Master: string) =>
  (await desk<{ Check: ImageCheck }>('CheckImage', { ImageId, Master: Master || undefined, Language: Language() })).Check;
