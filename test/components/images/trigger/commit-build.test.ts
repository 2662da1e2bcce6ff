import { expect } from "chai";
import type { Build } from "../../../../components/images/trigger/builds-api";
import { BuildsError } from "../../../../components/images/trigger/builds-api";
import { awaitedDigests, knownDigests } from "../../../../components/images/trigger/commit-build";

const HEAD = "a".repeat(40);
const EARLIER = "b".repeat(40);
const TAG = "images-0123456789ab";
const DIGEST = `sha256:${"d".repeat(64)}`;
const wanted = {
    source: { commit: HEAD, isSame: (commit: string) => [HEAD, EARLIER].includes(commit) },
    tag: TAG,
    names: { inference: "r/ml/inference" },
};

const buildOf = (edits: Partial<Build> = {}): Build => ({
    ...{ id: "1", status: "SUCCESS", createTime: "2026-01-01T00:00:00Z", logUrl: "https://log/1", buildTriggerId: "t", tags: [TAG] },
    substitutions: { COMMIT_SHA: HEAD },
    results: { images: [{ name: "r/ml/inference:aaaaaaa", digest: DIGEST }] },
    ...edits,
});

/** Builds with a new status at each read. */
class FakeBuilds {
    readonly trigger = "projects/p/locations/us-central1/triggers/t";
    readonly started: string[] = [];
    refusal: BuildsError | undefined;
    /** Builds in each answer of `list`; the last answer repeats. */
    constructor(
        private readonly lists: (readonly Build[])[],
        private readonly states: Build[] = [],
    ) {}

    list(): Promise<readonly Build[]> {
        const [next = []] = this.lists.length > 1 ? this.lists.splice(0, 1) : this.lists;
        return Promise.resolve(next);
    }

    get(): Promise<Build> {
        return Promise.resolve(this.states.shift() ?? buildOf());
    }

    run(commit: string): Promise<Build> {
        this.started.push(commit);
        return this.refusal === undefined ? Promise.resolve(buildOf({ status: "QUEUED" })) : Promise.reject(this.refusal);
    }
}

/** Digests or the refusal, the log, and the pauses. */
async function awaited(builds: FakeBuilds) {
    const logged: string[] = [];
    let waitedMs = 0;
    const pause = (ms: number) => {
        waitedMs += ms;
        return Promise.resolve();
    };
    const result = await awaitedDigests(builds, wanted, (message) => logged.push(message), pause).catch(
        (error: unknown) => (error as Error).message,
    );
    return { result, logged, waitedMs };
}

describe("awaitedDigests", () => {
    it("returns the digests of the commit's build", async () => {
        const builds = new FakeBuilds([[buildOf()]]);
        expect(await awaited(builds)).to.deep.equal({ result: { inference: DIGEST }, logged: [], waitedMs: 0 });
    });

    it("accepts a build of another commit with the same sources, but of no other definition or commit", async () => {
        const found = async (edits: Partial<Build>) => {
            const builds = new FakeBuilds([[buildOf(edits)]]);
            await awaited(builds);
            return builds.started.length === 0;
        };
        expect(await found({ substitutions: { COMMIT_SHA: EARLIER } })).to.equal(true);
        expect(await found({ substitutions: { COMMIT_SHA: "c".repeat(40) } })).to.equal(false);
        expect(await found({ substitutions: {} })).to.equal(false);
        expect(await found({ tags: ["images-of-another-definition"] })).to.equal(false);
    });

    it("waits while the build is queued, waits for approval or works, and logs each state once", async () => {
        const builds = new FakeBuilds(
            [[buildOf({ status: "PENDING", approval: { state: "PENDING" } })]],
            ["QUEUED", "WORKING", "WORKING", "SUCCESS"].map((status) => buildOf({ status })),
        );
        const { result, logged } = await awaited(builds);
        expect(result).to.deep.equal({ inference: DIGEST });
        expect(logged).to.deep.equal(
            ["waiting for approval", "QUEUED", "WORKING"].map((state) => `The build of commit aaaaaaa is ${state}. https://log/1`),
        );
    });

    it("retries after temporary failures for at most a minute, and not after a refusal", async () => {
        const failing = (status: number, times: number) => {
            const builds = new FakeBuilds([[buildOf({ status: "WORKING" })]]);
            let failed = 0;
            const get = builds.get.bind(builds);
            builds.get = () => (failed++ < times ? Promise.reject(new BuildsError(status, `answer ${status}`)) : get());
            return awaited(builds).then(({ result }) => result);
        };
        expect(await failing(503, 12)).to.deep.equal({ inference: DIGEST });
        expect(await failing(0, 12)).to.deep.equal({ inference: DIGEST });
        expect(await failing(503, 13)).to.equal("answer 503");
        expect(await failing(403, 1)).to.equal("answer 403");
    });

    it("waits half a minute for the build of a push to appear, and then starts one", async () => {
        const late = new FakeBuilds([[], [], [buildOf()]]);
        expect(await awaited(late)).to.include({ waitedMs: 10_000 });
        expect(late.started).to.deep.equal([]);
        const never = new FakeBuilds([[]]);
        const { result, logged } = await awaited(never);
        expect([result, never.started, logged[0]]).to.deep.equal([
            { inference: DIGEST },
            [HEAD],
            "Started a build of commit aaaaaaa. https://log/1",
        ]);
    });

    it("refuses a build that failed, with its log and the command that builds again", async () => {
        for (const status of ["FAILURE", "INTERNAL_ERROR", "TIMEOUT", "CANCELLED", "EXPIRED"]) {
            const { result } = await awaited(new FakeBuilds([[buildOf({ status })]]));
            expect(result).to.equal(
                `The build of commit aaaaaaa ended with ${status}; its log is at https://log/1. Push a commit that fixes it, or build the commit again: gcloud builds triggers run t --project p --region us-central1 --sha ${HEAD}`,
            );
        }
    });

    it("prefers a build that succeeded to a newer one that failed, and a running one to one that failed", async () => {
        const failed = buildOf({ id: "2", status: "FAILURE" });
        expect((await awaited(new FakeBuilds([[failed, buildOf()]]))).result).to.deep.equal({ inference: DIGEST });
        expect((await awaited(new FakeBuilds([[failed, buildOf({ status: "WORKING" })]]))).result).to.deep.equal({ inference: DIGEST });
    });

    it("refuses a commit that the repository does not have", async () => {
        const builds = new FakeBuilds([[]]);
        builds.refusal = new BuildsError(400, "Couldn't read commit");
        expect((await awaited(builds)).result).to.equal(
            "Cloud Build has no build of commit aaaaaaa and cannot start one: Couldn't read commit. If the repository does not have the commit, push it: git push",
        );
    });

    it("refuses a build that did not push an image", async () => {
        const pushed = (name: string, digest = DIGEST) => new FakeBuilds([[buildOf({ results: { images: [{ name, digest }] } })]]);
        const missing = "The build of commit aaaaaaa did not push the image inference; its log is at https://log/1.";
        expect((await awaited(pushed("r/ml/inference-other:1"))).result).to.equal(missing);
        expect((await awaited(pushed("r/ml/inference:1", ""))).result).to.equal(missing);
    });
});

describe("knownDigests", () => {
    const known = async (...list: Build[]) => {
        const logged: string[] = [];
        const builds = new FakeBuilds([list]);
        const digests = await knownDigests(builds, wanted, (message) => logged.push(message));
        expect(builds.started).to.deep.equal([]);
        return [digests, ...logged];
    };

    it("returns the digests of a finished build, and otherwise logs what an update would do", async () => {
        expect(await known(buildOf())).to.deep.equal([{ inference: DIGEST }]);
        expect(await known()).to.deep.equal([
            undefined,
            "Cloud Build has no build of commit aaaaaaa: pulumi up starts one and waits for it.",
        ]);
        expect(await known(buildOf({ status: "WORKING" }))).to.deep.equal([
            undefined,
            "The build of commit aaaaaaa is WORKING: pulumi up waits for it. https://log/1",
        ]);
        expect(await known(buildOf({ status: "FAILURE" }))).to.deep.equal([
            undefined,
            "The build of commit aaaaaaa ended with FAILURE: pulumi up would fail. https://log/1",
        ]);
    });
});
