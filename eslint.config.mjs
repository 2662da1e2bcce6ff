import { readFileSync, readdirSync } from "node:fs";
import { defineConfig, globalIgnores } from "eslint/config";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/**
 * Who may import whom: index.ts → components/ → k8s/ → gke/ ← sandbox/, and the sandbox and the program know nothing of each other. A component imports no sibling: what it needs of
 * another reaches it through its arguments, from index.ts, or from another program by components/plugin/.
 */
const directions = [
    {
        target: "./gke",
        from: ["./components", "./k8s", "./sandbox", "./policy", "./scripts", "./index.ts"],
        message: "gke/ holds facts about Google Cloud and look-ups in them; everything else may import it.",
    },
    {
        target: "./k8s",
        from: ["./components", "./sandbox", "./policy", "./scripts", "./index.ts"],
        message: "k8s/ holds pure functions: settings come in as arguments.",
    },
    {
        target: "./components",
        from: ["./sandbox", "./policy", "./scripts", "./index.ts"],
        message: "components/ imports k8s/ and its own plain modules only.",
    },
    {
        target: ["./components/*.ts", "./components/!(plugin)/**"],
        from: "./components/plugin",
        message: "The plugin offers the components to other programs; they know nothing of it.",
    },
    {
        target: ["./index.ts", "./components/plugin"],
        from: ["./k8s", "./sandbox", "./policy", "./scripts"],
        message: "index.ts and the plugin put components together; everything else is theirs.",
    },
    {
        target: "./index.ts",
        from: "./components/plugin",
        message: "index.ts makes the components itself.",
    },
    {
        target: "./sandbox",
        from: ["./components", "./k8s", "./policy", "./index.ts"],
        message: "The sandbox runs the program unchanged and knows nothing of it.",
    },
    {
        target: "./policy",
        from: ["./components", "./sandbox", "./index.ts"],
        message: "The policy pack judges resources, whoever made them.",
    },
    ...components().map((component) => ({
        target: component,
        from: components().filter((other) => other !== component),
        message: "A component imports no sibling component; index.ts hands it what it needs.",
    })),
];

/** The files that hold a Pulumi component. */
function components() {
    const folder = `${import.meta.dirname}/components`;
    return readdirSync(folder)
        .filter((file) => file.endsWith(".ts") && readFileSync(`${folder}/${file}`, "utf8").includes(" extends pulumi.ComponentResource "))
        .map((file) => `./components/${file}`);
}

export default defineConfig(
    globalIgnores([".sandbox/", "docker/", "node_modules/"]),
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
        languageOptions: { parserOptions: { project: "./tsconfig.check.json", tsconfigRootDir: import.meta.dirname } },
        plugins: { "import-x": importX },
        rules: {
            "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: directions }],
            "import-x/no-default-export": "error",
            "@typescript-eslint/consistent-type-imports": "error",
            // The other rule set forbids `!`; this one would ask for it.
            "@typescript-eslint/non-nullable-type-assertion-style": "off",
            // TypeScript's types are structural, and so are ours.
            "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
            "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
            "@typescript-eslint/no-unused-vars": [
                "error",
                { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
            ],
            // Numbers read well in a template; what does not is an object.
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
        files: ["test/**/*.ts"],
        rules: { "@typescript-eslint/no-unused-expressions": "off" },
    },
);
