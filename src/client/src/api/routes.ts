import type { Answer, ApiClient, Method, RequestOptions } from "./apiClient.ts";
import type { paths } from "./schema.ts";

type Operation<M extends Method, P extends keyof paths> = paths[P][Lowercase<M> & keyof paths[P]];

/** The routes that have a method, by the API's own document. */
export type RouteWith<M extends Method> = { [P in keyof paths]: Operation<M, P> extends { responses: unknown } ? P : never }[keyof paths];

type Answered<Status extends number, Responses, Otherwise> = Responses extends Record<Status, infer Response> ? Response : Otherwise;
type Success<Responses> = Answered<200, Responses, Answered<201, Responses, Answered<204, Responses, never>>>;
type Json<Content> = Content extends { content: { "application/json": infer Body } } ? Body : undefined;

/** What a route answers. */
export type AnswerOf<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer Responses } ? Json<Success<Responses>> : never;

/** What a route takes as its body. */
export type BodyOf<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { requestBody?: infer Body } ? Json<NonNullable<Body>> : undefined;

type QueryOf<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { parameters: { query?: infer Query } } ? NonNullable<Query> : never;

/** The names between braces in a route. */
type NamesIn<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** What a call of a route carries. */
export type CallOptions<M extends Method, P extends keyof paths> = Omit<RequestOptions, "body" | "query"> & {
  /** What goes into the address. */
  readonly path?: { readonly [Name in NamesIn<P>]: string };
  readonly query?: { readonly [Name in keyof QueryOf<M, P>]?: QueryOf<M, P>[Name] | string | null };
} & (BodyOf<M, P> extends undefined ? object : { readonly body?: BodyOf<M, P> });

/** Calls routes by their types. What it throws is said at {@link ApiClient}. */
export async function call<M extends Method, P extends RouteWith<M>>(
  client: ApiClient,
  method: M,
  route: P,
  { path, ...options }: CallOptions<M, P> = {} as CallOptions<M, P>,
): Promise<Answer<AnswerOf<M, P>>> {
  const names = (path ?? {}) as Readonly<Record<string, string>>;
  const address = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name]!));
  return await client.request<AnswerOf<M, P>>(method, address, options as RequestOptions);
}
