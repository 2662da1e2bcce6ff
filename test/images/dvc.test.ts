import { expect } from "chai";
import * as fs from "node:fs";
import { HARDENED } from "./hardening";
import { shared } from "./hooks";
import { recipe } from "./images";
import { reportOf } from "./training-run";

/** Creates digits that DVC tracks, pushes them to a folder, and reduces the repository to the files that an image has. */
const REPOSITORY = `
import os, pathlib, shutil, subprocess, sys
import numpy as np
from sklearn.datasets import load_digits
os.makedirs("/work/author/digits")
os.chdir("/work/author")
digits = load_digits()
np.savez("digits/digits.npz", images=digits.images[:400], labels=digits.target[:400])
for command in ("init --no-scm", "remote add --default store /work/remote", "add digits", "push"):
    subprocess.run([sys.executable, "-m", "dvc", *command.split(), "--quiet"], check=True)
os.makedirs("/work/image/.dvc")
shutil.copy("digits.dvc", "/work/image")
shutil.copy(".dvc/config", "/work/image/.dvc")
`;

/** Whether the programs are on the image's PATH, and DVC is one of its packages. */
const PROBE = `import importlib.util, shutil; print([name for name in ("git", "curl") if shutil.which(name)], importlib.util.find_spec("dvc") is not None)`;

describe("DVC in the training image", () => {
    it("is installed on request, and pulls the data of a run without git", async () => {
        const { builder, canaries, engine, workshop } = shared();
        const build = recipe("training", canaries.training);
        const { ref } = await builder.build({ ...build, name: "training-dvc", args: { ...build.args, DVC: "true" } });
        await engine.pull(ref);
        const work = workshop.folder("dvc");
        fs.chownSync(work, 1000, 1000);
        const run = async (options: readonly string[], command: readonly string[]): Promise<string> => {
            const container = await engine.start(ref, [...HARDENED, "--shm-size", "8g", "--volume", `${work}:/work`, ...options], command);
            const exitCode = await container.ended();
            const { out, err } = await container.logs();
            await container.remove();
            expect({ exitCode, err }).to.deep.equal({ exitCode: 0, err: "" });
            return out;
        };
        expect(await run(["--entrypoint", "python3"], ["-c", PROBE])).to.equal("[] True\n");
        await run(["--entrypoint", "python3"], ["-c", REPOSITORY]);
        const out = await run(["--env", "DVC_DATA=/work/image/digits"], ["--epochs", "2"]);
        expect(out).to.match(/^pulling digits with DVC\n/);
        expect(reportOf(out).epochs).to.equal(2);
    });

    it("is not installed by default, and neither are git and curl", async () => {
        const { engine, images } = shared();
        const container = await engine.start((await images.get("training")).ref, [...HARDENED, "--entrypoint", "python3"], ["-c", PROBE]);
        expect(await container.ended()).to.equal(0);
        expect((await container.logs()).out).to.equal("[] False\n");
        await container.remove();
    });
});
