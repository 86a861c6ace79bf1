import type { components } from "./schema.ts";

type ProblemDetails = components["schemas"]["Problem"];

/** The API answered with an error. Its message is a text for a person. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  /** The HTTP status. */
  readonly status: number;

  /** Which problem, such as `name-taken`; empty if the answer did not come from the API itself. */
  readonly type: string;

  /** What the API tells of it. */
  readonly details: Partial<ProblemDetails>;

  /** When to try again, in milliseconds from now, where the API says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, details: Partial<ProblemDetails>, retryAfter?: number) {
    const field = Object.values(details.errors ?? {})[0]?.[0];
    super(field ?? (wordsOf(details) || `The server answered with status ${status}.`));
    this.status = status;
    this.type = details.type?.replace("urn:chatfunctions:", "") ?? "";
    this.details = details;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request can succeed later. */
  get isTemporary(): boolean {
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** What the problem says of itself, and why, where it is about a rejection or a ban. */
function wordsOf({ title, until, detail, reason }: Partial<ProblemDetails>): string {
  const end = until && `This ends ${new Date(until).toLocaleString([], { dateStyle: "long", timeStyle: "short" })}.`;
  return [title, end, detail ?? reason].filter(Boolean).join(" ");
}

/** The session is over: only the user can go on, by signing in again. `getAccessToken` throws it, or the API has refused its tokens. */
export class SignInRequired extends Error {
  override readonly name = "SignInRequired";

  constructor(options?: ErrorOptions) {
    super("Your session has ended.", options);
  }
}

/** No answer came: the network or the API is down. What was asked for may have been done. */
export class ApiUnreachable extends Error {
  override readonly name = "ApiUnreachable";

  constructor(cause: unknown) {
    super("The server cannot be reached.", { cause });
  }
}

/** Something was asked of a chat or a room that is closed. */
export class ChatClosed extends Error {
  override readonly name = "ChatClosed";

  constructor() {
    super("The chat is closed.");
  }
}

/** Whether the same request will fail again, however often it is made. */
export function isLasting(error: unknown): boolean {
  return error instanceof SignInRequired || error instanceof ChatClosed || (error instanceof ApiProblem && !error.isTemporary);
}

/** When to try again after an error, in milliseconds from now, where the API has said so. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof ApiProblem ? error.retryAfter : undefined;
}

/** What an answer that is none of success tells. */
export function problemOf(status: number, headers: Headers, body: string): ApiProblem {
  const seconds = Number(headers.get("Retry-After") ?? NaN);
  return new ApiProblem(status, detailsIn(body), Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

/** What stands between the client and the API answers in its own way. */
function detailsIn(body: string): Partial<ProblemDetails> {
  try {
    const details: unknown = JSON.parse(body);
    return typeof details === "object" && details !== null ? details : {};
  } catch {
    return {};
  }
}
