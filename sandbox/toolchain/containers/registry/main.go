// The OCI registry with the one storage driver that a single machine needs, and with the tokens that Artifact Registry asks for: the command that the
// project ships links every cloud's storage client, which is most of its compile time.
package main

import (
	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/token"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	registry.RootCmd.Execute()
}
