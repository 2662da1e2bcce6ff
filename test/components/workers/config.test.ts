import { expect } from "chai";
import { parseConfig } from "../../../components/config/load";
import { sound } from "../bad-stacks";
import { problemsOf } from "../problems-of";
import { edited } from "../stack-files";

const WORKERS = "ml-platform:workers.workers";

/** The sound stack with workers, on a pool with free GPUs. */
const withWorkers = (...workers: readonly object[]) =>
    edited(sound, { [WORKERS]: workers.map((worker) => ({ name: "scoring", pool: "serving", cpu: "1", memory: "1Gi", ...worker })) });

const problems = (...workers: readonly object[]) =>
    problemsOf(withWorkers(...workers)).map(({ key, problem }) => `${key.replace(`${WORKERS}[0].`, "")}: ${problem}`);

describe("the workers of a stack", () => {
    it("have defaults for the project's own image", () => {
        const { workers, images } = parseConfig(withWorkers({}), "dev");
        const health = { command: ["python3", "-m", "consumer.health"], timeoutSeconds: 10 };
        expect(workers?.namespace).to.equal("workers");
        expect(workers?.workers[0]).to.deep.include({
            image: "worker",
            replicas: 1,
            coldStartSeconds: 120,
            drainSeconds: 300,
            probes: { ready: health, health, failureSeconds: 60 },
        });
        expect(images?.named.map(({ name }) => name)).to.deep.equal(["inference", "training", "worker"]);
    });

    it("are counted on their pool with all other workloads", () => {
        const { workers } = parseConfig(withWorkers({ replicas: 6 }), "dev");
        expect(workers?.workers[0]?.placement).to.deep.include({ fitsOneMore: false });
        expect(parseConfig(withWorkers({ replicas: 5 }), "dev").workers?.workers[0]?.placement).to.deep.include({ fitsOneMore: true });
        expect(problems({ replicas: 7 })).to.have.length(1);
    });

    it("are empty if the section is empty", () => {
        expect(parseConfig(edited(sound, { "ml-platform:workers": {} }), "dev").workers).to.equal(undefined);
    });

    it("may have the name of a service, but not of another worker", () => {
        expect(problems({ name: "digits" })).to.deep.equal([]);
        expect(problems({}, {})).to.deep.equal([`${WORKERS}[1].name: scoring is the name of another worker`]);
    });

    it("can drain for hours, and for at most a day", () => {
        expect(problems({ drainSeconds: 86_400 })).to.deep.equal([]);
        expect(problems({ drainSeconds: 86_401 })).to.have.length(1);
    });

    it("are checked like services", () => {
        const autoscaling = { min: 3, max: 2, query: "sum(tasks)" };
        expect(problems({ autoscaling })).to.deep.equal(["autoscaling.max: 2 is below autoscaling.min, 3"]);
        expect(problems({ replicas: 1, autoscaling: { ...autoscaling, min: 1 } })).to.deep.equal([
            "replicas: is set together with autoscaling, which decides the number of pods",
        ]);
        expect(problems({ sharedMemory: "1Gi" })).to.deep.equal([
            "memory: is 1Gi, but sharedMemory (1Gi) counts against it, and the process needs memory too",
        ]);
        expect(problems({ name: "default-deny" })).to.deep.equal([
            "name: default-deny is the name of the network policy of the whole namespace",
        ]);
        expect(problems({ pool: "servin" })).to.deep.equal(["pool: the cluster has no pool servin; the nearest is serving"]);
        expect(problems({ image: "unheard" })[0]).to.match(/^image: is unheard, but images has no image of that name/);
        expect(problems({ egress: [{ host: "redis.cache.svc", ports: [6379] }] })[0]).to.match(
            /^egress\[0\]\.host: redis\.cache\.svc is a Service/,
        );
    });

    it("have a namespace that no other section has", () => {
        expect(problemsOf(edited(withWorkers({}), { "ml-platform:workers.namespace": "inference" }))).to.deep.equal([
            {
                key: "ml-platform:workers.namespace",
                problem: "inference is the namespace of section inference, and each section has its own",
                remedy: "pulumi config set --path 'ml-platform:workers.namespace' workers",
            },
        ]);
    });

    it("get no nodes on a pool that adds them for queued runs only", () => {
        const queued = { "ml-platform:cluster.pools[0].capacity": "flex-start", "ml-platform:cluster.pools[0].queuedProvisioning": true };
        const found = problemsOf(edited(withWorkers({}), { ...queued, "ml-platform:inference": undefined }));
        expect(found.map(({ key }) => key)).to.deep.equal([`${WORKERS}[0].pool`]);
    });

    it("have no path as a probe, and no query without text", () => {
        expect(problems({ probes: { ready: { path: "/ready" } } })).to.have.length.above(0);
        expect(problems({ autoscaling: { max: 2, query: " " } })).to.deep.equal(['autoscaling.query: must be a query in PromQL, not " "']);
        expect(problems({ autoscaling: { max: 2 } })).to.have.length(1);
    });

    it("get the address of a broker with a password from a secret", () => {
        const found = problemsOf(withWorkers({ variables: { BROKER_URL: "redis://:hunter2@redis.queue:6379/0" } }));
        expect(found).to.deep.equal([
            {
                key: `${WORKERS}[0].variables.BROKER_URL`,
                problem: "looks like a secret, and variables are plain text in the stack file, the state and the pod's specification",
                remedy: "Remove it, and store it in Secret Manager. In ml-platform:workers.workers[0].secrets, { secret: <its name there>, version: 1, variable: BROKER_URL } gives it to the pods.",
            },
        ]);
        expect(problems({ variables: { BROKER_URL: "redis://10.20.0.5:6379/0" } })).to.deep.equal([]);
        expect(problems({ secrets: ["broker"] })).to.deep.equal([]);
        expect(problems({ secrets: [{ secret: "broker", version: 1, variable: "BROKER_URL" }] })).to.deep.equal([]);
    });

    it("have no variable that the stack sets", () => {
        expect(problems({ variables: { DRAIN_SECONDS: "5" } })).to.deep.equal([
            "variables.DRAIN_SECONDS: is set by the stack, which takes it from drainSeconds",
        ]);
        expect(problems({ variables: { PORT: "5" } })).to.deep.equal([]);
    });
});
