/** The files that each action, and each command of another project, writes into the checkout. Actions that write elsewhere (HOME, RUNNER_TEMP) have an empty list. */
export const LEFTOVERS: Readonly<Record<string, readonly string[]>> = {
    "actions/checkout": [],
    "actions/download-artifact": [], // into the checkout's folder, in a job without a checkout
    "actions/setup-node": [],
    "actions/upload-artifact": [],
    "docker/setup-buildx-action": [],
    // Not in RUNNER_TEMP, so that actions in containers find it: https://github.com/google-github-actions/auth#inputs-miscellaneous
    "google-github-actions/auth": ["gha-creds-0123456789abcdef.json"],
    "google-github-actions/setup-gcloud": [],
    "marocchino/sticky-pull-request-comment": [],
    "npm ci": ["node_modules/zod/package.json"],
    "npm start": [".sandbox/state/state.json"],
    "npx --no-install semantic-release": [],
    // Pulumi itself is in HOME; a policy pack's packages are in the pack.
    "pulumi/actions": ["policy/node_modules/@pulumi/policy/package.json"],
};
