import { typeRule, type Inputs } from "../../inputs";
import type { Finding } from "../../rule";
import { looksSecret } from "../../../k8s/secrets/looks-secret";

type Trigger = Inputs<"gcp:cloudbuild/trigger:Trigger">;

export function ownBuildAccount({ serviceAccount }: Trigger): Finding {
    if (serviceAccount === undefined) {
        return "Builds run as the project's default account.";
    }
    return /^projects\/[^/]+\/serviceAccounts\/[^/]+$/.test(serviceAccount)
        ? undefined
        : "Cloud Build refuses an account that is not in the form projects/…/serviceAccounts/….";
}

export function logged({ build }: Trigger): Finding {
    const logging = build?.options?.logging;
    return build === undefined || logging === "CLOUD_LOGGING_ONLY"
        ? undefined
        : `A build with a user-managed account fails if logging is ${logging ?? "not set"}.`;
}

/** The build arguments of one image, or of one step. */
export function noSecretArgument(buildArguments: Readonly<Record<string, string>>): Finding {
    const telling = Object.entries(buildArguments).filter(([name, value]) => looksSecret(name, value));
    return telling.length === 0
        ? undefined
        : `What looks like a secret stays readable in the image: ${telling.map(([name]) => name).join(", ")}.`;
}

function stepArguments({ build }: Trigger): Record<string, string> {
    const given = (build?.steps ?? []).flatMap(({ args }) => args ?? []).map((arg) => /^(?:--build-arg=)?(\w+)=(.*)$/s.exec(arg));
    return Object.fromEntries(given.flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""]])));
}

export const buildPolicies = [
    typeRule("gcp:cloudbuild/trigger:Trigger", {
        name: "build-service-account",
        description: "Builds run as a dedicated service account.",
        remedy: "Give the trigger the id of a service account that may write images and logs.",
        check: ownBuildAccount,
    }),
    typeRule("gcp:cloudbuild/trigger:Trigger", {
        name: "build-logging",
        description: "Builds log to Cloud Logging only.",
        remedy: "Set build.options.logging: CLOUD_LOGGING_ONLY.",
        check: logged,
    }),
    typeRule("gcp:cloudbuild/trigger:Trigger", {
        name: "no-secret-in-trigger",
        description: "No secret is an argument of a build step.",
        remedy: "Use availableSecrets and a secret mount.",
        check: (trigger) => noSecretArgument(stepArguments(trigger)),
    }),
    typeRule("docker-build:index:Image", {
        name: "no-secret-build-argument",
        description: "No secret is a build argument.",
        remedy: "Use the image's secrets, and RUN --mount=type=secret.",
        check: ({ buildArgs }) => noSecretArgument(buildArgs ?? {}),
    }),
];

export const productionBuildPolicies = [
    typeRule("gcp:cloudbuild/trigger:Trigger", {
        name: "build-approval",
        description: "A person approves each production build.",
        remedy: "Set approvalConfig.approvalRequired: true.",
        check: ({ approvalConfig }) => (approvalConfig?.approvalRequired === true ? undefined : "Builds start without approval."),
    }),
];
