import { CommandError } from "../command-line/run";
import { isNewClaim, type StorageConfig } from "../../components/config/fields";
import type { Written } from "../stack-config/written";
import type { Edit, Kind, Target } from "./kind";
import { kubectl, update } from "./next-commands";
import { poolFor } from "./pool";

const SECTION = "ml-platform:training";

/** A run that uses the project's trainer with a new training loop. */
export const training: Kind = {
    templates: ["training"],
    image: { kind: "run", image: "training", part: "trainer" },
    mainFile: "loop.py",
    edits: (name, target) => {
        const section = target.config.training;
        if (section === undefined) {
            throw new CommandError(
                `Pulumi.${target.stack}.yaml has no ${SECTION}: add it with the pool and the checkpoints of its runs first, for example pool: training and checkpoints: { bucket: my-checkpoints }.`,
            );
        }
        const id = idOf(name);
        if (section.runs.some(({ runId }) => runId === id)) {
            throw new CommandError(`Pulumi.${target.stack}.yaml already has a run ${id}; nothing was changed.`);
        }
        return [...listOfRuns(section.runId), { path: [SECTION, "runs"], append: runOf(name, target) }];
    },
    next: (name, target) => [
        `python3 models/${name}/test_model.py`,
        update(name, target),
        `${kubectl(target)} logs --namespace ${target.config.training?.namespace ?? "training"} --follow job/training-${idOf(name)}`,
    ],
};

const idOf = (name: string): string => `${name}-1`;

/** `runId` configures a single run and excludes a list of runs. Converts it to the first run of the list, with the same ID. */
const listOfRuns = (runId: string | undefined): readonly Edit[] =>
    runId === undefined
        ? []
        : [
              { path: [SECTION, "runId"], remove: true },
              { path: [SECTION, "runs"], append: { id: runId } },
          ];

/** The run, with its own pool and checkpoints if it cannot use those of the section. */
function runOf(name: string, target: Target): Written {
    const { pool, checkpoints, runs } = target.config.training ?? { runs: [] };
    const [like] = runs;
    const ownPool = target.pool ?? (pool === undefined ? poolFor(target, like?.pool) : undefined);
    const ownCheckpoints = checkpointsOf(name, checkpoints, like?.checkpoints);
    return {
        id: idOf(name),
        image: name,
        ...(ownPool === undefined ? {} : { pool: ownPool }),
        ...(ownCheckpoints === undefined ? {} : { checkpoints: ownCheckpoints }),
    };
}

/** Storage of the run's files: the bucket that other runs use, or a new claim of the same size, because a disk attaches to one node at a time. */
function checkpointsOf(name: string, shared: StorageConfig | undefined, like: StorageConfig | undefined): Written | undefined {
    const checkpoints = shared ?? like;
    if (isNewClaim(checkpoints)) {
        return { claim: `${name}-checkpoints`, size: checkpoints.size };
    }
    if (shared !== undefined || like === undefined) {
        return undefined;
    }
    return "bucket" in like ? { bucket: like.bucket } : { claim: like.claim };
}
