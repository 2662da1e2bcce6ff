import * as path from "node:path";
import { authoritiesFolder } from "../cluster/control-plane/authorities";
import type { Home } from "../home";
import { accessToken } from "../identity/access-token";
import { dockerConfig } from "../registry/docker-config";

/**
 * Variables of the caller that Pulumi and its plugins get: for the terminal, the network, and the course of an update. All others are left out, so that
 * no credential, kubeconfig or project of the user can be used by mistake.
 */
const PASSED_ON =
    /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|COLUMNS|CI|TZ|LANG|LC_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|PULUMI_(PARALLEL|SKIP_CHECKPOINTS))$/;

/** Environment of the Pulumi command line and, through it, of the program and the plugins. */
export function pulumiEnvironment(home: Home, caller: NodeJS.ProcessEnv): Record<string, string> {
    const passedOn = Object.entries(caller).filter(
        (entry): entry is [string, string] => PASSED_ON.test(entry[0]) && entry[1] !== undefined,
    );
    return {
        ...Object.fromEntries(passedOn),
        PATH: [home.tools, path.dirname(process.execPath), caller.PATH ?? ""].join(path.delimiter),
        HOME: path.join(home.run, "user"),
        TMPDIR: caller.TMPDIR ?? "/tmp",
        PULUMI_HOME: path.join(home.run, "pulumi"),
        // Without the metadata files that the backend writes next to each file of its state: a killed engine leaves one half written, and then no command
        // can read the state. https://pkg.go.dev/gocloud.dev/blob/fileblob
        PULUMI_BACKEND_URL: `file://${path.join(home.run, "state")}?metadata=skip`,
        // The state of a sandbox holds no secrets. With this passphrase, stacks do not ask for one.
        PULUMI_CONFIG_PASSPHRASE: "sandbox",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_OPTION_NON_INTERACTIVE: caller.CI === undefined ? "" : "true",
        DOCKER_CONFIG: dockerConfig(home),
        // Where the Google Cloud provider looks for credentials.
        GOOGLE_OAUTH_ACCESS_TOKEN: accessToken(home),
        // The program creates the only kubeconfig.
        KUBECONFIG: "/dev/null",
        SANDBOX_CLOUD_SOCKET: path.join(home.run, "cloud.sock"),
        // The machine's authorities, and those of the simulated control planes.
        SSL_CERT_DIR: [caller.SSL_CERT_DIR ?? "/etc/ssl/certs", authoritiesFolder(home)].join(path.delimiter),
        // A trace that cannot be sent in time makes a build fail that succeeded (moby/buildkit#6912).
        OTEL_TRACES_SAMPLER: "always_off",
        // The clone may belong to a user other than root.
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: home.clone,
    };
}
