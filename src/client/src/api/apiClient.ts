import { ApiUnreachable, ChatClosed, isLasting, problemOf, retryAfterOf, SignInRequired } from "./problem.ts";
import { backoff } from "./retry.ts";

/**
 * Gives the access token for the API.
 * @param renew The API has refused the last one: one that is kept may not be given again.
 * @throws SignInRequired Only the user can go on. Anything else counts as an outage, and is tried again.
 */
export type GetAccessToken = (options: { readonly renew: boolean }) => string | Promise<string>;

/** What a request carries, as far as it is not in its address. */
export interface RequestOptions {
  /** What is undefined or null is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

  /** Sent as JSON. */
  readonly body?: object;

  readonly signal?: AbortSignal;

  /** Repeats a request that has failed and can succeed later: for those that do the same when they are done twice. */
  readonly isRepeated?: boolean;

  /** Outlives the page, if it has to. */
  readonly keepalive?: boolean;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An answer of success. */
export interface Answer<T> {
  readonly data: T;
  readonly headers: Headers;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Longer than the API itself takes before it gives up, in milliseconds. */
const timeLimit = 15_000;

/** A repeated request is made so often at most. */
const maxTries = 3;

/** A repeated request waits no longer for the next try, in milliseconds: a person is waiting. */
const longestWait = 5_000;

/**
 * Sends requests to the API. Every method throws `ApiProblem` where the API answers with an error, `ApiUnreachable` where nothing
 * answers, `SignInRequired` where a renewed access token is refused, too, and `ChatClosed` after {@link ApiClient.close}.
 */
export class ApiClient {
  readonly #baseUrl: string;
  readonly #getAccessToken: GetAccessToken;
  readonly #closing = new AbortController();

  /** @param baseUrl The API's address, with or without a slash at its end. */
  constructor(baseUrl: string, getAccessToken: GetAccessToken) {
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.#getAccessToken = getAccessToken;
  }

  /** Ends what is under way, but for requests that outlive the page. */
  close(): void {
    this.#closing.abort(new ChatClosed());
  }

  /**
   * @param path As the API's document has it, with its parameters filled in.
   * @returns The body; undefined where the answer has none.
   */
  async request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    for (let failures = 0; ; ) {
      try {
        return await this.#requestOnce<T>(method, path, options);
      } catch (error) {
        failures++;
        const pause = retryAfterOf(error) ?? backoff(failures);
        if (!options.isRepeated || isLasting(error) || failures >= maxTries || pause > longestWait) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async #requestOnce<T>(method: Method, path: string, options: RequestOptions): Promise<Answer<T>> {
    let answer = await this.#send(method, path, options, false);
    // The clocks may differ, or the issuer has changed its keys.
    if (answer.status === 401) answer = await this.#send(method, path, options, true);
    const { status, headers, text } = answer;
    if (status === 401) throw new SignInRequired({ cause: problemOf(status, headers, text) });
    if (status >= 400) throw problemOf(status, headers, text);
    return { data: (text ? JSON.parse(text) : undefined) as T, headers };
  }

  async #send(method: Method, path: string, { query, body, signal, keepalive }: RequestOptions, renew: boolean): Promise<RawAnswer> {
    const token = await this.#accessToken(renew);
    const ends = [...(signal ? [signal] : []), ...(keepalive ? [] : [this.#closing.signal])];
    try {
      const answer = await fetch(`${this.#baseUrl}${path}${queryOf(query)}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        ...(keepalive && { keepalive }),
        signal: AbortSignal.any([AbortSignal.timeout(timeLimit), ...ends]),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    } catch (error) {
      for (const end of ends) end.throwIfAborted();
      throw new ApiUnreachable(error);
    }
  }

  async #accessToken(renew: boolean): Promise<string> {
    try {
      return await this.#getAccessToken({ renew });
    } catch (error) {
      throw error instanceof SignInRequired ? error : new ApiUnreachable(error);
    }
  }
}

function queryOf(query: RequestOptions["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}
