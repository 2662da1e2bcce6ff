import { ensure, existing } from "../../api/api-error";
import { numbered } from "../../api/projects";
import { type Handler, textOf } from "../../api/service";
import { type JsonObject, textAt, textOrEmpty, valueAt } from "../../json";
import type { Entry } from "../../ledger";
import { locationOf } from "../common/collection";
import type { Operations } from "../common/operations";
import { pageOf } from "../common/pages";
import { buildFilter } from "./build-filter";

/** Runs builds. */
export interface Builder {
    /** Returns all builds as the API does, newest first. */
    list(): readonly JsonObject[];
    /**
     * Starts a trigger's build of a commit.
     * @returns the build
     * @throws ApiError if the repository does not have the commit, or the sandbox cannot run the trigger
     */
    start(trigger: Entry, commit: string): JsonObject;
}

const BUILDS = "cloudbuild.projects.locations.builds";
/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.builds/list */
const MOST_OF_A_PAGE = 1000;

/** The methods of builds, and the one that runs a trigger. @param findTrigger throws an ApiError for a trigger that does not exist */
export function buildMethods(
    builder: Builder,
    findTrigger: (name: string) => Entry,
    operations: Operations,
): Readonly<Record<string, Handler>> {
    const of = (parent: string): readonly JsonObject[] =>
        builder.list().filter(({ name }) => textOrEmpty(name).startsWith(`${numbered(parent)}/builds/`));
    return {
        [`${BUILDS}.list`]: (call) => {
            const found = of(textOf(call, "parent")).filter(buildFilter(textOf(call, "filter")));
            return pageOf("builds", found, call.parameters, MOST_OF_A_PAGE);
        },
        [`${BUILDS}.get`]: (call) => existing(builder.list().find(({ name }) => name === numbered(textOf(call, "name")))),
        "cloudbuild.projects.locations.triggers.run": (call) => {
            const trigger = findTrigger(textOf(call, "name"));
            const commit = valueAt(call.body, "source", "commitSha");
            ensure(typeof commit === "string", "source.revision must be specified to run this trigger");
            checkLogging(trigger.inputs);
            const build = builder.start(trigger, commit);
            const metadata = { "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata", build };
            return operations.start(locationOf(trigger.id), metadata, {
                "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.Build",
                ...build,
            });
        },
    };
}

/** A build with its own account cannot write to the default bucket of logs. */
function checkLogging({ serviceAccount, build }: JsonObject): void {
    const logging = textAt(build, "options", "logging");
    const isOwn = valueAt(build, "options", "defaultLogsBucketBehavior") === "REGIONAL_USER_OWNED_BUCKET";
    const hasBucket = isOwn || valueAt(build, "logsBucket") !== undefined;
    ensure(
        serviceAccount === undefined || hasBucket || ["CLOUD_LOGGING_ONLY", "NONE"].includes(logging),
        "if 'build.service_account' is specified, the build must either (a) specify 'build.logs_bucket', (b) use the REGIONAL_USER_OWNED_BUCKET build.options.default_logs_bucket_behavior option, or (c) use either CLOUD_LOGGING_ONLY / NONE logging options",
    );
}
