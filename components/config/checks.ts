import { imagesForNodes } from "../workloads/checks/architecture";
import { oneRepository, productionApproval, triggerBuildsImages } from "../images/trigger/checks";
import { authorizedNetworksAreNarrow, knownLocations, publicEndpointIsGuarded } from "../cluster/checks";
import { egressHosts, egressNamespaces, egressRanges, oneDestination } from "../workloads/checks/egress";
import { knownRegion, namedProject, namedProduction } from "../project/checks";
import {
    cpuImagesAreAskedFor,
    derivedArguments,
    gpuImagesForAmd64,
    noSecretArguments,
    productionTakesReleases,
    readableCaBundle,
    releasesByDigest,
    releasesNameTheirVariant,
    variantAsBuilt,
} from "../images/checks";
import {
    autoscalingBounds,
    dutyCycleIsPercentage,
    dutyCycleWithoutSharing,
    freeServiceNames,
    oneScale,
    uniqueHosts,
    uniqueServices,
} from "../inference/checks";
import { maintenanceExclusions, maintenanceWindow } from "../cluster/maintenance-checks";
import { computeClassName, uniqueCapacities, uniqueNodePools, uniquePools } from "../cluster/pools/name-checks";
import { ownNamespaces } from "../workloads/checks/namespaces";
import { networkRanges } from "../cluster/network/checks";
import { compactPlacement, poolZones } from "../cluster/pools/zone-checks";
import {
    acceleratorOnMachine,
    driverOfAccelerator,
    flexStartFromZero,
    localSsds,
    notShutDown,
    obtainable,
    partitions,
    poolBounds,
    systemMachine,
    upgradeMoves,
} from "../cluster/pools/checks";
import { queuedCapacity, queuedRuns, queuedServices } from "../cluster/pools/queued-provisioning";
import { keyInItsLocation, uniqueMembers } from "../registry/checks";
import type { Rule } from "./rule";
import { memoryForSharedMemory, sharedStorage, spotGrace, tensorboardImage, uniqueClaims } from "../training/checks";
import { noDerivedVariables, noSecretVariables, tensorboardTracker } from "../workloads/checks/variables";
import {
    cpuFits,
    gpusFit,
    ephemeralStorageFits,
    memoryFits,
    neededSections,
    noMpsUnderRestricted,
    oneSharedGpu,
    poolExists,
    poolsSuffice,
} from "../workloads/checks/workloads";
import type { StackConfig } from "./stack";
import type { Reported } from "./problem";

/** Every rule, in the order in which its problems are reported. */
export const rules: readonly Rule[] = [
    namedProject,
    knownRegion,
    namedProduction,
    neededSections,
    oneRepository,
    triggerBuildsImages,
    productionApproval,
    productionTakesReleases,
    releasesByDigest,
    releasesNameTheirVariant,
    variantAsBuilt,
    cpuImagesAreAskedFor,
    derivedArguments,
    noSecretArguments,
    readableCaBundle,
    gpuImagesForAmd64,
    imagesForNodes,
    uniqueMembers,
    knownLocations,
    keyInItsLocation,
    publicEndpointIsGuarded,
    authorizedNetworksAreNarrow,
    networkRanges,
    maintenanceWindow,
    maintenanceExclusions,
    systemMachine,
    uniquePools,
    uniqueNodePools,
    computeClassName,
    uniqueCapacities,
    notShutDown,
    acceleratorOnMachine,
    driverOfAccelerator,
    obtainable,
    flexStartFromZero,
    queuedCapacity,
    partitions,
    localSsds,
    poolZones,
    compactPlacement,
    poolBounds,
    upgradeMoves,
    ownNamespaces,
    uniqueServices,
    freeServiceNames,
    uniqueClaims,
    poolExists,
    gpusFit,
    oneSharedGpu,
    noMpsUnderRestricted,
    cpuFits,
    memoryFits,
    ephemeralStorageFits,
    oneScale,
    autoscalingBounds,
    dutyCycleWithoutSharing,
    oneDestination,
    egressHosts,
    egressRanges,
    egressNamespaces,
    dutyCycleIsPercentage,
    uniqueHosts,
    memoryForSharedMemory,
    sharedStorage,
    queuedRuns,
    queuedServices,
    spotGrace,
    tensorboardImage,
    noDerivedVariables,
    noSecretVariables,
    tensorboardTracker,
    poolsSuffice,
];

/** What one rule reports of a configuration. */
export function reportsOf(rule: Rule, config: StackConfig): readonly Reported[] {
    const reports: Reported[] = [];
    rule(config, (key, problem, remedy, basis) => reports.push({ key, problem, remedy, basis }));
    return reports;
}

/**
 * Everything in a configuration that contradicts itself, or what Google Cloud offers: all rules run, none touches anything.
 *
 * @param guessed keys of invalid values, in place of which a valid one was checked; problems that depend on them, or on other fields of their list element, are not reported
 */
export function checkStack(config: StackConfig, guessed: readonly string[] = []): readonly Reported[] {
    const uncertain = new Set(guessed.map((key) => /^[^[]*\[\d+\]/.exec(key)?.[0] ?? key));
    const isUncertain = (key: string): boolean => uncertain.size > 0 && beginningsOf(key).some((beginning) => uncertain.has(beginning));
    return rules.flatMap((rule) => reportsOf(rule, config)).filter(({ key, basis = [] }) => ![key, ...basis].some(isUncertain));
}

/** The keys of everything that holds a value, and its own: `a.b[0]` is in `a` and `a.b`. */
const beginningsOf = (key: string): readonly string[] => [...Array.from(key.matchAll(/[.[]/g), ({ index }) => key.slice(0, index)), key];
