// Package java holds the one type that the docker-build provider takes from Pulumi's Java code generator, to describe its Java SDK in its
// schema. The generator itself is not needed to run the provider, and its module is not served everywhere.
package java

// PackageInfo is the part of a schema that is meant for the Java code generator.
type PackageInfo struct {
	BuildFiles                      string            `json:"buildFiles,omitempty"`
	GradleNexusPublishPluginVersion string            `json:"gradleNexusPublishPluginVersion,omitempty"`
	Dependencies                    map[string]string `json:"dependencies,omitempty"`
}
