/** A JSON value or a parameter, as a discovery document describes it. https://developers.google.com/discovery/v1/type-format */
export interface Schema {
    readonly type?: "any" | "array" | "boolean" | "integer" | "number" | "object" | "string";
    /** A more specific type, such as `int64`, `google-datetime` or `byte`. */
    readonly format?: string;
    /** Name of a schema in the same document. */
    readonly $ref?: string;
    readonly items?: Schema;
    /** Type of a map's values. */
    readonly additionalProperties?: Schema;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly enum?: readonly string[];
    /** Numbers of the enum's values, in the same order, if known. Clients may send numbers instead of names. */
    readonly numbers?: readonly (number | null)[];
    /** Whether the server ignores the field in requests. Default: false. */
    readonly readOnly?: boolean;
}

/** A path or query parameter. */
export interface Parameter extends Schema {
    readonly location: "path" | "query";
    /** Default: false. */
    readonly required?: boolean;
    /** Default: false. */
    readonly repeated?: boolean;
    /** Regular expression for the whole value. */
    readonly pattern?: string;
}

/** A method of an API. */
export interface Method {
    readonly httpMethod: string;
    /** A URI template, such as `v1/{+parent}/repositories`. */
    readonly path: string;
    readonly parameters: Readonly<Record<string, Parameter>>;
    /** Schema of the request body. Absent if the method has no body. */
    readonly request?: string;
}

/** The part of a discovery document that the sandbox uses. */
export interface Document {
    /** Name and version, such as `artifactregistry:v1`. */
    readonly id: string;
    /** Name of the API in messages, such as `Artifact Registry API`. */
    readonly title: string;
    /** Revision date of Google's document. */
    readonly revision: string;
    /** Host without a scheme. */
    readonly host: string;
    /** Prefix of all method paths: empty, or `storage/v1/`. */
    readonly servicePath: string;
    /** Methods by ID, such as `artifactregistry.projects.locations.repositories.get`. */
    readonly methods: Readonly<Record<string, Method>>;
    readonly schemas: Readonly<Record<string, Schema>>;
}
