import { expect } from "chai";
import * as fc from "fast-check";
import {
    accountId,
    computeClassOf,
    mapEntryName,
    nodePoolName,
    reservationSuffix,
    bucketLabel,
    labelValue,
} from "../../../components/project/names";

describe("the id of a service account", () => {
    it("is name and stack if no other account can have that ID", () => {
        expect(accountId("service", "digits", "dev")).to.equal("digits-dev");
        expect(accountId("service", "digits-eu", "dev")).to.equal("digits-eu-dev");
        expect(accountId("training", "training", "dev")).to.equal("training-dev");
        expect(accountId("build", "build-images", "prod")).to.equal("build-images-prod");
        expect(accountId("nodes", "ml-nodes", "dev")).to.equal("ml-nodes-dev");
    });

    it("has at least six characters", () => {
        expect(accountId("service", "a", "b")).to.equal("a-b-account");
        expect(accountId("service", "a-b", "account")).to.match(/^a-b-account-[0-9a-f]{6}$/);
    });

    it("has at most thirty characters: the beginning and a hash of the whole", () => {
        const id = accountId("service", "a-service-with-a-very-long-name", "dev");
        expect(id)
            .to.match(/^a-service-with-a-very-l-[0-9a-f]{6}$/)
            .and.have.length(30);
        expect(accountId("service", "a-service-with-a-very-long-nam", "dev")).to.not.equal(id);
    });

    it("distinguishes stacks with hyphens from names with hyphens", () => {
        expect(accountId("service", "digits", "eu-dev")).to.match(/^digits-eu-dev-[0-9a-f]{6}$/);
        expect(accountId("service", "digits", "eu-dev")).to.not.equal(accountId("service", "digits-eu", "dev"));
    });

    for (const name of ["training", "tensorboard", "build-images", "ml-nodes"]) {
        it(`distinguishes the service ${name} from the account of that name`, () => {
            expect(accountId("service", name, "dev")).to.match(new RegExp(`^${name}-dev-[0-9a-f]{6}$`));
        });
    }

    it("distinguishes a service from a run of the same name in another program", () => {
        expect(accountId("training", "digits", "dev")).to.not.equal(accountId("service", "digits", "dev"));
    });

    it("distinguishes a worker from a service of the same name", () => {
        expect(accountId("worker", "digits", "dev")).to.match(/^digits-dev-[0-9a-f]{6}$/);
        expect(accountId("service", "digits", "dev")).to.equal("digits-dev");
    });

    it("accepts any name that Pulumi allows for a stack", () => {
        expect(accountId("service", "digits", "Dev.EU_1")).to.match(/^digits-dev-eu-1-[0-9a-f]{6}$/);
        expect(accountId("service", "digits", "dev_1")).to.not.equal(accountId("service", "digits", "dev.1"));
    });

    it("is valid and never the same for two accounts", () => {
        const kind = fc.constantFrom("service", "worker", "batch", "training", "tensorboard", "build", "nodes");
        const part = fc.stringMatching(/^[a-z]([-a-z0-9]{0,4}[a-z0-9])?$/);
        const stack = fc.oneof(part, fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/));
        const account = fc.tuple(kind, part, stack).map(([which, name, of]): readonly [string, string, string] => {
            const fixed = {
                service: name,
                worker: name,
                batch: name,
                training: "training",
                tensorboard: "tensorboard",
                build: "build-images",
                nodes: `${name}-nodes`,
            };
            return [which, fixed[which], of];
        });
        fc.assert(
            fc.property(fc.uniqueArray(account, { selector: String, maxLength: 30 }), (accounts) => {
                const ids = accounts.map((args) => accountId(...args));
                expect(ids.filter((id) => !/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(id))).to.deep.equal([]);
                expect(new Set(ids).size).to.equal(ids.length);
            }),
            { numRuns: 300 },
        );
    });
});

describe("names that the provider completes", () => {
    it("are unchanged while they fit", () => {
        expect(nodePoolName("cluster-training-on-demand")).to.equal("cluster-training-on-demand");
        expect(mapEntryName("digits-certificate-entry")).to.equal("digits-certificate-entry");
    });

    it("leave space for generated characters, and remain unique", () => {
        const long = (end: string) => `cluster-${"p".repeat(40)}-${end}`;
        expect(nodePoolName(long("on-demand"))).to.have.length(32);
        expect(nodePoolName(long("on-demand"))).to.not.equal(nodePoolName(long("spot")));
        expect(mapEntryName(`${"s".repeat(40)}-certificate-entry`)).to.have.length(55);
    });
});

describe("the label of a stack", () => {
    it("is its name, if that is a valid value", () => {
        expect(["dev", "eu-dev", "Dev.EU_1"].map((stack) => labelValue("stack", stack))).to.deep.equal(["dev", "eu-dev", "Dev.EU_1"]);
    });

    it("is derived otherwise", () => {
        expect(labelValue("stack", "dev_")).to.match(/^stack-dev-[0-9a-f]{6}$/);
        expect(labelValue("stack", "d".repeat(100)).length).to.be.at.most(63);
    });
});

describe("the label of a bucket", () => {
    it("is the name of the stack if that is a valid value, else derived from it", () => {
        expect(["dev", "eu_dev-1", "1"].map(bucketLabel)).to.deep.equal(["dev", "eu_dev-1", "1"]);
        expect(bucketLabel("Dev.EU")).to.match(/^dev-eu-[0-9a-f]{6}$/);
        expect(bucketLabel("dev-EU")).to.not.equal(bucketLabel("dev.eu"));
        expect(bucketLabel("d".repeat(64))).to.match(/^d{56}-[0-9a-f]{6}$/);
    });
});

describe("the name of a compute class", () => {
    it("is the pool's in the stack's own cluster, and names the stack in another's", () => {
        expect(computeClassOf("big", "dev", false)).to.equal("big");
        expect(computeClassOf("big", "dev", true)).to.match(/^big-dev-[0-9a-f]{6}$/);
        expect(computeClassOf("big", "eu-dev", true)).to.not.equal(computeClassOf("big-eu", "dev", true));
    });
});

describe("the suffix for a reservation", () => {
    it("is its name, or its last part with a hash", () => {
        expect(reservationSuffix("team")).to.equal("team");
        expect(reservationSuffix("projects/other/reservations/team")).to.match(/^team-[0-9a-f]{6}$/);
    });
});
