// The plugin's start. It is no TypeScript, because the engine starts plugins in the folder of the program that uses them, and Pulumi would take the compiler options,
// and a check of every type, from there.
"use strict";

require("tsx/cjs");
require("./main.ts");
