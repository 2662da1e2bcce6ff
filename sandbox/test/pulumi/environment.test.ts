import { expect } from "chai";
import { homeOf } from "../../home";
import { pulumiEnvironment } from "../../pulumi/environment";

describe("pulumiEnvironment", () => {
    const home = homeOf("/somewhere/clone");

    it("keeps out what could reach a real cloud", () => {
        const caller = {
            GOOGLE_APPLICATION_CREDENTIALS: "/key.json",
            GOOGLE_PROJECT: "real",
            CLOUDSDK_CONFIG: "/gcloud",
            KUBECONFIG: "/home/me/.kube/config",
            HOME: "/home/me",
            PULUMI_ACCESS_TOKEN: "token",
            PULUMI_BACKEND_URL: "gs://real",
            DOCKER_CONFIG: "/home/me/.docker",
            AWS_ACCESS_KEY_ID: "key",
            GOOGLE_OAUTH_ACCESS_TOKEN: "a real token",
        };
        const environment = pulumiEnvironment(home, caller);
        expect(environment).to.not.have.any.keys(
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_PROJECT",
            "CLOUDSDK_CONFIG",
            "PULUMI_ACCESS_TOKEN",
            "AWS_ACCESS_KEY_ID",
        );
        expect(Object.values(environment).join("\n")).to.not.match(/\/key\.json|\breal\b|gcloud|home\/me|token$/m);
        // The sandbox's own, which it does not have yet.
        expect(environment.GOOGLE_OAUTH_ACCESS_TOKEN).to.equal("");
        expect(environment.KUBECONFIG).to.equal("/dev/null");
        expect(environment.PULUMI_BACKEND_URL).to.equal(`file://${home.run}/state?metadata=skip`);
    });

    it("passes on how to draw, how to reach the network, and how to work through an update", () => {
        const caller = {
            TERM: "xterm",
            HTTPS_PROXY: "http://proxy",
            no_proxy: "x",
            SSL_CERT_FILE: "/ca.pem",
            LC_ALL: "C.UTF-8",
            NO_COLOR: "1",
            PULUMI_PARALLEL: "4",
            PULUMI_SKIP_CHECKPOINTS: "true",
        };
        expect(pulumiEnvironment(home, caller)).to.include(caller);
    });

    it("trusts the simulated control planes in addition to what the machine trusts", () => {
        expect(pulumiEnvironment(home, {}).SSL_CERT_DIR).to.equal(`/etc/ssl/certs:${home.run}/authorities`);
        expect(pulumiEnvironment(home, { SSL_CERT_DIR: "/company" }).SSL_CERT_DIR).to.equal(`/company:${home.run}/authorities`);
    });
});
