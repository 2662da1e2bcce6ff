import type { Document } from "../discovery/document";
import type { JsonObject } from "../json";
import type { ApiError } from "./api-error";
import type { Parameters } from "./parameters";

/** A validated request. */
export interface Call {
    /** Path and query parameters. Project numbers are already replaced with project IDs. */
    readonly parameters: Parameters;
    /** The normalized body. Empty if the method has none. */
    readonly body: JsonObject;
    /** Whether the caller has a permission. @param on resource name. Default: the resource of the request */
    readonly granted: (permission: string, on?: string) => boolean;
}

/**
 * Handles the calls of a method.
 * @returns the response body; undefined for a response without a body
 * @throws ApiError if the API rejects the call
 */
export type Handler = (call: Call) => JsonObject | undefined;

/** Handles the calls of a method that waits for another server. It must not change the ledger. */
export type AsyncHandler = (call: Call) => Promise<JsonObject>;

/** An API: its discovery document and one handler per method. */
export interface ApiService {
    readonly document: Document;
    /** Handlers by method ID, such as `artifactregistry.projects.locations.repositories.get`. Every method of the document has one. */
    readonly handlers: Readonly<Record<string, Handler | AsyncHandler>>;
    /**
     * Whether the API's JSON is older than proto3 JSON, as that of Cloud Storage: it stores default values, and `null` clears a field.
     * An API in proto3 JSON can name its fields with presence, which keep default values: https://protobuf.dev/programming-guides/field_presence/
     * Default: none.
     */
    readonly keepsDefaults?: true | readonly string[];
    /** Whether callers need no access token, because they come for one. Default: false. */
    readonly isOpen?: true;
    /** Formats errors. Default: as `ApiError.body`. */
    readonly errorBody?: (error: ApiError) => JsonObject;
}

/** Describes an API. @param document one of `discovery/documents/` */
export function apiService(
    document: object,
    handlers: ApiService["handlers"],
    options: Pick<ApiService, "keepsDefaults" | "isOpen" | "errorBody"> = {},
): ApiService {
    return { document: document as Document, handlers, ...options };
}

/** Returns a string parameter. */
export function textOf({ parameters }: Pick<Call, "parameters">, name: string): string {
    const value = parameters[name];
    return typeof value === "string" ? value : "";
}
