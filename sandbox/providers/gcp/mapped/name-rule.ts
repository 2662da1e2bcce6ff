/** Naming rule of a type. */
export interface NameRule {
    /** Property with the name. */
    readonly property: string;
    readonly maxLength: number;
    readonly pattern: RegExp;
    /** Description of the pattern. */
    readonly rule: string;
    /** Separator between the logical name and the random suffix of a generated name. Default: a hyphen. */
    readonly separator?: string;
}

/** Naming rule of most services: RFC 1035 labels. */
export function rfc1035(maxLength = 63): NameRule {
    return {
        property: "name",
        maxLength,
        pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        rule: "lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
    };
}
