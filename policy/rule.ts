import type {
    PolicyConfigSchema,
    PolicyResource,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";

/** A resource as a rule sees it: its type, name, inputs and options. */
export type Resource = Pick<ResourceValidationArgs, "type" | "name" | "props" | "opts">;

/** The problem as a sentence; undefined without a problem. */
export type Finding = string | undefined;

/** The texts of a rule. */
export interface RuleText {
    /** Identifies the rule, in messages and in the pack's configuration. */
    readonly name: string;
    /** The guarantee of the rule, in one sentence. */
    readonly description: string;
    /** How to fix a violation. */
    readonly remedy: string;
}

/** A rule about one kind of subject. A resource may have several, such as the containers of a Deployment. */
export interface ResourceRule<Subject> extends RuleText {
    /** The subjects in a resource; empty if the rule does not apply to it. */
    readonly subjects: (resource: Resource) => Iterable<Subject>;
    /** Checks one subject. */
    readonly check: (subject: Subject, resource: Resource) => Finding;
}

/** A rule that needs to see several resources together. */
export interface StackRule extends RuleText {
    /** Checks one resource, given all resources of the stack. */
    readonly check: (resource: PolicyResource, all: readonly PolicyResource[]) => Finding;
}

/** Configuration that every rule accepts. */
interface RuleConfig {
    /** Name of an exempt resource → the reason. */
    readonly exempt?: Readonly<Record<string, string>>;
}

const CONFIG_SCHEMA: PolicyConfigSchema = {
    properties: {
        exempt: {
            description: "Exempt resources, by name, each with the reason",
            type: "object",
            additionalProperties: { type: "string", minLength: 10 },
        },
    },
};

/**
 * The rule as an SDK policy. A value that is unknown during preview skips only the check of its subject. The update checks again, when all values are known and
 * before the resource changes.
 */
export function resourcePolicy<Subject>(rule: ResourceRule<Subject>): ResourceValidationPolicy {
    return {
        ...text(rule),
        validateResource: (resource, report) => {
            if (isExempt(resource.name, resource.getConfig())) {
                return;
            }
            for (const subject of whenKnown(() => [...rule.subjects(resource)]) ?? []) {
                const finding = whenKnown(() => rule.check(subject, resource));
                if (finding !== undefined) {
                    report(`${finding} ${rule.remedy}`);
                }
            }
        },
    };
}

/** The rule as an SDK policy; it runs once all resources of the stack are known. */
export function stackPolicy(rule: StackRule): StackValidationPolicy {
    return {
        ...text(rule),
        validateStack: (stack, report) => {
            for (const resource of stack.resources.filter(({ name }) => !isExempt(name, stack.getConfig()))) {
                const finding = whenKnown(() => rule.check(resource, stack.resources));
                if (finding !== undefined) {
                    report(`${finding} ${rule.remedy}`, resource.urn);
                }
            }
        },
    };
}

function text({ name, description, remedy }: RuleText) {
    return { name, description, remediationSteps: remedy, configSchema: CONFIG_SCHEMA };
}

function isExempt(resource: string, { exempt = {} }: RuleConfig): boolean {
    return Object.hasOwn(exempt, resource);
}

/**
 * The result of `read`, or undefined if it reads a value that is unknown until the update, such as the digest of an image that is not built yet. The SDK
 * wraps resources in a proxy that throws for such a value.
 */
export function whenKnown<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (error instanceof Error && "unknownTypeSentinel" in error) {
            return undefined;
        }
        throw error;
    }
}
