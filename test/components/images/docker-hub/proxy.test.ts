import { expect } from "chai";
import { throughProxy } from "../../../../components/images/docker-hub/proxy";
import { imagesWith, recipeOf } from "../../settings";

const PROXY = "us-central1-docker.pkg.dev/my-project/ml-images-virtual";
const inference = (baseImage?: string) => recipeOf("inference", imagesWith({ baseImage }));

describe("throughProxy", () => {
    it("passes the address of the proxy to the Dockerfile", () => {
        expect(throughProxy(inference(), PROXY).buildArgs).to.deep.equal({ ...inference().buildArgs, DOCKER_HUB: PROXY });
    });

    it("does not change the recipe without a proxy", () => {
        expect(throughProxy(inference("python:3.12-slim"), undefined)).to.deep.equal(inference("python:3.12-slim"));
    });

    const digest = `sha256:${"a".repeat(64)}`;
    for (const [given, expected] of [
        ["python:3.12-slim", `${PROXY}/library/python:3.12-slim`],
        [`python@${digest}`, `${PROXY}/library/python@${digest}`],
        ["nvidia/cuda:12.4.1-base-ubuntu22.04", `${PROXY}/nvidia/cuda:12.4.1-base-ubuntu22.04`],
        ["docker.io/library/python:3.12", `${PROXY}/library/python:3.12`],
        ["docker.io/python:3.12", `${PROXY}/library/python:3.12`],
        ["index.docker.io/nvidia/cuda:12", `${PROXY}/nvidia/cuda:12`],
        ["nvcr.io/nvidia/pytorch:24.05-py3", "nvcr.io/nvidia/pytorch:24.05-py3"],
        ["localhost/base:1", "localhost/base:1"],
        ["registry:5000/base:1", "registry:5000/base:1"],
    ] as const) {
        it(`pulls ${given} from ${expected}`, () => {
            expect(throughProxy(inference(given), PROXY).buildArgs.BASE_IMAGE).to.equal(expected);
        });
    }
});
