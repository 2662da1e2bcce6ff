import { expect } from "chai";

import { sound } from "../../bad-stacks";
import { problemsOf } from "../../problems-of";
import { edited } from "../../stack-files";

/** The remedies for a careless value, without their common part. */
const remediesOf = (key: string, value: unknown): readonly string[] =>
    problemsOf(edited(sound, { [`ml-platform:${key}`]: value })).map(({ remedy }) =>
        remedy.replaceAll(/pulumi config (set|rm) --path 'ml-platform:([^']*)'/g, "$1 $2"),
    );

describe("a remedy keeps the intent", () => {
    const memory = "inference.services[0].memory";
    const cpu = "inference.services[0].cpu";
    const accelerator = "cluster.pools[0].accelerator";
    const rows: readonly (readonly [key: string, value: unknown, ...remedies: readonly string[]])[] = [
        ["registry.scanning", "Yes", "set registry.scanning true"],
        ...["true", "yes", "y", "on", 1, "enabled", " ON "].map(
            (word) => ["registry.scanning", word, "set registry.scanning true"] as const,
        ),
        ...["false", "no", "n", "off", 0, "disabled"].map((word) => ["registry.scanning", word, "set registry.scanning false"] as const),
        ...["maybe", "", "true-ish", `true${" ".repeat(100)}x`].map(
            (word) => ["registry.scanning", word, "Correct the value in the stack file."] as const,
        ),
        ["registry.keepNewest", "25", "set registry.keepNewest 25"],
        ...["1,000", "1_000", "1 000", " 1000 "].map((text) => ["registry.keepNewest", text, "set registry.keepNewest 1000"] as const),
        ["registry.keepNewest", "1,234,567", "set registry.keepNewest 1234567"],
        ["registry.keepNewest", "1234567", "set registry.keepNewest 1234567"],
        ...["1,00", "ten", "1e3", "x1000", "1000x"].map(
            (text) => ["registry.keepNewest", text, "Correct the value in the stack file."] as const,
        ),
        ["registry.keepNewest", 2.5, "Choose one of: 2, 3."],
        ["registry.keepNewest", 0, "set registry.keepNewest 1"],
        ["registry.keepNewest", 2 ** 40, "set registry.keepNewest 2147483647"],
        ["registry.keepnewest", 7, "set registry.keepNewest 7 && rm registry.keepnewest"],
        [memory, "8GB", "Choose one of: 8Gi, 8G."],
        [memory, "8gb", "Choose one of: 8Gi, 8G."],
        [memory, "8g", "Choose one of: 8Gi, 8G."],
        [memory, "8 GiB", "set inference.services[0].memory 8Gi"],
        [memory, "8gi", "set inference.services[0].memory 8Gi"],
        [memory, "1.5Gi", "set inference.services[0].memory 1536Mi"],
        [memory, "1.5GB", "Choose one of: 1536Mi, 1500M."],
        [memory, "900000KB", "If 900000Ki is what you meant: set inference.services[0].memory 900000Ki"],
        [memory, "1.5T", "Choose one of: 1536Gi, 1500G."],
        [memory, 8192, "Choose one of: 8192Mi, 8192Gi."],
        [memory, "0Gi", "rm inference.services[0].memory"],
        [memory, "lots", "Correct the value in the stack file."],
        [cpu, "2 cores", "set inference.services[0].cpu 2"],
        [cpu, "2vCPU", "set inference.services[0].cpu 2"],
        [cpu, "500M", "set inference.services[0].cpu 500m"],
        [cpu, 0, "rm inference.services[0].cpu"],
        [accelerator, "NVIDIA-L4", "set cluster.pools[0].accelerator nvidia-l4"],
        [accelerator, "l4", "set cluster.pools[0].accelerator nvidia-l4"],
        [accelerator, "h100", "Choose one of: nvidia-h100-80gb, nvidia-h100-mega-80gb."],
        [accelerator, "nvidia-h100", "Choose one of: nvidia-h100-80gb, nvidia-h100-mega-80gb."],
        [accelerator, "RTX-PRO-6000", "set cluster.pools[0].accelerator nvidia-rtx-pro-6000"],
        [accelerator, "a100", "Choose one of: nvidia-tesla-a100, nvidia-a100-80gb."],
        ["cluster.pools[1].accelerator", "t4", "set cluster.pools[1].accelerator nvidia-tesla-t4"],
        ["cluster.pools[1].capacity", "Spot", "set cluster.pools[1].capacity spot"],
        ["cluster.pools[1].capacity", "on demand", "set cluster.pools[1].capacity on-demand"],
        ["cluster.pools[1].capacity", ["spott", "on-demand"], "set cluster.pools[1].capacity[0] spot"],
        ["cluster.pools[0].zones", "us-central1-a", "rm cluster.pools[0].zones && set cluster.pools[0].zones[0] us-central1-a"],
        [
            "cluster.pools[0].zones",
            "us-central1-a, us-central1-b",
            "rm cluster.pools[0].zones && set cluster.pools[0].zones[0] us-central1-a && set cluster.pools[0].zones[1] us-central1-b",
        ],
        ["cluster.name", "My_Cluster", "set cluster.name my-cluster"],
        [
            "inference.services[0].public",
            "a.example.com",
            "rm inference.services[0].public && set inference.services[0].public.host a.example.com",
        ],
        ["training.checkpoints", { buckt: "team" }, "set training.checkpoints.bucket team && rm training.checkpoints.buckt"],
        ["training.data", { claim: "data", size: "8Gig" }, "Correct the value in the stack file."],
        ["cluster.maintenance.start", "2026-01-03 02:00:00 +0000 UTC", "set cluster.maintenance.start 2026-01-03T02:00:00Z"],
        ["training.checkpoints", { bucket: "gs://team-runs" }, "set training.checkpoints.bucket team-runs"],
        ["training.checkpoints", { bucket: "team-runs/first" }, "Correct the value in the stack file."],
        ["training.checkpoints", { bucket: "" }, "Correct the value in the stack file."],
        ["training.variables.VERSION", true, "Put the value in quotes in the stack file, or set it with --type string."],
        [
            "training.variables.DAY",
            "2026-01-03 00:00:00 +0000 UTC",
            "Put the value in quotes in the stack file, or set it with --type string.",
        ],
        ["build.branches", "2026-01-03 00:00:00 +0000 UTC", "Put the value in quotes in the stack file, or set it with --type string."],
    ];
    for (const [key, value, ...remedies] of rows) {
        it(`${key}: ${JSON.stringify(value)}`, () => {
            expect(remediesOf(key, value)).to.deep.equal(remedies);
        });
    }

    it("has one message for a misspelled key that is required", () => {
        const service = { name: "digits", pol: "serving", replicas: 2 };
        expect(problemsOf(edited(sound, { "ml-platform:inference.services[0]": service })).map(({ key }) => key)).to.deep.equal([
            "ml-platform:inference.services[0].pol",
        ]);
    });

    it("reports no missing pool if the list of pools cannot be read, and gives advice if the list is empty", () => {
        const keys = (pools: unknown) =>
            problemsOf(edited(sound, { "ml-platform:cluster.pools": pools })).map(({ key, remedy }) => [key, remedy]);
        expect(keys({ name: "serving" })).to.deep.equal([["ml-platform:cluster.pools", "Correct the value in the stack file."]]);
        expect(keys([])[0]).to.deep.equal([
            "ml-platform:inference.services[0].pool",
            "Add a pool of that name to ml-platform:cluster.pools.",
        ]);
    });

    it("moves a misspelled section to the right key, and checks it there", () => {
        const { "ml-platform:training": training, ...others } = sound;
        const problems = problemsOf({ ...others, "ml-platform:trainig": { ...(training as object), memory: "1Gi" } });
        expect(problems.map(({ key }) => key)).to.deep.equal(["ml-platform:trainig", "ml-platform:training.memory"]);
        expect(problems[0]?.remedy).to.match(
            /^pulumi config set --path 'ml-platform:training\.runId' first && .* && pulumi config rm --path 'ml-platform:trainig'$/,
        );
    });

    it("is advice if no command can move a list with an empty element", () => {
        const { "ml-platform:cluster": cluster, ...others } = sound;
        const pools = [null, ...(cluster as { readonly pools: readonly unknown[] }).pools];
        const [renamed] = problemsOf({ ...others, "ml-platform:cluzster": { pools } });
        expect(renamed).to.include({ key: "ml-platform:cluzster", remedy: "Rename it to cluster in the stack file." });
    });

    it("applies to own keys of the stack file, and never to inherited properties of JavaScript", () => {
        const names = ["toString", "constructor", "__proto__", "hasOwnProperty", "valueOf"];
        const hostile = Object.fromEntries(names.map((name) => [name, { toString: "x" }]));
        const raw = { ...sound, "ml-platform:registry": hostile, "ml-platform:toString": "x" };
        expect(problemsOf(raw).map(({ key }) => key)).to.deep.equal([
            "ml-platform:toString",
            ...Object.keys(hostile).map((name) => `ml-platform:registry.${name}`),
        ]);
        const values = {
            "gcp:region": "constructor",
            "ml-platform:cluster.pools[0].machineType": "toString",
            "ml-platform:cluster.pools[1].mig": "valueOf",
        };
        expect(problemsOf(edited(sound, values)).map(({ key }) => key)).to.deep.equal([
            "gcp:region",
            "ml-platform:cluster.pools[0].machineType",
            "ml-platform:cluster.pools[1].mig",
        ]);
    });
});

describe("a region", () => {
    const remedyOf = (region: unknown) => problemsOf({ ...sound, "gcp:region": region }).map(({ remedy }) => remedy);

    it("is never guessed by its letters", () => {
        expect(remedyOf("eu-west-1")[0]).to.match(/^Choose one of: europe-west1, europe-west10, /);
        expect(remedyOf("us-east2")).to.deep.equal(["Choose one of: us-east1, us-east4, us-east5."]);
        expect(remedyOf("westeurope")[0]).to.match(/^Choose one of: europe-west1, /);
    });

    it("is recognized in another spelling", () => {
        for (const given of ["US-Central1", "us-central-1", "us_central1", "us-central1-a"]) {
            expect(remedyOf(given)).to.deep.equal(["pulumi config set --path 'gcp:region' us-central1"]);
        }
    });

    it("is refused if it is empty or not text", () => {
        expect([remedyOf("").length, remedyOf({ a: 1 }).length]).to.deep.equal([1, 1]);
    });
});

describe("a project", () => {
    it("is named by its ID", () => {
        const refused = ["My Project", "ab", "-team", "123456789012", { a: 1 }];
        const accepted = ["team-ml", "example.com:team-ml"];
        expect([...refused, ...accepted].map((project) => problemsOf({ ...sound, "gcp:project": project }).length)).to.deep.equal([
            1, 1, 1, 1, 1, 0, 0,
        ]);
    });
});
