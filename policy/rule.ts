import type {
    PolicyConfigSchema,
    PolicyResource,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";
import { whenKnown } from "./unknown";

/** A resource, as a rule sees it: what it is and what it was given. */
export type Resource = Pick<ResourceValidationArgs, "type" | "name" | "props" | "opts">;

/** What is wrong, as a sentence; undefined where nothing is. */
export type Finding = string | undefined;

/** What a person reads of a rule. */
export interface RuleText {
    /** Identifies the rule, in messages and in the pack's configuration. */
    readonly name: string;
    /** What holds where the rule is kept, in one sentence. */
    readonly description: string;
    /** What to do where it is not. */
    readonly remedy: string;
}

/** A rule about one kind of thing, of which a resource may have several, such as the containers of a Deployment. */
export interface ResourceRule<Subject> extends RuleText {
    /** The things in a resource that the rule is about; none where the rule does not apply to it. */
    readonly subjects: (resource: Resource) => Iterable<Subject>;
    /** Judges one of them. */
    readonly check: (subject: Subject, resource: Resource) => Finding;
}

/** A rule about resources together. */
export interface StackRule extends RuleText {
    /** Judges one resource among all of the stack's. */
    readonly check: (resource: PolicyResource, all: readonly PolicyResource[]) => Finding;
}

/** Configuration that every rule has. */
interface RuleConfig {
    /** Name of a resource that need not keep the rule → why. */
    readonly exempt?: Readonly<Record<string, string>>;
}

const CONFIG_SCHEMA: PolicyConfigSchema = {
    properties: {
        exempt: {
            description: "Resources that need not keep the rule, by name, each with the reason",
            type: "object",
            additionalProperties: { type: "string", minLength: 10 },
        },
    },
};

/**
 * The rule as a policy of the SDK. A value that is not known at preview ends the judgement of its subject and of no other: the update, where everything is
 * known, judges it again before the resource is touched.
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

/** The rule as a policy of the SDK; it runs when every resource of the stack is there. */
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
