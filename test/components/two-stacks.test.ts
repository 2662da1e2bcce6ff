import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { RawConfig } from "../../components/config/handed-over";
import { listening, outputs, type Declared } from "./recorded";
import { runProgram } from "./run-program";
import { edited, stackFile } from "./stack-files";
import { withoutStackTraces } from "./without-stack-traces";

/** Properties with the name of a Google Cloud resource, if the program sets it; the provider appends random characters to names that it generates. */
const NAMES = ["accountId", "repositoryId", "secretId", "name"];

/** Names of the resources that a stack deploys, such as `Cluster ml`. Grants have no name. */
async function namesOf(project: string, stack: string, config: RawConfig): Promise<readonly string[]> {
    const declared: Declared[] = [];
    const mocks: pulumi.runtime.Mocks = {
        newResource: ({ type, name, inputs }) => {
            declared.push({ type, name, inputs: inputs as Declared["inputs"] });
            return {
                id: `${name}-id`,
                state: { name, ...(inputs as object), ...outputs({ type, name, inputs: inputs as Declared["inputs"] }) },
            };
        },
        call: ({ inputs }) => inputs as Record<string, unknown>,
    };
    await pulumi.runtime.setMocks(mocks, project, stack);
    await withoutStackTraces(() =>
        listening(async () => {
            await runProgram(config);
        }),
    );
    return declared
        .filter(({ type }) => type.startsWith("gcp:") && !/IamMember|IAMMember/.test(type))
        .flatMap(({ type, inputs }) =>
            NAMES.filter((field) => typeof inputs[field] === "string").map(
                (field) => `${type.split(":").at(-1) ?? type} ${inputs[field] as string}`,
            ),
        );
}

const dev = edited(stackFile("dev"), {
    "ml-platform:images.from": "build",
    "ml-platform:inference.services[0].public": { host: "digits.example.com" },
});

/** The same deployment with different names, as docs/operations/promotion.md requires. */
const eu = edited(dev, {
    "ml-platform:cluster.name": "ml-eu",
    "ml-platform:registry.repository": "ml-images-eu",
    "ml-platform:build.connection.name": "github-eu",
    "ml-platform:training.checkpoints.bucket": "my-organization-ml-eu-checkpoints",
    "ml-platform:training.data.bucket": "my-organization-ml-eu-data",
});

describe("two stacks in one Google Cloud project", function () {
    this.timeout(60_000);

    /** Names that two stacks share, each as project, stack and configuration. */
    const shared = async (...stacks: readonly (readonly [project: string, stack: string, config: RawConfig])[]) => {
        const names: (readonly string[])[] = [];
        for (const stack of stacks) {
            names.push(await namesOf(...stack));
        }
        const [ones = [], others = []] = names;
        return ones.filter((name) => others.includes(name)).sort();
    };

    it("share the names that their stack files share, and no others", async () => {
        expect(await shared(["ml-platform", "dev", dev], ["ml-platform", "eu", dev])).to.deep.equal([
            "Bucket my-organization-ml-dev-checkpoints",
            "Bucket my-organization-ml-dev-data",
            "Cluster ml",
            "Connection github",
            "Repository ml-images",
            "Repository ml-images-cache",
            "Repository ml-images-docker-hub",
            "Repository ml-images-virtual",
        ]);
    });

    it("share no names if their stack files differ", async () => {
        expect(await shared(["ml-platform", "dev", dev], ["ml-platform", "eu", eu])).to.deep.equal([]);
    });

    it("share service accounts if two Pulumi projects have stacks of the same name", async () => {
        expect(await shared(["ml-platform", "dev", dev], ["vision", "dev", eu])).to.deep.equal([
            "Account build-images-dev",
            "Account digits-dev",
            "Account tensorboard-dev",
            "Account training-dev",
        ]);
    });
});
