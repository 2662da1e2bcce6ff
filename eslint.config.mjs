import { readFileSync, readdirSync } from "node:fs";
import { defineConfig, globalIgnores } from "eslint/config";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const COMPONENTS = `${import.meta.dirname}/components`;

/** Folders that each shared folder of components/ may import. A feature may import all of them. */
const SHARED = {
    "stack-file": ["config"],
    config: ["stack-file"],
    project: ["config", "stack-file"],
    workloads: ["config", "stack-file", "project"],
};

/**
 * Allowed imports: index.ts → components/ → k8s/ → gke/ ← sandbox/, bootstrap/. The sandbox, the bootstrap and the program do not import each other.
 * In components/, a feature imports the shared folders and the config.ts of other features. index.ts or components/plugin/ passes everything else
 * of another feature as arguments.
 */
const directions = [
    {
        target: "./gke",
        from: ["./components", "./k8s", "./bootstrap", "./sandbox", "./policy", "./scripts", "./index.ts"],
        message: "gke/ holds facts about Google Cloud and lookups in them. It imports nothing; everything else may import it.",
    },
    {
        target: "./k8s",
        from: ["./components", "./bootstrap", "./sandbox", "./policy", "./scripts", "./index.ts"],
        message: "k8s/ holds pure functions: settings come in as arguments.",
    },
    {
        target: "./components",
        from: ["./bootstrap", "./sandbox", "./policy", "./scripts", "./index.ts"],
        message: "components/ imports k8s/, gke/ and its own modules only.",
    },
    {
        target: "./components/!(plugin)/**",
        from: "./components/plugin",
        message: "The plugin offers the components to other programs. No component imports it.",
    },
    {
        target: "./components/plugin",
        from: "./k8s",
        message: "The plugin composes components and imports nothing else.",
    },
    {
        target: "./index.ts",
        from: ["./components/plugin", "./k8s", "./bootstrap", "./sandbox", "./policy", "./scripts"],
        message: "index.ts composes components and imports nothing else.",
    },
    {
        target: "./bootstrap",
        from: ["./components", "./k8s", "./sandbox", "./policy", "./scripts", "./index.ts"],
        message: "bootstrap/ is a separate program. It imports gke/ only.",
    },
    {
        target: "./sandbox",
        from: ["./components", "./k8s", "./bootstrap", "./policy", "./scripts", "./index.ts"],
        message: "The sandbox runs the program unchanged and imports nothing of it but gke/.",
    },
    {
        target: ["./sandbox/*.ts", "./sandbox/!(test)/**"],
        from: "./test",
        message: "Only the sandbox's tests import test helpers.",
    },
    {
        target: "./scripts",
        from: "./sandbox",
        message: "scripts/ holds commands for any environment. They run in the sandbox with `npm run sandbox -- run`.",
    },
    {
        target: "./policy",
        from: ["./components", "./bootstrap", "./sandbox", "./scripts", "./index.ts"],
        message: "The policy pack judges resources of any program.",
    },
    ...featureFolders().map((folder) => ({
        // The table of sections and the list of checks name those of every feature.
        target:
            folder === "config" ? ["./components/config/!(sections|checks).ts", "./components/config/*/**"] : `./components/${folder}/**`,
        from: `./components/!(${[folder, "plugin", ...(SHARED[folder] ?? Object.keys(SHARED))].join("|")})/**/!(config|egress-config).ts`,
        message: "A feature imports only the config.ts of another feature. What features share is in config/, project/ or workloads/.",
    })),
    ...componentFiles().map((component) => ({
        target: component,
        from: componentFiles().filter((other) => other !== component),
        message: "A component imports no other component. index.ts passes it what it needs.",
    })),
];

/** The folders of components/, except plugin/, which exports the components to other programs. */
function featureFolders() {
    return readdirSync(COMPONENTS, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !["node_modules", "plugin"].includes(entry.name))
        .map(({ name }) => name);
}

/** The files that define a Pulumi component. */
function componentFiles() {
    return featureFolders()
        .flatMap((folder) => readdirSync(`${COMPONENTS}/${folder}`, { recursive: true }).map((file) => `${folder}/${file}`))
        .filter(
            (file) => file.endsWith(".ts") && readFileSync(`${COMPONENTS}/${file}`, "utf8").includes(" extends pulumi.ComponentResource "),
        )
        .map((file) => `./components/${file}`);
}

export default defineConfig(
    globalIgnores([".bootstrap/", ".sandbox/", "docker/", "node_modules/"]),
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
        languageOptions: { parserOptions: { project: "./tsconfig.check.json", tsconfigRootDir: import.meta.dirname } },
        plugins: { "import-x": importX },
        rules: {
            "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: directions }],
            "import-x/no-default-export": "error",
            curly: "error",
            // Properties have the names of Google's and Kubernetes' APIs, and so has what is destructured from them.
            "@typescript-eslint/naming-convention": [
                "error",
                { selector: "default", format: ["camelCase"], leadingUnderscore: "allow" },
                { selector: "variable", format: ["camelCase", "UPPER_CASE"], leadingUnderscore: "allow" },
                { selector: "typeLike", format: ["PascalCase"] },
                { selector: ["property", "method", "import"], format: null },
                { selector: ["variable", "parameter"], modifiers: ["destructured"], format: null },
                { selector: ["variable", "parameter"], modifiers: ["unused"], format: null },
            ],
            "@typescript-eslint/consistent-type-imports": "error",
            // The strict rule set forbids `!`, which this rule would require.
            "@typescript-eslint/non-nullable-type-assertion-style": "off",
            // TypeScript's types are structural.
            "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
            "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
            "@typescript-eslint/no-unused-vars": [
                "error",
                { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
            ],
            // Numbers and booleans are readable in a template; objects are not.
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
        },
        settings: { "import-x/resolver": { node: { extensions: [".ts"] } } },
    },
    {
        files: ["k8s/**/*.ts"],
        rules: {
            "@typescript-eslint/no-restricted-imports": [
                "error",
                { patterns: [{ regex: "^[^.]", allowTypeImports: true, message: "k8s/ imports types only: it creates nothing." }] },
            ],
        },
    },
    {
        files: ["gke/**/*.ts"],
        rules: {
            "@typescript-eslint/no-restricted-imports": [
                "error",
                { patterns: [{ regex: "^[^.]", message: "gke/ is plain data: it imports no package." }] },
            ],
        },
    },
    {
        // chai's assertions are expressions.
        files: ["test/**/*.ts", "sandbox/test/**/*.ts"],
        rules: { "@typescript-eslint/no-unused-expressions": "off" },
    },
);
