import { expect } from "chai";
import { notOnPath, outputOf, ProgramError } from "../../../scripts/command-line/program";

describe("notOnPath", () => {
    it("names the download page of a program, and how to run the same command with the sandbox's Pulumi", () => {
        expect(notOnPath("pulumi", { npm_lifecycle_event: "promote" })).to.equal(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/iac/download-install/), or use the sandbox's: npm run sandbox -- run npm run promote -- …",
        );
        expect(notOnPath("gcloud", {})).to.equal("gcloud is not on PATH: install it (https://cloud.google.com/sdk/docs/install)");
        expect(notOnPath("git", {})).to.equal("git is not on PATH: install it (https://git-scm.com/downloads)");
        expect(notOnPath("docker", {})).to.equal("docker is not on PATH");
    });
});

describe("outputOf", () => {
    const failing = (script: string) => outputOf("sh", ["-c", script], __dirname).catch((error: unknown) => error);

    it("is the output of the program, in the default locale", async () => {
        expect(await outputOf("sh", ["-c", "pwd; echo $LC_ALL"], __dirname)).to.equal(`${__dirname}\nC\n`);
    });

    it("fails with the first line of the program's error", async () => {
        const error = await failing("echo out; echo >&2; echo ' error: first' >&2; echo second >&2; exit 1");
        expect(error).to.be.instanceOf(ProgramError).and.to.include({ message: "sh: first", program: "sh", missing: false });
        expect(error).to.have.property("output", "\n error: first\nsecond\n");
        expect(await failing("exit 3")).to.have.property("message", "sh: Command failed: sh -c exit 3");
    });

    it("fails with gcloud's error, without its warnings and the name of the command", async () => {
        const warning = "WARNING: This command is using service account impersonation.";
        expect(
            await failing(`echo '${warning}' >&2; echo 'ERROR: (gcloud.auth.print-access-token) No account.' >&2; exit 1`),
        ).to.have.property("message", "sh: No account.");
    });

    it("fails if the program does not exist", async () => {
        const error = await outputOf("no-such-program", [], __dirname).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(ProgramError).and.to.include({ message: "no-such-program is not on PATH", missing: true });
    });
});
