import type { components } from "./schema";

type ProblemDetails = components["schemas"]["Problem"];

/** The API answered with an error. Its message is a text for a person. */
export class ApiProblem extends Error {
  /** The HTTP status. */
  readonly status: number;

  /** Which problem, such as `name-taken`; empty if the answer did not come from the API itself. */
  readonly type: string;

  /** When to try again, in milliseconds from now, where the API says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, details: Partial<ProblemDetails>, retryAfter?: number) {
    const field = Object.values(details.errors ?? {})[0]?.[0];
    super(field ?? (wordsOf(details) || `The server answered with status ${status}.`));
    this.status = status;
    this.type = details.type?.replace("urn:chatfunctions:", "") ?? "";
    this.retryAfter = retryAfter;
  }

  /** Whether the same request can succeed later. */
  get isTemporary(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** What the problem says of itself, and why, where it is about a rejection or a ban. */
function wordsOf({ title, until, detail, reason }: Partial<ProblemDetails>): string {
  const end = until && `This ends ${new Date(until).toLocaleString([], { dateStyle: "long", timeStyle: "short" })}.`;
  return [title, end, detail ?? reason].filter(Boolean).join(" ");
}

/** The session is over: only the user can go on, by signing in again. */
export class SignInRequired extends Error {
  constructor() {
    super("Your session has ended.");
  }
}

/** No answer came: the network or the API is down. */
export class ApiUnreachable extends Error {
  constructor(cause: unknown) {
    super("The server cannot be reached.", { cause });
  }
}

/** Whether the same request will fail again, however often it is made. */
export function isLasting(error: unknown): boolean {
  return error instanceof SignInRequired || (error instanceof ApiProblem && !error.isTemporary);
}

export async function problemOf(answer: Response): Promise<ApiProblem> {
  const details = (await answer.json().catch(() => ({}))) as Partial<ProblemDetails>;
  const seconds = Number(answer.headers.get("Retry-After") ?? NaN);
  return new ApiProblem(answer.status, details, Number.isFinite(seconds) ? seconds * 1000 : undefined);
}
