import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { teamRepositories } from "../../../../scripts/promotion/conditions/team-repositories";

describe("teamRepositories", () => {
    let folder = "";

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "stacks-"));
    });
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    const write = (stack: string, build: string): void => {
        fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), `config:\n  ml-platform:build:\n${build}`);
    };

    it("come from the triggers, each once", () => {
        write("dev", "    connection:\n      name: github\n      remoteUri: https://github.com/My-Organization/ml-platform.git\n");
        write("test", "    github:\n      owner: my-organization\n      name: ml-platform\n");
        write("other", "    github:\n      owner: my-organization\n      name: models\n");
        expect(teamRepositories(folder)).to.have.members([
            "https://github.com/my-organization/ml-platform",
            "https://github.com/my-organization/models",
        ]);
    });

    it("are unknown without a trigger", () => {
        write("dev", "    branches: main\n");
        fs.writeFileSync(path.join(folder, "Pulumi.prod.yaml"), "config: [\n");
        expect(teamRepositories(folder)).to.deep.equal([]);
    });
});
